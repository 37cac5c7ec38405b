import type { Alert } from '../../core/alert/alert.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import { joinedTo } from '../../core/desk/joined.ts'
import type { Card } from '../../core/desk/views.ts'
import { permits } from '../../core/govern/permit.ts'
import type { Caller, Desk } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { allowed, audit, type DeskParts, done, readerOf, refuse } from './desk-parts.ts'

/** What was joined to a call and may be another, for whoever can take it apart. Looked up only where something was. */
export async function joinedCard(
  tx: Tx,
  { roster }: DeskParts,
  caller: Caller,
  alert: Alert,
  bleep: Bleep,
): Promise<Pick<Card, 'mayBeAnother'>> {
  if (caller.kind === 'device' || !permits(caller.access, 'alert.read')) return {}
  if (alert.repeats.length === 0 && bleep.sightings + bleep.repeats < 2) return {}
  const repeats = await Promise.all(alert.repeats.map((id) => tx.bleeps.get(id)))
  const sightings = await tx.bleeps.sightings(bleep.id)
  const known = repeats.filter((one) => one !== undefined)
  const joined = joinedTo(bleep, known, sightings, readerOf(caller, [], alert), roster.current())
  return joined.length === 0 ? {} : { mayBeAnother: [...joined] }
}

/** The one press that undoes it. */
export function createJoined(parts: DeskParts): Pick<Desk, 'separate'> {
  return {
    separate: (caller, id, joined) =>
      allowed(parts, caller, 'alert.manage', async () => {
        const by = caller.kind === 'operator' ? caller.operator : ''
        const own = await parts.separate?.(id, joined, { kind: 'switchboard', operator: by })
        await audit(parts, caller, 'alert.separated', id, own === undefined ? 'refused' : 'done')
        return own === undefined ? refuse('joined-unknown') : done({ alert: own.id })
      }),
  }
}
