import { type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

const EVERY: Millis = 10 * SECOND

/** A break-glass account that is in use stands on the board and on `/readyz` for as long as somebody is in by it. */
export function startBreakGlassWatch(
  parts: LoopTools & { readonly store: Store },
): Loop & { troubles(): readonly Finding[] } {
  let inUse: readonly string[] = []
  const look = async (): Promise<void> => {
    const sessions = await parts.store.transact((tx) => tx.sessions.list(parts.clock.now()))
    inUse = [...new Set(sessions.filter((one) => one.breakGlass).map(({ who }) => who))].sort()
  }
  return {
    ...startLoop('break-glass-watch', [], EVERY, look, parts),
    troubles: () => inUse.map((who) => ({ code: 'break-glass-used', subject: who })),
  }
}
