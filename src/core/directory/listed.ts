import type { PersonId } from '../ids.ts'
import { DAY, type Instant, type Millis } from '../instant.ts'
import type { Site } from './site.ts'
import { indexed, SLICE } from './slices.ts'

/** One person as the trust's own directory lists them (SCIM, LDAP). Who does which duty it does not say. */
export interface Listed {
  /** The directory's own key, which stays. */
  readonly key: string
  readonly person: PersonId
  readonly name: string
  readonly staffGroup: string
  readonly phone?: string
  /** As the directory says now. */
  readonly active: boolean
  /** When it first said that they have left. */
  readonly leaves?: Instant
  /** When that came into force here. */
  readonly left?: Instant
}

/** Leavers of a day that are taken for people, however small the site is. */
const FEW = 10
const WITHIN: Millis = DAY

/**
 * The people of the files with those of the directory over them: it says names, staff groups, telephones and who has left,
 * and nothing of roles, rota or numbers. Somebody who was only listed there and is gone from it is a leaver, not a gap.
 * Yields after every few hundred people.
 */
export function* withListed(site: Site, listed: readonly Listed[]): Generator<void, Site> {
  if (listed.length === 0) return site
  const people = new Map(yield* indexed(site.people, (one) => one.id))
  for (const [i, { person: id, name, staffGroup, phone, left }] of listed.entries()) {
    if (i % SLICE === SLICE - 1) yield
    const before = people.get(id)
    people.set(id, {
      ...before,
      ...{ id, name, staffGroup: staffGroup === '' ? (before?.staffGroup ?? 'staff') : staffGroup },
      active: left === undefined,
      ...(phone === undefined ? {} : { phone }),
    })
  }
  yield
  return { ...site, people: [...people.values()] }
}

export interface Leaving {
  /** Leave now. */
  readonly go: readonly Listed[]
  /** Wait until the calls that they are on are over. */
  readonly engaged: readonly Listed[]
  /** Too many at once to be people: somebody has to say that they are meant. */
  readonly held: readonly Listed[]
}

/**
 * Which of those whom the directory calls leavers leave now. A list that has lost many within a day is taken for a broken
 * list; whoever is on an open call stays until it is over.
 * @param share of all who are listed, 0 … 1
 * @param word everybody whom the directory called a leaver up to then is meant: a person has said so
 */
export function leaving(
  listed: readonly Listed[],
  now: Instant,
  rules: { readonly share: number; readonly word?: Instant; readonly engaged: ReadonlySet<PersonId> },
): Leaving {
  const { share, word = Number.NEGATIVE_INFINITY, engaged } = rules
  const waiting = listed.filter((one) => one.leaves !== undefined && one.left === undefined)
  const meant = (one: Listed) => (one.leaves ?? now) <= word
  const lately = listed.filter(
    (one) => one.left !== undefined && now - one.left < WITHIN && !meant(one),
  ).length
  const unsaid = waiting.filter((one) => !meant(one))
  const many = lately + unsaid.length > Math.max(FEW, listed.length * share)
  const may = many ? waiting.filter(meant) : waiting
  return {
    go: may.filter(({ person }) => !engaged.has(person)),
    engaged: may.filter(({ person }) => engaged.has(person)),
    held: many ? unsaid : [],
  }
}
