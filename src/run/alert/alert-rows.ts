import type { Alert, AlertEffect, AlertEvent } from '../../core/alert/alert.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import type { Attempt } from '../../core/deliver/attempt.ts'
import type { InboxEntry } from '../../core/deliver/plan.ts'
import type { Hop } from '../../ports/measured.ts'
import type { Tx } from '../../ports/store.ts'
import type { Ahead, Asked } from '../deliver/ahead.ts'
import type { Ready } from '../deliver/outbox-rows.ts'

/** The alert as it stands after an event, and what the event asked for; no effects and the same version: ignored. */
export interface Applied {
  readonly alert: Alert
  readonly effects: readonly AlertEffect[]
  /** What was stored, in order; empty when the event was ignored. */
  readonly events: readonly AlertEvent[]
  /** The bleep, where hops were stamped: their times count from its first byte. */
  readonly bleep?: Bleep
  /** What goes to devices the moment all this is durable. */
  readonly going: readonly Ready[]
  /** Some attempts wait to be claimed. */
  readonly left: boolean
}

/** What an event comes to before it is written: an alert, its attempts with their devices, and what these must find. */
export interface Work extends Pick<Applied, 'alert' | 'effects' | 'events'> {
  readonly asked: readonly Asked[]
  /** By radio: addressed by the page itself. */
  readonly onAir: readonly Attempt[]
  readonly inbox: readonly InboxEntry[]
}

/** Everything the move asks for, in the transaction that makes it. */
export async function keep(
  tx: Tx,
  { alert, effects, asked, onAir, inbox, events }: Work,
  bleep: Bleep | undefined,
  ahead: Ahead | undefined,
): Promise<Pick<Applied, 'going' | 'left'>> {
  const receipt = events[0]?.kind === 'receipt' ? events[0] : undefined
  const touched = new Set(effects.flatMap((e) => (e.kind === 'due' || e.kind === 'forget' ? [e.name] : [])))
  const gone = [...touched].filter((name) => alert.due[name] === undefined)
  if (alert.phase === 'closed') await tx.due.forget(alert.id, 'all')
  else await tx.due.forget(alert.id, gone)
  await tx.due.set(
    [...touched].flatMap((name) => {
      const at = alert.due[name]
      return at === undefined ? [] : [{ alert: alert.id, name, at }]
    }),
  )
  const at = events[0]!.at
  await tx.inbox.add(inbox)
  await tx.hops.stamp(
    effects.flatMap((e): readonly Hop[] => {
      if (e.kind !== 'hop') return []
      return [
        {
          bleep: alert.bleep,
          alert: alert.id,
          hop: e.hop,
          at,
          class: alert.plan.class,
          clock: 'ours',
          ...(e.person ? { person: e.person } : {}),
          ...(receipt ? { attempt: receipt.attempt } : {}),
        },
      ]
    }),
  )
  await tx.attempts.add(onAir)
  const going = ahead && bleep ? await ahead.store(tx, asked, bleep, at) : []
  if (!ahead || !bleep) await tx.attempts.add(asked.map(({ attempt }) => attempt))
  return { going, left: onAir.length > 0 || going.length < asked.length }
}

/** An ignored due event had a row that the alert does not know so: the row follows the alert, or it would come for ever. */
export async function mendDue(tx: Tx, alert: Alert, event: AlertEvent): Promise<void> {
  if (event.kind !== 'due') return
  const at = alert.due[event.name]
  if (at === undefined) await tx.due.forget(alert.id, [event.name])
  else await tx.due.set([{ alert: alert.id, name: event.name, at }])
}
