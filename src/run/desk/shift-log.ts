import { SHIFT_LOG_HOURS, shiftLogSteps } from '../../core/desk/shift-log.ts'
import type { Card } from '../../core/desk/views.ts'
import { given } from '../../core/given.ts'
import { HOUR, type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import type { Caller, Desk } from '../../ports/desk.ts'
import { DEFECT, DEFECT_OVER } from '../../ports/log.ts'
import { writtenMark } from '../../ports/page-mark.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { inSlices, restful } from '../slices.ts'
import { allowed, type DeskParts, done } from './desk-parts.ts'

const EVERY: Millis = MINUTE
const FAULT = 'shift-log-unwritten'
/** More than this nobody reads or prints; a sheet that leaves calls out says so. */
const MOST = 3000
/** Of those open from before, at once: a millisecond. */
const AT_ONCE = 5
/** Nobody waits for the sheet as they do for a page. */
const RESTS = 2

/** The daemon itself, writing the sheet that the switchboard reads when nothing else can be read. */
export const OURSELVES: Caller = { kind: 'operator', access: 'switchboard', operator: 'bleepd' }

/** The switchboard's sheet of the last day, and of whatever is open from before it. */
export function createShiftLog(
  { roster, clock, ...parts }: DeskParts,
  { find, board }: Pick<Desk, 'find' | 'board'>,
): Pick<Desk, 'shiftLog'> {
  const form: Intl.DateTimeFormatOptions = {
    timeZone: 'Europe/London',
    ...{ day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }
  const civil = new Intl.DateTimeFormat('en-GB', form)
  /** A day that the clocks changed in has an hour twice, or one that is missing. */
  const named = new Intl.DateTimeFormat('en-GB', { ...form, timeZoneName: 'short' })

  /** The newest first. A search comes in pages, and a large hospital has more calls in a day than one of them holds. */
  const ofTheDay = async (caller: Caller, from: Instant) => {
    const calls: Card[] = []
    let cursor: string | undefined
    do {
      const found = await find(caller, { from, ...given({ cursor }) })
      if (!found.ok) return found
      calls.push(...found.value.alerts)
      cursor = found.value.cursor
    } while (cursor !== undefined && calls.length < MOST)
    return done({ calls, cursor })
  }

  /** What is open of the calls before these: where a day has more than a sheet holds, of that day as well. */
  const openBefore = async (caller: Caller, before: string) => {
    const calls: Card[] = []
    const rest = restful(clock, RESTS)
    let cursor: string | undefined = before
    while (cursor !== undefined && calls.length < MOST) {
      const part = await board(caller, { phase: 'open', cursor, limit: AT_ONCE })
      if (!part.ok) return part
      calls.push(...part.value.alerts)
      cursor = part.value.cursor
      await rest()
    }
    return done({ calls, cursor })
  }

  return {
    shiftLog: (caller, bare = false) =>
      allowed({ roster, clock, ...parts }, caller, 'alert.read', async () => {
        const now = clock.now()
        const before = now - SHIFT_LOG_HOURS * HOUR
        const day = await ofTheDay(caller, before)
        if (!day.ok) return day
        const { cursor } = day.value
        const older = await openBefore(caller, cursor ?? writtenMark({ at: before, id: '0' }))
        if (!older.ok) return older
        const whole = cursor === undefined && older.value.cursor === undefined
        const all = [...day.value.calls, ...older.value.calls]
        const { name } = roster.current().site
        const changed = civil.format(before).slice(-8) !== civil.format(now).slice(-8)
        const sheet = shiftLogSteps({
          ...{ site: name, now, whole, cards: bare ? all.map(withoutWords) : all },
          clock: (at) => (changed ? named : civil).format(new Date(at)),
        })
        return done(await inSlices(sheet, restful(clock, RESTS)))
      }),
  }
}

/** As it may leave the hospital's own screens: no words of a page, no telephone of staff. */
function withoutWords({ words: _, unclear: __, ...card }: Card): Card {
  return {
    ...card,
    responders: card.responders.map(({ phone: ___, ...r }) => r),
    missing: card.missing.map(({ people: ____, ...m }) => m),
  }
}

/** Writes one sheet into every place; gives what failed by its place, counted from 1. */
export type KeepSheet = (page: string) => Promise<ReadonlyMap<number, unknown>>

/** Writes the sheet each minute. A place that cannot be written stands on `/readyz` until it can; the others go on. */
export function startShiftLog(desk: Pick<Desk, 'shiftLog'>, keep: KeepSheet, tools: LoopTools): Loop {
  const failing = new Set<number>()
  return startLoop(
    'shift-log',
    [],
    EVERY,
    async () => {
      const made = await desk.shiftLog(OURSELVES)
      if (!made.ok) return
      const failed = await keep(made.value)
      for (const [place, error] of failed) {
        if (failing.has(place)) continue
        failing.add(place)
        tools.metrics.count('bleepbridge_faults_total', { fault: FAULT })
        tools.log.error(DEFECT, { fault: FAULT, subject: `place ${place}`, error })
      }
      for (const place of failing) {
        if (failed.has(place)) continue
        failing.delete(place)
        tools.log.info(DEFECT_OVER, { fault: FAULT, subject: `place ${place}` })
      }
    },
    tools,
  )
}
