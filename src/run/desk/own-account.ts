import type { Account } from '../../core/identity/account.ts'
import type { Session, SignInWay } from '../../core/identity/session.ts'
import { MINUTE, type Millis, printInstant } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Outcome } from '../../ports/desk.ts'
import type { Proofs } from '../../ports/identity.ts'
import type { Random } from '../../ports/random.ts'
import type { Chosen, OwnAccount, SignIn } from '../../ports/sign-in.ts'
import type { Store, Tx } from '../../ports/store.ts'
import type { createChallenges } from './challenges.ts'
import { done, refuse } from './desk-parts.ts'

/** So young a sign-in may change what one signs in with; a new password shows the old one instead. */
const FRESH: Millis = 10 * MINUTE

export interface OwnAccountParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly proofs: Proofs
  readonly digest: (secret: string) => string
}

/** What signing in gives to those who change their own account. */
interface Lent {
  find(session: string): Promise<Session | undefined>
  begin(tx: Tx, account: Account, way: SignInWay): Promise<Session>
  /** Why a password is refused; undefined where it may be taken. */
  poorness(password: string, account: Account): Promise<'password-short' | 'password-guessable' | undefined>
  chosenIn(account: Account, chosen: Chosen): Promise<Outcome<Account>>
  /** Looks at this session again before it counts. */
  forget(session: string): void
  readonly challenges: ReturnType<typeof createChallenges>
}

type Own = Pick<
  SignIn,
  'account' | 'endSession' | 'changePassword' | 'beginPasskey' | 'addPasskey' | 'removePasskey'
>

/** One's own account: what one signs in with, where that is kept here, and where one is signed in. */
export function createOwnAccount(
  { store, clock, random, proofs, digest }: OwnAccountParts,
  { find, begin, poorness, chosenIn, forget, challenges }: Lent,
): Own {
  const own = async (id: string): Promise<Account | undefined> => {
    const session = await find(id)
    if (session?.stamp === undefined) return undefined
    return store.transact((tx) => tx.accounts.get(session.who))
  }

  /** Whoever finds a screen left open makes no way in of their own by it. */
  const isFresh = async (id: string): Promise<boolean> => {
    const began = (await find(id))?.began
    return began !== undefined && clock.now() - began < FRESH
  }

  /** Those of the same account, or of the same person to their provider. */
  const sessionsBeside = async ({ who, stamp, subject }: Session): Promise<readonly Session[]> => {
    const all = await store.transact((tx) => tx.sessions.list(clock.now()))
    return all.filter((one) => one.who === who && one.stamp === stamp && one.subject === subject)
  }
  /** What a session is called in an address, where its own name must not stand. */
  const handleOf = ({ id }: Session): string => digest(id).slice(0, 16)

  const seen = async (own: Session, account?: Account): Promise<OwnAccount> => {
    const { password, totp, passkeys = [] } = account ?? {}
    return {
      ...{ name: own.who, kept: account !== undefined },
      ...{ password: password !== undefined, app: totp !== undefined },
      passkeys: passkeys.map(({ id, label, used }) => ({
        ...{ id, label },
        ...(used === undefined ? {} : { used: printInstant(used) }),
      })),
      sessions: (await sessionsBeside(own)).map((one) => ({
        ...{ id: handleOf(one), began: printInstant(one.began), way: one.way, own: one.id === own.id },
      })),
    }
  }

  /** Changes one's own account in one transaction. */
  const change = async <T>(
    id: string,
    action: string,
    to: (account: Account) => Promise<Outcome<Account>>,
    give: (tx: Tx, account: Account) => Promise<T> | T,
  ): Promise<Outcome<T>> => {
    const before = await own(id)
    if (before === undefined) return refuse('account-none')
    if (action !== 'password' && !(await isFresh(id))) return refuse('sign-in-old')
    const made = await to(before)
    if (!made.ok) return made
    return store.transact(async (tx) => {
      await tx.alone(`account/${before.name}`)
      const now = await tx.accounts.get(before.name)
      if (now === undefined || now.stamp !== before.stamp) return refuse('not-signed-in')
      // Only what was changed: a code that was used meanwhile stays used.
      const { password, passkeys, stamp } = made.value
      await tx.accounts.save({ ...now, passkeys, stamp, ...(password === undefined ? {} : { password }) })
      await tx.audit.append({
        ...{ at: clock.now(), actor: before.name, action: `account.${action}`, subject: before.name },
        outcome: 'done',
      })
      return done(await give(tx, made.value))
    })
  }

  const shown = async (id: string, said: Outcome<Account>): Promise<Outcome<OwnAccount>> => {
    const session = await find(id)
    if (session === undefined) return refuse('not-signed-in')
    return said.ok ? done(await seen(session, said.value)) : said
  }

  return {
    async account(id) {
      const session = await find(id)
      return session === undefined ? refuse('account-none') : done(await seen(session, await own(id)))
    },

    async endSession(id, handle) {
      const session = await find(id)
      if (session === undefined) return refuse('account-none')
      const other = (await sessionsBeside(session)).find((one) => handleOf(one) === handle)
      if (other !== undefined) {
        forget(other.id)
        await store.transact(async (tx) => {
          await tx.sessions.end(other.id)
          await tx.audit.append({
            ...{ at: clock.now(), actor: session.who, action: 'account.session-end', subject: session.who },
            outcome: 'done',
          })
        })
      }
      return done(await seen(session, await own(id)))
    },

    changePassword: (id, before, password) =>
      change(
        id,
        'password',
        async (account) => {
          const poor = await poorness(password, account)
          if (poor !== undefined) return refuse(poor)
          if (!(await proofs.matches(before, account.password))) return refuse('key-wrong')
          return done({
            ...account,
            password: await proofs.hash(password),
            stamp: Buffer.from(random.bytes(9)).toString('base64url'),
          })
        },
        (tx, account) => begin(tx, account, 'password'),
      ),

    async beginPasskey(id) {
      const account = await own(id)
      if (account === undefined) return refuse('account-none')
      if (!(await isFresh(id))) return refuse('sign-in-old')
      const challenge = challenges.make(account.name)
      return done({
        challenge,
        options: await proofs.passkeyOptions(challenge, account.name, account.passkeys),
      })
    },

    addPasskey: async (id, made) =>
      shown(id, await change(id, 'passkey-add', (account) => chosenIn(account, made), theAccount)),

    removePasskey: async (id, passkey) =>
      shown(
        id,
        await change(
          id,
          'passkey-remove',
          async (account) => {
            const passkeys = account.passkeys.filter((one) => one.id !== passkey)
            // The last way in is not thrown away.
            if (passkeys.length === 0 && account.password === undefined) return refuse('passkey-last')
            return done({ ...account, passkeys })
          },
          theAccount,
        ),
      ),
  }
}

const theAccount = (_: Tx, account: Account): Account => account
