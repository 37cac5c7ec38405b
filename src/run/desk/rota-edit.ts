import { concernsRole } from '../../core/alert/hand-over.ts'
import type { EditInput } from '../../core/directory/edits.ts'
import type { PersonId, RoleId } from '../../core/ids.ts'
import type { Caller, Outcome } from '../../ports/desk.ts'
import { everyOpen } from '../every-open.ts'
import { actorOf, audit, type DeskParts } from './desk-parts.ts'

/** Stores a change of who does what, on the record whatever became of it. */
export async function editRota(
  parts: DeskParts,
  caller: Caller,
  change: EditInput,
): Promise<Outcome<string>> {
  const made = await parts.roster.edit(actorOf(caller), change)
  const subject = 'role' in change ? change.role : 'person' in change ? change.person : ''
  await audit(parts, caller, `rota.${change.kind}`, subject, made.ok ? 'done' : 'refused')
  return made
}

/** Open alerts move with a role that has changed hands. */
export async function moveAlerts(
  { store, clock, alerts }: DeskParts,
  role: RoleId,
  from: PersonId | undefined,
  to: PersonId,
): Promise<void> {
  const at = clock.now()
  for await (const alert of everyOpen(store)) {
    if (!concernsRole(alert, role)) continue
    await alerts.apply(alert.id, {
      kind: 'handed-over',
      at,
      role,
      ...(from === undefined ? {} : { from }),
      to,
    })
  }
}
