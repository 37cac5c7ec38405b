import { accountName } from '../../core/identity/account.ts'
import type { Desk } from '../../ports/desk.ts'
import { createAccounts } from '../keep/accounts.ts'
import { actorOf, allowed, type DeskParts, done, refuse } from './desk-parts.ts'

/**
 * The first person's own account, made in the browser by whoever has the administrator's key and may do as much with that.
 * Further ones are made on the machine (`bleepd operator add`): a key that was copied cannot let others in unseen.
 */
export function createFirstAccount(parts: DeskParts): Pick<Desk, 'firstAccount'> {
  const accounts = createAccounts(parts)
  return {
    firstAccount: (caller, asked) =>
      allowed(parts, caller, 'account.first', async () => {
        const name = accountName(asked)
        if (name === undefined) return refuse('request-invalid', 'body/name')
        if ((await accounts.list()).length > 0 || parts.operators?.has(name))
          return refuse('account-exists', name)
        const made = await accounts.add(actorOf(caller), { name, role: 'admin' })
        return made.ok ? done({ name, code: made.value.code }) : made
      }),
  }
}
