import { findIana } from 'windows-iana'
import { instantOfFace, isZone } from '../../core/directory/civil.ts'
import { HOUR, MINUTE, type Millis } from '../../core/instant.ts'

const REGIONS = ['Europe', 'America', 'Asia', 'Africa', 'Australia', 'Atlantic', 'Pacific', 'Indian'] as const

/** What Windows calls a zone without naming a city, by the word before its `Time`. */
const BARE: Readonly<Record<string, string>> = {
  ...{ universal: 'UTC', atlantic: 'America/Halifax', eastern: 'America/New_York' },
  ...{ central: 'America/Chicago', mountain: 'America/Denver', pacific: 'America/Los_Angeles' },
}

/**
 * The IANA zone behind a name that Windows or Outlook gives one: its key (`GMT Standard Time`, by the table of Unicode
 * CLDR; `GMT Standard Time 1` where a file holds several), the name that people are shown
 * (`(UTC+00:00) Dublin, Edinburgh, Lisbon, London`), Exchange's own name of UTC. A city counts only where its zone has the
 * offset that the name says; anything else stays unknown, so that nobody's night is shifted by a guess.
 */
export function windowsZone(text: string): string | undefined {
  const name = text.trim()
  if (/^tzone:\/\/Microsoft\/Utc$/i.test(name)) return 'UTC'
  const [known] = [...findIana(name), ...findIana(name.replace(/ \d+$/, ''))].filter(isZone)
  if (known !== undefined) return known
  const [, sign, hours = '0', minutes = '0', rest = ''] =
    /^\((?:UTC|GMT)(?:([+-])(\d\d?):?(\d\d))?\)\s*(.+)$/i.exec(name) ?? []
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE)
  // Older systems put a name of the zone before its cities.
  const cities = rest.replace(/^.*:/, '').replace(/\(.*?\)/g, '')
  const zones = cities.split(',').flatMap((city) => zonesOf(city.trim()))
  return zones.find((zone) => offsetOf(zone) === offset)
}

function zonesOf(city: string): readonly string[] {
  const bare = BARE[/(\w+) time$/i.exec(city)?.[1]?.toLowerCase() ?? '']
  if (bare !== undefined) return [bare]
  return REGIONS.map((region) => `${region}/${city.replaceAll(' ', '_')}`).filter(isZone)
}

/** Without summer time, which these names leave out. */
function offsetOf(zone: string): Millis {
  const faces = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)]
  return Math.min(...faces.map((face) => face - instantOfFace(face, zone)))
}
