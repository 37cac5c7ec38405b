import { DAY, type Instant, type Millis } from '../../core/instant.ts'
import type { Caller, Desk } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { actorOf, type DeskParts } from './desk-parts.ts'

/** Console sessions that were ended before their time, by name. */
const NOTE = 'session-ended/'
/** After the end of a session nothing of it need be known. */
const KEPT: Millis = 2 * DAY
/** A board looks several times a second; the database is asked this often. Another node's word is that late. */
const KNOWN_FOR: Millis = 2000
interface Seen {
  used: Instant
  asked: Instant
  ended: boolean
  /** It was left alone for so long that words are hidden until somebody signs in again. */
  shut?: boolean
}

/** Whether a console session still stands: it ends on the server when its operator signs out or leaves it alone. */
export function createSessionDesk(parts: DeskParts): Pick<Desk, 'signedOut' | 'sessionStands'> {
  const { store, clock, trail } = parts
  const seen = new Map<string, Seen>()

  const end = async (caller: Caller, why: string): Promise<void> => {
    const { session, until = Number.NEGATIVE_INFINITY } = operating(caller)
    trail.did({ actor: actorOf(caller), action: why, subject: '' })
    if (session === undefined) return
    const now = clock.now()
    seen.set(session, { used: now, asked: now, ended: true })
    await store.transact(async (tx) => {
      await forgetOld(tx, now)
      await tx.sessions.end(session)
      if (until > now) await tx.notes.set(`${NOTE}${session}`, {}, until)
    })
  }

  const lookUp = async (session: string, now: Instant): Promise<Seen> => {
    const known = seen.get(session) ?? { used: now, asked: Number.NEGATIVE_INFINITY, ended: false }
    seen.set(session, known)
    if (known.ended || (now - known.asked < KNOWN_FOR && now >= known.asked)) return known
    const noted = await store.transact((tx) => tx.notes.get(`${NOTE}${session}`))
    known.ended = noted !== undefined || (await parts.standsFor?.(session)) === false
    known.asked = now
    for (const [name, { asked }] of seen) if (now - asked > KEPT) seen.delete(name)
    return known
  }

  return {
    signedOut: (caller) => end(caller, 'session.end'),
    async sessionStands(caller, used) {
      const { session, access } = operating(caller)
      if (session === undefined || access === undefined) return 'stands'
      const now = clock.now()
      const known = await lookUp(session, now)
      if (known.ended) return 'ended'
      // Whoever comes back too late finds it ended; coming back does not renew it.
      const alone = now - known.used
      if (used !== undefined && used <= now) known.used = Math.max(known.used, used)
      if (alone > (parts.idle?.[access] ?? Number.POSITIVE_INFINITY)) {
        await end(caller, 'session.idle')
        return 'ended'
      }
      if (!known.shut && alone > (parts.shutAfter?.[access] ?? Number.POSITIVE_INFINITY)) {
        known.shut = true
        trail.did({ actor: actorOf(caller), action: 'session.shut', subject: '' })
      }
      return known.shut ? 'shut' : 'stands'
    },
  }
}

function operating(caller: Caller): Partial<Extract<Caller, { kind: 'operator' }>> {
  return caller.kind === 'operator' ? caller : {}
}

async function forgetOld(tx: Tx, now: Instant): Promise<void> {
  for (const { key, at } of await tx.notes.list(NOTE)) if (now - at > KEPT) await tx.notes.forget(key)
}
