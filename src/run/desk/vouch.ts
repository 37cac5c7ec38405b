import { type ClaimRules, whoIs } from '../../core/identity/claims.ts'
import type { Session } from '../../core/identity/session.ts'
import { DAY, MINUTE, type Millis } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Outcome } from '../../ports/desk.ts'
import type { Away, Provider } from '../../ports/provider.ts'
import type { Random } from '../../ports/random.ts'
import type { Store } from '../../ports/store.ts'
import type { Back, Errand, Vouch } from '../../ports/vouch.ts'
import type { Trail } from '../keep/trail.ts'
import type { Roster } from '../roster.ts'
import { done, refuse } from './desk-parts.ts'
import { newCode, plain } from './enrol-codes.ts'
import { PERSON } from './sign-in.ts'

export interface VouchParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly trail: Trail
  readonly roster: Pick<Roster, 'current'>
  readonly provider: Provider
  readonly rules: ClaimRules
  readonly title: string
  readonly phones: boolean
  readonly lasts: Millis
  /** Where the provider sends people back to. */
  readonly back: string
  readonly sign: (text: string) => string
  readonly digest: (secret: string) => string
}

/** As long as somebody may take at the provider. */
const AWAY: Millis = 15 * MINUTE
/** The phone that came back enrols at once. */
const CODE_LASTS: Millis = 5 * MINUTE
/** A sign-in that we asked for again must be a new one. */
const ANEW: Millis = 5 * MINUTE
const LOGGED_OUT = 'logged-out/'

interface Kept extends Away {
  readonly errand: Errand
  readonly again: boolean
  readonly until: number
}

export function createVouch(parts: VouchParts): Vouch {
  const { store, clock, random, trail, roster, provider, rules, sign, digest } = parts
  const secret = (bytes: number) => Buffer.from(random.bytes(bytes)).toString('base64url')

  const pack = (kept: Kept): string => {
    const body = Buffer.from(JSON.stringify(kept)).toString('base64url')
    return `${body}.${sign(`away\n${body}`)}`
  }
  const unpack = (text: string): Kept | undefined => {
    const [body, mac] = text.split('.')
    if (body === undefined || mac !== sign(`away\n${body}`)) return undefined
    // Only we can have written it.
    const kept: Kept = JSON.parse(Buffer.from(body, 'base64url').toString())
    return kept.until > clock.now() ? kept : undefined
  }
  const away = (code: 'provider-refused' | 'sign-in-no-role' | 'sign-in-no-person', who = 'unknown') => {
    trail.did({ actor: who, action: 'session.open', subject: '', outcome: 'refused', detail: { code } })
    return refuse(code)
  }

  return {
    title: parts.title,
    phones: parts.phones,

    async begin(errand, again) {
      const begun = await provider.begin(parts.back, again)
      if (!begun.ok) return { ok: false, fault: begun.fault }
      const kept = { ...begun.value.away, errand, again, until: Math.floor(clock.now() + AWAY) }
      return done({ url: begun.value.url, kept: pack(kept) })
    },

    async finish(query, text): Promise<Outcome<Back>> {
      const kept = unpack(text)
      if (kept === undefined) return away('provider-refused')
      const said = await provider.finish(`${parts.back}?${query}`, kept)
      if (!said.ok)
        return said.fault.code === 'provider-down'
          ? { ok: false, fault: said.fault }
          : away('provider-refused')
      const { subject, sid, claims, proved } = said.value
      const now = clock.now()
      if (kept.again && (proved === undefined || now - proved > ANEW)) return away('provider-refused')
      const who = whoIs(claims, rules, roster.current())
      if (!who.ok) return away('provider-refused')
      const { name, role, person } = who.value
      if (kept.errand === 'phone') {
        if (person === undefined || !parts.phones) return away('sign-in-no-person', name)
        const code = newCode(random.bytes(8))
        await store.transact(async (tx) => {
          const owner = { kind: 'person', person } as const
          await tx.codes.add({
            digest: digest(plain(code)),
            owner,
            made: now,
            expires: now + CODE_LASTS,
            by: name,
          })
          await tx.audit.append({
            ...{ at: now, actor: name, action: 'device.code', subject: person, outcome: 'done' },
            detail: { way: 'provider' },
          })
        })
        return done({ errand: 'phone', code })
      }
      if (role === undefined) return away('sign-in-no-role', name)
      const session: Session = {
        ...{ id: PERSON + secret(16), who: name, role, way: 'provider', began: now, subject },
        until: Math.floor(now + parts.lasts),
        ...(person === undefined ? {} : { person }),
        ...(sid === undefined ? {} : { sid }),
      }
      await store.transact(async (tx) => {
        await tx.sessions.forget(now - DAY)
        await tx.sessions.add(session)
        await tx.audit.append({
          ...{ at: now, actor: name, action: 'session.open', subject: '', outcome: 'done' },
          detail: { way: 'provider' },
        })
      })
      return done({ errand: 'console', session })
    },

    errand: (text) => unpack(text)?.errand ?? 'console',

    async signedOut(token) {
      const said = await provider.loggedOut(token)
      if (said === undefined) return false
      return store.transact(async (tx) => {
        const now = clock.now()
        // A token counts once (Back-Channel Logout 1.0, 2.6).
        if ((await tx.notes.get(LOGGED_OUT + said.id)) !== undefined) return false
        for (const { key, at } of await tx.notes.list(LOGGED_OUT))
          if (now - at > DAY) await tx.notes.forget(key)
        await tx.notes.set(LOGGED_OUT + said.id, {}, now)
        const ended = await tx.sessions.endOf(said)
        await tx.audit.append({
          ...{ at: now, actor: 'provider', action: 'session.end', subject: '', outcome: 'done' },
          detail: { ended },
        })
        return true
      })
    },
  }
}
