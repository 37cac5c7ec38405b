import type { Directory } from '../directory/directory.ts'
import { failed, ok, type Result } from '../faults.ts'
import type { OperatorRole } from '../govern/permit.ts'
import { asId, type PersonId } from '../ids.ts'

/** What a provider says of whoever has signed in there, signed by it. */
export type Claims = Readonly<Record<string, unknown>>

/** How the trust's provider names things. */
export interface ClaimRules {
  /** Claim with the name that the record has for them. */
  readonly name: string
  /** Claim with their id in the directory. */
  readonly person: string
  /** Claim with the groups that they are in. */
  readonly groups: string
  /** The first group of this table that they are in gives their role at the console. */
  readonly roles: readonly { readonly group: string; readonly role: OperatorRole }[]
}

export interface WhoIs {
  readonly name: string
  /** Absent: nothing for them at the console. */
  readonly role?: OperatorRole
  /** Absent: the directory does not know them. */
  readonly person?: PersonId
}

const LONGEST = 120

/**
 * Who somebody is to us. A claim is taken only as the text it must be: a list of names is no name. Where the provider
 * leaves the groups out because they are too many (Entra ID, "groups overage"), nobody gets a role by what is not there.
 */
export function whoIs(
  claims: Claims,
  rules: ClaimRules,
  directory: Pick<Directory, 'people'>,
): Result<WhoIs> {
  const name = text(claims[rules.name]) ?? text(claims.sub)
  if (name === undefined) return failed('provider-refused', `claim ${rules.name}`)
  const groups = new Set(texts(claims[rules.groups]))
  const role = rules.roles.find(({ group }) => groups.has(group))?.role
  const known = text(claims[rules.person])
  const person = known === undefined ? undefined : personOf(known, directory)
  return ok({
    name,
    ...(role === undefined ? {} : { role }),
    ...(person === undefined ? {} : { person }),
  })
}

/** Ids are compared as they are, then without regard to case: providers write mail addresses as they like. */
function personOf(known: string, { people }: Pick<Directory, 'people'>): PersonId | undefined {
  const found = people.get(asId<PersonId>(known)) ?? people.get(asId<PersonId>(known.toLowerCase()))
  return found?.active === true ? found.id : undefined
}

function text(claim: unknown): string | undefined {
  if (typeof claim !== 'string') return undefined
  const said = claim.trim()
  return said === '' || said.length > LONGEST || /\p{C}/u.test(said) ? undefined : said
}

function texts(claim: unknown): readonly string[] {
  return (Array.isArray(claim) ? claim : [claim]).filter((one) => typeof one === 'string')
}
