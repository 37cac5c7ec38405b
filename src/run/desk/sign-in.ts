import { type Account, accountState, enter, PASSWORD_LEAST, type Shown } from '../../core/identity/account.ts'
import type { Session, SignInWay } from '../../core/identity/session.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import type { Outcome } from '../../ports/desk.ts'
import type { Chosen, SignIn } from '../../ports/sign-in.ts'
import type { Tx } from '../../ports/store.ts'
import type { Vault } from '../../ports/vault.ts'
import type { Trail } from '../keep/trail.ts'
import { createChallenges } from './challenges.ts'
import { done, refuse } from './desk-parts.ts'
import { createOwnAccount, type OwnAccountParts } from './own-account.ts'

export interface SignInParts extends OwnAccountParts {
  readonly trail: Trail
  /** HMAC under a key that all nodes have. */
  readonly sign: (text: string) => string
  /** Secrets of authenticator apps lie sealed in the database; absent: as they are. */
  readonly vault?: Vault
  readonly lasts?: Millis
}

/** Names of people's sessions begin so. */
export const PERSON = 'p-'

/** Passwords that wait to be compared; beyond it whoever asks is told to come again. */
const MOST_WAITING = 20
/** Wrong codes behind a right password: then nothing of this account is compared for a while. */
const MOST_WRONG = 10
const WRONG_FOR: Millis = 10 * MINUTE
/** A screen asks several times a second; the database is asked this often. A revocation is that late. */
const KNOWN_FOR: Millis = 2000

