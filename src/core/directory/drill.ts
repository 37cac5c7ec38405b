import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { instantOf, parseDay } from './civil.ts'
import type { Directory } from './directory.ts'
import { isCrash } from './live.ts'

/** What is on record of somebody: when they last answered a real test ring, and what somebody else answers for instead. */
export const drillNote = z.object({
  at: z.number().optional(),
  waived: z.object({ by: z.string(), reason: z.string(), until: z.number() }).optional(),
})

/** Where the store keeps it (notes). */
export const drillKey = (person: PersonId): string => `drill-of/${person}`

/** `unasked`: the policy wants none. `waived`: somebody has said by name why they may do without. */
export type DrillState = 'unasked' | 'done' | 'waived' | 'undone'

/** Whether somebody has answered a test ring lately enough to take a crash role. */
export function drillOf(
  { trust, zone }: Pick<Directory, 'trust' | 'zone'>,
  person: PersonId,
  note: unknown,
  now: Instant,
): DrillState {
  const drill = trust?.drill
  if (drill === undefined) return 'unasked'
  const { at, waived } = drillNote.safeParse(note).data ?? {}
  if (at !== undefined && at <= now && at >= monthsBefore(now, drill.months, zone)) return 'done'
  const inFile = drill.waived.some((one) => one.person === person && now < endOf(one.until, zone))
  return inFile || (waived !== undefined && now < waived.until) ? 'waived' : 'undone'
}

/** Whether a role asks for it. */
export function wantsDrill({ trust, roles }: Pick<Directory, 'trust' | 'roles'>, role: RoleId): boolean {
  const known = roles.get(role)
  return trust?.drill !== undefined && known !== undefined && isCrash(known)
}

function monthsBefore(now: Instant, months: number, zone: string): Instant {
  const here = Temporal.Instant.fromEpochMilliseconds(Math.floor(now)).toZonedDateTimeISO(zone)
  return here.subtract({ months }).epochMilliseconds
}

/** The whole of its last day is in. */
const endOf = (day: string, zone: string): Instant => instantOf((parseDay(day) ?? 0) + 1, '00:00', zone)
