import { concernsRole } from '../../core/alert/hand-over.ts'
import type { EditInput } from '../../core/directory/edits.ts'
import type { PersonId, RoleId } from '../../core/ids.ts'
import type { Caller, Outcome } from '../../ports/desk.ts'
import { actorOf, audit, type DeskParts } from './desk-parts.ts'

/** More open alerts than a hospital has in a year. */
const MOST = 100_000

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
  const open = await store.transact((tx) => tx.alerts.list({ phase: 'open', limit: MOST }))
  const at = clock.now()
  for (const alert of open) {
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
