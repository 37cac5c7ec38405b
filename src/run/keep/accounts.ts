import { failed, ok, type Result } from '../../core/faults.ts'
import type { AuditEntry } from '../../core/govern/audit.ts'
import type { OperatorRole } from '../../core/govern/permit.ts'
import { type Account, INVITE_LASTS } from '../../core/identity/account.ts'
import type { PersonId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { Store, Tx } from '../../ports/store.ts'

/** Who is to have an account. */
export interface NewAccount {
  readonly name: string
  readonly role: OperatorRole
  readonly person?: PersonId
  readonly expires?: Instant
  readonly breakGlass?: true
}

export interface Invited {
  readonly account: Account
  /** With it its person sets the account up, once. */
  readonly code: string
}

/** Accounts as they are looked after: each act on the record, each in force within seconds on every node. */
export function createAccounts(parts: {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly digest: (secret: string) => string
}) {
  const { store, clock, random, digest } = parts
  const secret = (bytes: number) => Buffer.from(random.bytes(bytes)).toString('base64url')
  const invite = (now: Instant) => {
    const code = secret(15)
    return { code, invite: { digest: digest(code), until: now + INVITE_LASTS } }
  }
  const told = (
    tx: Tx,
    by: string,
    action: string,
    { name, role }: Account,
    detail: AuditEntry['detail'] = {},
  ) =>
    tx.audit.append({
      ...{ at: clock.now(), actor: by, action: `account.${action}`, subject: name, outcome: 'done' },
      detail: { role, ...detail },
    })

  const change = (
    by: string,
    action: string,
    name: string,
    to: (account: Account, now: Instant) => Account,
  ): Promise<Result<Account>> =>
    store.transact(async (tx) => {
      await tx.alone(`account/${name}`)
      const account = await tx.accounts.get(name)
      if (account === undefined) return failed('account-unknown', name)
      const next = to(account, clock.now())
      await tx.accounts.save(next)
      await told(tx, by, action, next, next.expires === undefined ? {} : { expires: next.expires })
      return ok(next)
    })

  return {
    add: (by: string, asked: NewAccount): Promise<Result<Invited>> =>
      store.transact(async (tx) => {
        const now = clock.now()
        const { code, invite: invited } = invite(now)
        const account: Account = { ...asked, made: now, by, invite: invited, passkeys: [], stamp: secret(9) }
        if (!(await tx.accounts.add(account))) return failed('account-exists', asked.name)
        await told(tx, by, 'add', account)
        return ok({ account, code })
      }),
    list: () => store.transact((tx) => tx.accounts.list()),
    expire: (by: string, name: string, at: Instant) =>
      change(by, 'expire', name, (account) => ({ ...account, expires: at })),
    revoke: (by: string, name: string) =>
      change(by, 'revoke', name, ({ invite: _, password: __, totp: ___, ...account }, now) => ({
        ...account,
        ...{ revoked: now, passkeys: [], stamp: secret(9) },
      })),
    /** Somebody lost the phone or forgot the password: everything is set up anew, and nothing of before opens. */
    async reset(by: string, name: string): Promise<Result<Invited>> {
      const { code, invite: invited } = invite(clock.now())
      const done = await change(by, 'reset', name, ({ revoked: _, password: __, totp: ___, ...account }) => ({
        ...account,
        ...{ invite: invited, passkeys: [], stamp: secret(9) },
      }))
      return done.ok ? ok({ account: done.value, code }) : done
    },
  }
}
