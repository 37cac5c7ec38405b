import { printInstant } from '../core/instant.ts'
import type { Desk } from '../ports/desk.ts'
import { allowed, type DeskParts, done } from './desk-parts.ts'

/** What is read afterwards or beside the calls: the state of the lines, and who did what. */
export function createRecords(parts: DeskParts): Pick<Desk, 'feeds' | 'audit'> {
  const { store } = parts
  return {
    feeds: (caller) => allowed(parts, caller, 'feeds.read', async () => done(parts.feeds?.() ?? [])),

    audit: (caller, since) =>
      allowed(parts, caller, 'audit.read', async () => {
        const found = await store.transact((tx) => tx.audit.since(since, 200))
        return done({
          entries: found.map(({ seq, at, actor, action, subject, outcome, digest }) => ({
            seq,
            at: printInstant(at),
            actor,
            action,
            subject,
            outcome,
            digest,
          })),
        })
      }),
  }
}