export function createSignIn(parts: SignInParts): SignIn {
  const { store, clock, random, trail, proofs, digest, vault } = parts
  const challenges = createChallenges(parts)
  const secret = (bytes: number) => Buffer.from(random.bytes(bytes)).toString('base64url')
  const known = new Map<string, { readonly at: Instant; readonly session: Session | undefined }>()
  const wrong = new Map<string, Instant[]>()

  const begin = async (tx: Tx, account: Account, way: SignInWay): Promise<Session> => {
    const began = clock.now()
    const { name, role, person, expires, breakGlass, stamp } = account
    const session: Session = {
      ...{ id: PERSON + secret(16), who: name, role, way, began, stamp },
      until: Math.floor(Math.min(began + (parts.lasts ?? 12 * HOUR), expires ?? Number.POSITIVE_INFINITY)),
      ...(person === undefined ? {} : { person }),
      ...(breakGlass === undefined ? {} : { breakGlass }),
    }
    await tx.sessions.forget(began - DAY)
    await tx.sessions.add(session)
    await tx.audit.append({
      ...{ at: began, actor: name, subject: '', outcome: 'done', detail: { way } },
      action: breakGlass ? 'session.break-glass' : 'session.open',
    })
    return session
  }

  /** The refusal that goes on the record; the name only where it is an account's, for a stranger types anything. */
  const turnedAway = (account: Account | undefined): void =>
    trail.did({
      ...{ actor: account?.name ?? 'unknown', action: 'session.open', subject: '', outcome: 'refused' },
    })

  const tries = (name: string): Instant[] => {
    const now = clock.now()
    const left = (wrong.get(name) ?? []).filter((at) => at > now - WRONG_FOR)
    if (left.length === 0) wrong.delete(name)
    else wrong.set(name, left)
    return left
  }

  const enterWith = (
    find: (tx: Tx) => Promise<Account | undefined>,
    shown: Shown,
    way: SignInWay,
  ): Promise<Outcome<Session>> =>
    store.transact(async (tx) => {
      const account = await find(tx)
      if (account !== undefined) await tx.alone(`account/${account.name}`)
      // Read again: a code or a count that another node has taken meanwhile is spent.
      const now = account === undefined ? undefined : await tx.accounts.get(account.name)
      // Counted again as well: codes that came together were all let by at first.
      if (now !== undefined && shown.kind === 'password' && tries(now.name).length >= MOST_WRONG)
        return refuse('too-many-requests')
      const entry = enter(now, shown, clock.now())
      if (!entry.ok) {
        if (entry.code !== 'second-factor-wanted') turnedAway(now)
        if (entry.code === 'second-factor-wrong' && now !== undefined)
          wrong.set(now.name, [...tries(now.name), clock.now()])
        return refuse(entry.code)
      }
      await tx.accounts.save(entry.account)
      return done(await begin(tx, entry.account, way))
    })

  const invited = async (name: string, code: string): Promise<Account | undefined> => {
    const account = await store.transact((tx) => tx.accounts.get(name))
    const now = clock.now()
    if (account === undefined || ['revoked', 'expired'].includes(accountState(account, now))) return undefined
    const { invite } = account
    return invite !== undefined && invite.until > now && invite.digest === digest(code) ? account : undefined
  }

  const poorness = async (password: string, { name }: Account) => {
    if (password.length < PASSWORD_LEAST) return 'password-short'
    return (await proofs.guessable(password, [name, ...name.split(/[._@-]/)]))
      ? 'password-guessable'
      : undefined
  }

  /** What was chosen, put into the account; or why it cannot be. */
  const chosenIn = async (account: Account, chosen: Chosen): Promise<Outcome<Account>> => {
    const now = clock.now()
    if ('answer' in chosen) {
      if (!(await challenges.take(chosen.challenge, account.name))) return refuse('passkey-refused')
      const made = await proofs.readPasskey(chosen.challenge, chosen.answer)
      if (made === undefined) return refuse('passkey-refused')
      const passkey = { ...made, label: chosen.label, made: now }
      return done({ ...account, passkeys: [...account.passkeys, passkey] })
    }
    const poor = await poorness(chosen.password, account)
    if (poor !== undefined) return refuse(poor)
    const step = proofs.stepOf(chosen.secret, chosen.code, now)
    if (step === undefined) return refuse('second-factor-wrong')
    return done({
      ...account,
      password: await proofs.hash(chosen.password),
      totp: { secret: vault?.seal(chosen.secret) ?? chosen.secret, used: step },
    })
  }

  const find = async (id: string): Promise<Session | undefined> => {
    const now = clock.now()
    const last = known.get(id)
    if (last !== undefined && now - last.at < KNOWN_FOR && now >= last.at) return last.session
    const session = await store.transact(async (tx) => {
      const found = await tx.sessions.get(id)
      if (found?.stamp === undefined) return found
      const account = await tx.accounts.get(found.who)
      const stands = account?.stamp === found.stamp && accountState(account, now) === 'active'
      return stands ? found : undefined
    })
    known.set(id, { at: now, session })
    for (const [other, { at }] of known) if (now - at > HOUR || now < at) known.delete(other)
    return session !== undefined && session.until > now ? session : undefined
  }

  const own = createOwnAccount(parts, {
    ...{ find, begin, poorness, chosenIn, challenges },
    forget: (id) => void known.delete(id),
  })

  return {
    ...own,
    find,
    ways: async () => ({
      accounts: (await store.transact((tx) => tx.accounts.list())).length > 0,
    }),

    async byPassword(name, password, code) {
      if (proofs.waiting >= MOST_WAITING) return refuse('too-many-requests')
      const account = await store.transact((tx) => tx.accounts.get(name))
      if (account !== undefined && tries(name).length >= MOST_WRONG) return refuse('too-many-requests')
      const good = await proofs.matches(password, account?.password)
      const kept = account?.totp?.secret
      const secret = kept === undefined || vault === undefined ? kept : vault.open(kept)
      const shown: Shown =
        code === undefined || secret === undefined
          ? { kind: 'password', good }
          : { kind: 'password', good, step: proofs.stepOf(secret, code, clock.now()) ?? 'wrong' }
      return enterWith((tx) => tx.accounts.get(name), shown, 'password')
    },

    async ask() {
      const challenge = challenges.make('')
      return { challenge, options: await proofs.askOptions(challenge) }
    },

    async byPasskey(challenge, answer) {
      const id = typeof answer.id === 'string' ? answer.id : ''
      if (!(await challenges.take(challenge, ''))) return refuse('passkey-refused')
      const account = await store.transact((tx) => tx.accounts.byPasskey(id))
      const passkey = account?.passkeys.find((one) => one.id === id)
      const counter = passkey && (await proofs.provePasskey(challenge, answer, passkey))
      if (counter === undefined) {
        turnedAway(account)
        return refuse('passkey-refused')
      }
      const said = await enterWith(
        (tx) => tx.accounts.byPasskey(id),
        { kind: 'passkey', id, counter },
        'passkey',
      )
      return said.ok ? said : refuse('passkey-refused')
    },

    async beginSetUp(name, code) {
      const account = await invited(name, code)
      if (account === undefined) {
        turnedAway(undefined)
        return refuse('set-up-code-wrong')
      }
      const challenge = challenges.make(name)
      const fresh = proofs.newSecret()
      return done({
        ...{ name, secret: fresh, link: proofs.secretLink(fresh, name), challenge },
        options: await proofs.passkeyOptions(challenge, name, account.passkeys),
      })
    },

    async setUp(name, code, chosen) {
      const account = await invited(name, code)
      if (account === undefined) return refuse('set-up-code-wrong')
      const made = await chosenIn(account, chosen)
      if (!made.ok) return made
      return store.transact(async (tx) => {
        await tx.alone(`account/${name}`)
        const now = await tx.accounts.get(name)
        if (now?.invite?.digest !== account.invite?.digest) return refuse('set-up-code-wrong')
        const { invite: _, ...next } = { ...made.value, seen: clock.now() }
        await tx.accounts.save(next)
        await tx.audit.append({
          ...{ at: clock.now(), actor: name, action: 'account.set-up', subject: name, outcome: 'done' },
        })
        return done(await begin(tx, next, 'answer' in chosen ? 'passkey' : 'password'))
      })
    },
  }
}
