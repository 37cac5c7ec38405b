import { z } from 'zod'
import { type FaultValue, failed, ok, type Result } from '../faults.ts'
import { type Instant, MINUTE, type Millis } from '../instant.ts'
import type { Calls } from './calls.ts'
import type { CallAsk } from './start-call.ts'

/** A call to many people that nobody has confirmed after this long is forgotten. */
const WAITS: Millis = 5 * MINUTE
/** More than this wait at no desk. */
const MOST = 10

/** Calls that wait for a second person, oldest first, as they are kept. */
const waitingSchema = z.array(
  z.object({
    id: z.string(),
    by: z.string(),
    at: z.number(),
    says: z.string(),
    ask: z.object({
      kind: z.string().optional(),
      to: z.string().optional(),
      place: z.string().optional(),
      text: z.string().optional(),
      from: z.string().optional(),
      press: z.string().optional(),
    }),
  }),
)
export type WaitingCall = z.infer<typeof waitingSchema>[number]

/** Where the store keeps them (notes). */
export const WAITING_KEY = 'calls/waiting'

/** Those that still wait. */
export function waitingNow(note: unknown, now: Instant): readonly WaitingCall[] {
  return (waitingSchema.safeParse(note).data ?? []).filter(({ at }) => at <= now && now < at + WAITS)
}

/** From then on the press counts for nothing. */
export const untilWhen = ({ at }: WaitingCall): Instant => at + WAITS

/** With one more, which stands in the place of the same press that was sent before. */
export function waitingWith(waiting: readonly WaitingCall[], one: WaitingCall): readonly WaitingCall[] {
  const { press } = one.ask
  const others = waiting.filter(({ ask }) => press === undefined || ask.press !== press)
  return [...others, one].slice(-MOST)
}

/**
 * Whether a mass call may go, and what it then is: a second operator sends what the first one asked for, word for word.
 * `wait`: it is to wait for somebody else.
 */
export function confirmed(
  ask: CallAsk,
  confirm: string | undefined,
  by: string,
  mass: Calls['mass'],
  waiting: readonly WaitingCall[],
): Result<{ readonly go: CallAsk; readonly used?: string } | 'wait', FaultValue> {
  if (confirm === undefined) return mass === 'held-press' ? failed('call-unconfirmed') : ok('wait')
  if (confirm === 'held') return mass === 'held-press' ? ok({ go: ask }) : failed('call-unconfirmed')
  const found = waiting.find(({ id }) => id === confirm)
  if (found === undefined) return failed('call-confirm-gone')
  if (found.by === by) return failed('call-confirm-other')
  return ok({ go: found.ask as CallAsk, used: found.id })
}
