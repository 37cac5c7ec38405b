import { printInstant } from '../../core/instant.ts'
import type { Desk } from '../../ports/desk.ts'
import { actorOf, allowed, type DeskParts, done } from './desk-parts.ts'

/** What is read afterwards or beside the calls: the state of the lines, and who did what. */
export function createRecords(parts: DeskParts): Pick<Desk, 'feeds' | 'audit' | 'reporting' | 'signedIn'> {
  const { store, trail } = parts
  return {
    reporting: (caller, name, format) =>
      allowed(parts, caller, 'reports.read', async () => {
        trail.did({ actor: actorOf(caller), action: 'report.read', subject: name, detail: { format } })
        return done(undefined)
      }),

    signedIn(operator, ok) {
      const known = parts.operators?.has(operator) ?? true
      // What a stranger types as a name may be anything, a password too.
      const actor = known ? operator : 'unknown'
      trail.did({ actor, action: 'session.open', subject: '', outcome: ok ? 'done' : 'refused' })
    },

    feeds: (caller) => allowed(parts, caller, 'feeds.read', async () => done(parts.found?.().feeds ?? [])),

    audit: (caller, since, limit) =>
      allowed(parts, caller, 'audit.read', async () => {
        const found = await store.transact((tx) => tx.audit.since(since, limit))
        return done({
          entries: found.map(({ seq, at, actor, action, subject, outcome, detail, salt, digest }) => ({
            ...{ seq, at: printInstant(at), actor, action, subject, outcome, digest },
            ...(detail === undefined ? {} : { detail }),
            ...(salt === undefined ? { erased: true } : {}),
          })),
        })
      }),
  }
}
