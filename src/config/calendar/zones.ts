import { instantOfFace, isZone } from '../../core/directory/civil.ts'
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Zone, Zones } from './face.ts'
import { allOf, firstOf, type Part } from './lines.ts'
import { expand } from './recur.ts'
import { readRule } from './rule.ts'
import { readStamp } from './stamp.ts'
import { windowsZone } from './windows-name.ts'

const YEAR = 366 * 24 * HOUR

/**
 * The zones a calendar names. By the IANA name wherever one can be made out (the name itself, Outlook's own names by the
 * table of Unicode CLDR, a name behind some program's prefix), so that a stale VTIMEZONE block cannot shift a night; by the
 * block of the file for every other name.
 * @param now the block is worked out from two years before to three years after it
 */
export function zonesOf(site: string, blocks: readonly Part[], now: Instant): Zones {
  const known = new Map<string, Zone | undefined>()
  const siteZone = ianaZone(site)
  const utc: Zone = { name: 'UTC', instantOf: (face) => face }
  const zones: Zones = {
    site: siteZone,
    utc,
    named(tzid) {
      if (!known.has(tzid)) known.set(tzid, find(tzid))
      return known.get(tzid)
    },
  }
  const find = (tzid: string): Zone | undefined => {
    const block = blocks.find((b) => firstOf(b, 'TZID')?.value.trim() === tzid)
    const location = block && firstOf(block, 'X-LIC-LOCATION')?.value.trim()
    const name = ianaName(tzid) ?? (location === undefined ? undefined : ianaName(location))
    if (name !== undefined) return ianaZone(name)
    return block && blockZone(tzid, block, zones, now)
  }
  return zones
}

function ianaName(text: string): string | undefined {
  if (isZone(text)) return text
  const windows = windowsZone(text)
  if (windows !== undefined) return windows
  const [, tail] = /^\/.*\/([A-Za-z]+\/[A-Za-z_+-]+(?:\/[A-Za-z_]+)?)$/.exec(text) ?? []
  return tail !== undefined && isZone(tail) ? tail : undefined
}

const ianaZone = (name: string): Zone => ({ name, instantOf: (face) => instantOfFace(face, name) })

interface Onset {
  readonly at: Instant
  readonly before: Millis
  readonly after: Millis
}

/** A zone by its VTIMEZONE block (RFC 5545 clause 3.6.5). `undefined` where any of it cannot be read. */
function blockZone(name: string, block: Part, zones: Zones, now: Instant): Zone | undefined {
  const onsets: Onset[] = []
  for (const part of block.parts) {
    const [from, to] = [offsetOf(part, 'TZOFFSETFROM'), offsetOf(part, 'TZOFFSETTO')]
    const begins = firstOf(part, 'DTSTART')
    const start = begins && readStamp({ ...begins, params: new Map() }, zones)
    if (from === undefined || to === undefined || start === undefined || typeof start === 'string')
      return undefined
    const faces = [start.face]
    for (const { value } of allOf(part, 'RRULE')) {
      const rule = readRule(value)
      if (typeof rule === 'string') return undefined
      const until =
        rule.until && readStamp({ name: 'UNTIL', params: new Map(), value: rule.until, line: 0 }, zones)
      if (typeof until === 'string') return undefined
      const last = Math.min(now + 3 * YEAR, until ? until.face + from : Infinity)
      faces.push(...expand(rule, start.face, now - 2 * YEAR, last))
    }
    for (const property of allOf(part, 'RDATE'))
      for (const value of property.value.split(',')) {
        const more = readStamp({ ...property, params: new Map() }, zones, value)
        if (typeof more === 'string') return undefined
        faces.push(more.face)
      }
    onsets.push(...faces.map((face) => ({ at: face - from, before: from, after: to })))
  }
  onsets.sort((a, b) => a.at - b.at)
  const [first] = onsets
  if (first === undefined) return undefined
  return {
    name,
    instantOf(face) {
      const last = onsets.findLast((o) => o.at + Math.max(o.before, o.after) <= face)
      return face - (last === undefined ? first.before : last.after)
    },
  }
}

function offsetOf(part: Part, name: string): Millis | undefined {
  const [, sign, h, m, s = '0'] =
    /^([+-])(\d\d)(\d\d)(\d\d)?$/.exec(firstOf(part, name)?.value.trim() ?? '') ?? []
  if (sign === undefined) return undefined
  const size = Number(h) * HOUR + Number(m) * MINUTE + Number(s) * SECOND
  return sign === '-' ? -size : size
}
