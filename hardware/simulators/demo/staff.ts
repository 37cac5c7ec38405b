import type { Card } from '../../../src/core/desk/views.ts'
import { startPhone } from '../phone.ts'
import type { PushService } from '../push-service.ts'
import type { OnDuty, Operator } from './operator.ts'

/** Whose part a visitor plays: nearly every crash call asks for this one. */
export const GUEST_ROLE = 'Medical registrar'
/** How often it is looked whether a visitor has taken a phone. */
const LOOK_FOR_GUEST_MS = 3000

export interface Staff {
  readonly phones: number
  /** Somebody whose phone a visitor may be. */
  readonly guest: OnDuty
  close(): void
}

/**
 * One phone for everybody on duty: most answer, one is out of reach, and nobody hurries to call security back. The
 * guest's simulated phone keeps quiet once a visitor has taken that part.
 */
export async function enrolEverybody(
  operator: Operator,
  to: { readonly base: string; readonly push: PushService; readonly vapidKey: string },
): Promise<Staff> {
  const onDuty = [...(await operator.onDuty()).values()]
  const guest = onDuty.find((who) => who.roles.includes(GUEST_ROLE))
  if (guest === undefined) throw new Error(`nobody is on as ${GUEST_ROLE}`)
  let visited = false
  const look = async (): Promise<void> => {
    visited = await operator.hasVisitor(guest.person).catch(() => visited)
  }
  const watch = setInterval(() => void look(), LOOK_FOR_GUEST_MS)
  const closers = [() => clearInterval(watch)]
  const close = (): void => {
    for (const one of closers.splice(0)) one()
  }
  try {
    for (const [i, { person, roles }] of onDuty.entries()) {
      const slow = (i * 137) % 900
      const phone = await startPhone({
        ...to,
        person,
        code: await operator.code(person),
        temper: {
          unreachable: roles.includes('Paediatric SHO'),
          receives: 60 + (slow % 200),
          reads: 700 + slow,
          thinks: 500 + slow,
          answer: (alert) => (visited && person === guest.person ? undefined : answerOf(alert)),
        },
      })
      closers.push(phone.close)
    }
  } catch (error) {
    close()
    throw error
  }
  return { phones: onDuty.length, guest, close }
}

function answerOf(alert: Card): 'accepted' | 'call-back' | undefined {
  if (alert.kind === 'security') return undefined
  return alert.callBack === undefined ? 'accepted' : 'call-back'
}
