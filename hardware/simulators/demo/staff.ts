import type { Card } from '../../../src/core/desk/views.ts'
import { startPhone } from '../phone.ts'
import type { PushService } from '../push-service.ts'
import type { OnDuty, Operator } from './operator.ts'
import { pause } from './stop.ts'

/** Whose part a visitor plays: nearly every crash call asks for this one. */
export const GUEST_ROLE = 'Medical registrar'
/** How often it is looked who has come on duty, and whether a visitor has taken a phone. */
const LOOK_MS = 1000

export interface Staff {
  /** How many had a phone at the start. */
  readonly phones: number
  /** Somebody on duty now whose phone a visitor may be. */
  guest(): Promise<OnDuty>
  close(): Promise<void>
}

/**
 * One phone for everybody on duty, and for whoever comes on when a shift changes: most answer, one is out of reach, and
 * nobody hurries to call security back. A simulated owner keeps quiet once a visitor has taken that part.
 */
export async function startStaff(
  operator: Operator,
  to: { readonly base: string; readonly push: PushService; readonly vapidKey: string },
): Promise<Staff> {
  const closers = new Map<string, () => void>()
  let visitors: ReadonlySet<string> = new Set()

  async function enrolNewcomers(): Promise<void> {
    for (const { person, roles } of (await operator.onDuty()).values()) {
      if (closers.has(person)) continue
      const slow = (closers.size * 137) % 900
      const phone = await startPhone({
        ...to,
        person,
        code: await operator.code(person),
        temper: {
          unreachable: roles.includes('Paediatric SHO'),
          receives: 60 + (slow % 200),
          reads: 700 + slow,
          thinks: 500 + slow,
          answer: (alert) => (visitors.has(person) ? undefined : answerOf(alert)),
        },
      })
      closers.set(person, phone.close)
    }
  }

  const off = new AbortController()
  async function look(): Promise<void> {
    while (!off.signal.aborted) {
      await pause(LOOK_MS, off.signal)
      try {
        visitors = await operator.visitors()
        await enrolNewcomers()
      } catch {
        // The daemon was away for a moment, or has ended: the next look tells.
      }
    }
  }

  await enrolNewcomers()
  const looking = look()
  return {
    phones: closers.size,
    async guest() {
      const guest = [...(await operator.onDuty()).values()].find((who) => who.roles.includes(GUEST_ROLE))
      if (guest === undefined) throw new Error(`nobody is on as ${GUEST_ROLE}`)
      return guest
    },
    async close() {
      off.abort()
      await looking
      for (const close of closers.values()) close()
    },
  }
}

function answerOf(alert: Card): 'accepted' | 'call-back' | undefined {
  if (alert.kind === 'security') return undefined
  return alert.callBack === undefined ? 'accepted' : 'call-back'
}
