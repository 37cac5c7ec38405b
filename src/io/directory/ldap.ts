import { Client } from 'ldapts'
import { type FaultValue, failed, ok, type Result, type StandingCode } from '../../core/faults.ts'
import { type Millis, SECOND } from '../../core/instant.ts'

export interface LdapSettings {
  readonly url: string
  readonly user?: string
  readonly password?: string
  readonly base: string
  readonly filter: string
  readonly attributes: Readonly<Record<'person' | 'login' | 'name' | 'staffGroup' | 'phone', string>>
}

export interface LdapPerson {
  readonly key: string
  readonly person: string
  readonly login: string
  readonly name: string
  readonly staffGroup: string
  readonly phone?: string
}

const WITHIN: Millis = 10 * SECOND
const PAGE = 500

/** Everybody whom the filter finds, page by page; whoever lacks an id or a name is left out and counted. */
export async function readLdap(
  settings: LdapSettings,
): Promise<
  Result<{ readonly people: readonly LdapPerson[]; readonly leftOut: number }, FaultValue<StandingCode>>
> {
  const { url, user, password, base, filter, attributes } = settings
  const client = new Client({ url, timeout: WITHIN, connectTimeout: WITHIN })
  try {
    if (user !== undefined) await client.bind(user, password ?? '')
    const people: LdapPerson[] = []
    let leftOut = 0
    const pages = client.searchPaginated(base, {
      ...{ scope: 'sub', filter, attributes: Object.values(attributes), timeLimit: 60 },
      paged: { pageSize: PAGE },
    })
    for await (const { searchEntries } of pages) {
      for (const entry of searchEntries) {
        const of = (name: keyof typeof attributes): string => first(entry[attributes[name]])
        const [person, name, phone] = [of('person'), of('name'), of('phone')]
        if (person === '' || name === '') {
          leftOut++
          continue
        }
        people.push({
          ...{ key: `ldap ${entry.dn}`, person, name, login: of('login').toLowerCase() },
          ...{ staffGroup: of('staffGroup').toLowerCase(), ...(phone === '' ? {} : { phone }) },
        })
      }
    }
    return ok({ people, leftOut })
  } catch (error) {
    return failed('directory-unreachable', error instanceof Error ? error.name : undefined)
  } finally {
    await client.unbind().catch(() => undefined)
  }
}

function first(value: unknown): string {
  const one = Array.isArray(value) ? value[0] : value
  return typeof one === 'string' ? one.trim().slice(0, 200) : ''
}
