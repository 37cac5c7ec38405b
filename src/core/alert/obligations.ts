import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Alert } from './alert.ts'

/** What is to come for an open alert: a due time, or the reason why there is none. */
export type Future =
  | { readonly kind: 'due'; readonly name: string; readonly at: Instant }
  | { readonly kind: 'waiting'; readonly reason: ReasonCode }
  | { readonly kind: 'closed' }
  | { readonly kind: 'none' }

/** The next thing that will happen by itself. `none` must never be seen: the auditor looks for it. */
export function futureOf(alert: Pick<Alert, 'phase' | 'due' | 'waiting'>): Future {
  if (alert.phase === 'closed') return { kind: 'closed' }
  const [next] = Object.entries(alert.due).sort(([, a], [, b]) => a - b)
  if (next) return { kind: 'due', name: next[0], at: next[1] }
  return alert.waiting ? { kind: 'waiting', reason: alert.waiting } : { kind: 'none' }
}
