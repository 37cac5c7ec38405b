import type { Alert, AlertEvent } from '../../core/alert/alert.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import type { Hop, Tx } from '../../ports/store.ts'
import type { Ahead } from '../deliver/ahead.ts'
import type { Applied, Work } from './alerts.ts'

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
