import type { CivilDay } from '../../core/directory/civil.ts'
import { DAY, type Instant } from '../../core/instant.ts'

/** What a clock on the wall shows: milliseconds since 1970-01-01 00:00 by that clock, so that it counts and compares. */
export type Face = number

export const dayOf = (face: Face): CivilDay => Math.floor(face / DAY)

/** Where a clock hangs: the instant at which it shows a face, by the rules of `core/directory/civil.ts`. */
export interface Zone {
  readonly name: string
  readonly instantOf: (face: Face) => Instant
}

export interface Zones {
  /** Of times that name no zone. */
  readonly site: Zone
  readonly utc: Zone
  readonly named: (tzid: string) => Zone | undefined
}
