import type { RoleId } from '../ids.ts'
import type { Alert, AlertEvent } from './alert.ts'
import { holdersOf, ring } from './asking.ts'
import { callAttention, change, type Draft, deliver, setResponder, tell } from './draft.ts'
import { isPending, responderOf } from './responder.ts'

/** Whether a role is anything to this call: somebody was asked for it, or it is needed. */
export function concernsRole(alert: Alert, role: RoleId): boolean {
  return (
    Object.values(alert.responders).some((r) => r.roles.includes(role)) ||
    alert.plan.need.some((n) => n.role === role)
  )
}

/**
 * A role changed hands. The new holder is rung and has a clock of their own. Who had it is stood down, unless they are
 * coming already, since cover is never given up for a promise, or are asked for another role as well.
 */
export function handedOver(d: Draft, e: Extract<AlertEvent, { kind: 'handed-over' }>): void {
  if (!concernsRole(d.alert, e.role) || e.from === e.to) {
    d.ignored = true
    return
  }
  const from = e.from && responderOf(d.alert, e.from)
  if (from && isPending(from)) {
    const left = from.roles.filter((role) => role !== e.role)
    if (left.length > 0) setResponder(d, { ...from, roles: left })
    else {
      setResponder(d, { ...from, state: 'stood-down', since: d.at, changed: d.alert.revision })
      deliver(d, from.person, 'stand-down', 0, 'handed-over')
    }
  }
  ring(d, { person: e.to, roles: [e.role] }, 'handed-over')
  change(d, { gaps: d.alert.gaps.filter((role) => role !== e.role) })
  tell(d, 'switchboard', 'info', 'handed-over', [e.role])
}

/**
 * Somebody left the hospital while a call was open. Whatever they had answered counts no more; whoever holds their roles
 * now is rung, and the switchboard is told.
 */
export function left(d: Draft, e: Extract<AlertEvent, { kind: 'left' }>): void {
  const r = d.alert.responders[e.person]
  if (!r || r.released || r.state === 'stood-down') {
    d.ignored = true
    return
  }
  setResponder(d, { ...r, state: 'stood-down', released: true, since: d.at, changed: d.alert.revision })
  callAttention(d, 'prompt', 'holder-left', r.roles)
  for (const role of r.roles)
    for (const c of holdersOf(d, { kind: 'role', role }))
      if (d.alert.responders[c.person] === undefined) ring(d, c, 'holder-left')
}
