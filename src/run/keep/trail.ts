import type { AuditEntry } from '../../core/govern/audit.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Store } from '../../ports/store.ts'
import { type LoopTools, startLoop } from '../loop.ts'

/**
 * What people look at and do, on its way to the audit: nobody's screen waits for it, and it is on disk within a second.
 * What must be on the record before it is answered goes there by itself (`audit` in desk-parts.ts).
 */
export interface Trail {
  /**
   * Somebody was shown what the subject says. It goes on the record once in a quarter of an hour for each person and
   * subject.
   */
  looked(actor: string, action: string, subject: string): void
  /** Somebody was refused what their role may not do: once a minute for each of them and each act, however often they try. */
  refused(actor: string, action: string): void
  did(act: Omit<AuditEntry, 'at' | 'outcome'> & Partial<Pick<AuditEntry, 'outcome'>>): void
  /** Settles when what was told so far is stored. */
  flush(): Promise<void>
  stop(): Promise<void>
}

/** A refusal within this time of the last one is the same try. */
const TRIED_AGAIN: Millis = MINUTE
/** A look within this time of the last one is the same look. */
const AGAIN: Millis = 15 * MINUTE
/** Looks remembered; beyond it the oldest are forgotten, and the same look may be on the record twice. */
const REMEMBERED = 20_000
/** Entries that may wait for a database that is away; beyond it the oldest are dropped and counted. */
const MOST_WAITING = 20_000
const BATCH = 100

export function startTrail(parts: LoopTools & { readonly store: Store }): Trail {
  const { store, clock, metrics } = parts
  const seen = new Map<string, Instant>()
  let waiting: AuditEntry[] = []

  const add = (entry: AuditEntry): void => {
    waiting.push(entry)
    if (waiting.length <= MOST_WAITING) return
    waiting.shift()
    metrics.count('bleepbridge_audit_total', { outcome: 'dropped' })
  }

  /** Not again within a time for the same person and the same thing. */
  const once = (act: Omit<AuditEntry, 'at'>, within: Millis): void => {
    const at = clock.now()
    const key = `${act.outcome}\n${act.actor}\n${act.action}\n${act.subject}`
    const last = seen.get(key)
    if (last !== undefined && at - last < within && at >= last) return
    seen.delete(key)
    seen.set(key, at)
    if (seen.size > REMEMBERED) seen.delete(seen.keys().next().value ?? key)
    add({ at, ...act })
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, BATCH)
      await store.transact(async (tx) => {
        for (const entry of some) await tx.audit.append(entry)
      })
      waiting = waiting.slice(some.length)
      for (const { outcome } of some) metrics.count('bleepbridge_audit_total', { outcome })
    }
  }

  const loop = startLoop('trail', [], SECOND, flush, parts)
  return {
    flush,
    looked: (actor, action, subject) => once({ actor, action, subject, outcome: 'done' }, AGAIN),
    refused: (actor, action) => once({ actor, action, subject: '', outcome: 'refused' }, TRIED_AGAIN),
    did: (act) => add({ at: clock.now(), outcome: 'done', ...act }),
    async stop() {
      await loop.stop()
      await flush()
    },
  }
}
