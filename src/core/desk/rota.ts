import { appOf } from '../deliver/channels.ts'
import type { PhoneState } from '../deliver/readiness.ts'
import type { SiteDirectory } from '../directory/build.ts'
import { findRotaFlaws, findUnclaimed, type RotaFlaw, roleFlaws } from '../directory/cover-check.ts'
import type { Role } from '../directory/directory.ts'
import { given } from '../given.ts'
import type { Reader } from '../govern/reader.ts'
import { asId, type PersonId, type RoleId } from '../ids.ts'
import { type Instant, MINUTE, printInstant } from '../instant.ts'
import { REASONS } from '../reasons.ts'
import { nameOfActor, nameOfRole, reachOf } from './names.ts'
import type { OfferView, RotaView } from './people-views.ts'

/** How long after a shift begins a baton may lie untaken before a screen says so. */
const GRACE = 15 * MINUTE

/** Hand-overs that nobody has taken or refused yet. */
export function openOffers(directory: SiteDirectory): OfferView[] {
  return [...directory.batons.values()].flatMap(({ role, offer }) =>
    offer === undefined ? [] : [offerView(directory, role, offer.from, offer.to, offer.at, 'offered')],
  )
}

/** A role that was given this long ago is known by whoever has it, or by the rota on their screen. */
const GIVEN_FOR = 10 * MINUTE

/** Names of the hand-overs to these people that a phone rings for: offers that are open, and roles just given. */
export function handedTo(directory: SiteDirectory, people: readonly PersonId[], now: Instant): string[] {
  return [...directory.batons.values()].flatMap(({ role, offer, held }) => {
    const offered = offer !== undefined && people.includes(offer.to) ? [handOverId(role, offer.at)] : []
    const isGiven = held?.forced === true && people.includes(held.person) && now - held.since < GIVEN_FOR
    return isGiven ? [...offered, handOverId(role, held.since)] : offered
  })
}

const handOverId = (role: RoleId, at: Instant): string => `${role}/${Math.floor(at)}`

/** A hand-over as screens have it; its id is that of the role and of when it was offered. */
export function offerView(
  directory: SiteDirectory,
  role: RoleId,
  from: PersonId | undefined,
  to: PersonId,
  at: Instant,
  state: OfferView['state'],
): OfferView {
  const name = (person: PersonId) => directory.people.get(person)?.name ?? person
  return {
    id: handOverId(role, at),
    role,
    name: directory.roles.get(role)?.name ?? role,
    ...(from === undefined ? {} : { from, fromName: name(from) }),
    to,
    toName: name(to),
    at: printInstant(at),
    state,
  }
}

/**
 * Who holds each of these roles now and next, what is wrong in the span, and which crash roles nobody carries. A month of a
 * hospital takes a while to work out: a role is one step, and each of its shifts one more.
 */
export function* rotaSteps(
  directory: SiteDirectory,
  only: readonly RoleId[],
  { from, to, now }: { readonly from: Instant; readonly to: Instant; readonly now: Instant },
  reader: Reader,
  rings: (role: RoleId, person: PersonId) => PhoneState | undefined = () => undefined,
): Generator<void, RotaView> {
  const roles: RotaView['roles'] = []
  const flaws: RotaView['flaws'] = []
  for (const id of only) {
    const role = directory.roles.get(id)
    if (role === undefined) continue
    const { baton } = role
    roles.push({
      ...about(directory, id),
      ...(baton === undefined ? {} : { bleep: baton }),
      calledBy: [...(calledBy(directory).get(id) ?? [])],
      holders: directory.holders(id, now).map((h) => ({
        ...reachOf(h.person, reader, directory),
        source: h.source,
        ...proofOf(rings(id, h.person)),
      })),
      duties: directory
        .duties(id, from, to)
        .filter((d) => Number.isFinite(d.from) && Number.isFinite(d.to))
        .map((d) => ({
          from: printInstant(d.from),
          to: printInstant(d.to),
          name: nameOfActor(d.person, reader, directory),
        })),
    })
    yield
    for (const some of roleFlaws(directory, role, from, to)) {
      flaws.push(...some.map((flaw) => flawView(directory, flaw)))
      yield
    }
  }
  return {
    now: printInstant(now),
    ...{ from: printInstant(from), to: printInstant(to), roles, flaws },
    unclaimed: unclaimedOf(directory, now).filter(({ role }) => roles.some((one) => one.role === role)),
  }
}

function proofOf(one: PhoneState | undefined): Pick<RotaView['roles'][number]['holders'][number], 'rings'> {
  if (one === undefined) return {}
  return {
    rings: {
      state: one.state,
      ...(one.last === undefined ? {} : { at: printInstant(one.last.at) }),
      ...given({ closed: one.closed }),
      ways: one.ways.map(({ channel, proof, sound }) => ({
        ...{ channel, ...given({ app: appOf(channel), at: proof && printInstant(proof.at) }) },
        ...(sound === undefined ? {} : { sound: { at: printInstant(sound.at), heard: sound.heard } }),
      })),
    },
  }
}

/** Crash roles whose holder's phone was not shown to ring, as `/readyz` has them. */
export function unprovedOf(
  reasons: readonly { readonly code: string; readonly subject: string; readonly since: string }[],
  directory: SiteDirectory,
): { role: string; name: string; since: string }[] {
  return reasons
    .filter(({ code }) => code === 'crash-role-unproved')
    .map(({ subject, since }) => ({
      role: subject,
      name: nameOfRole(asId<RoleId>(subject), directory),
      since,
    }))
}

const CALLED = new WeakMap<SiteDirectory['numbers'], ReadonlyMap<RoleId, readonly string[]>>()

/** The bleep numbers that call each role, by itself or with a team, and the names of those teams: what people ask by. */
function calledBy({ numbers, teams }: SiteDirectory): ReadonlyMap<RoleId, readonly string[]> {
  const known = CALLED.get(numbers)
  if (known !== undefined) return known
  const found = new Map<RoleId, string[]>()
  const add = (role: RoleId, word: string): void => {
    const words = found.get(role)
    if (words === undefined) found.set(role, [word])
    else words.push(word)
  }
  for (const { number, to } of numbers.values()) {
    if (to.kind === 'role') add(to.role, number)
    if (to.kind === 'team') for (const { role } of teams.get(to.team)?.members ?? []) add(role, number)
  }
  for (const { name, members } of teams.values()) for (const { role } of members) add(role, name)
  CALLED.set(numbers, found)
  return found
}

function about(directory: SiteDirectory, id: RoleId) {
  const role = directory.roles.get(id)
  return { role: id, name: role?.name ?? id, crash: role?.crash ?? false }
}

/** Gaps and double cover ahead, to be mended before the shift. */
export function flawsOf(
  directory: SiteDirectory,
  from: Instant,
  to: Instant,
  concerns?: (role: Role) => boolean,
): RotaView['flaws'] {
  return findRotaFlaws(directory, from, to, concerns).map((flaw) => flawView(directory, flaw))
}

function flawView(directory: SiteDirectory, { role, from, to, reason }: RotaFlaw) {
  return {
    ...about(directory, role),
    ...{ from: printInstant(from), to: printInstant(to), reason, sentence: REASONS[reason] },
  }
}

/** Crash roles that would be missing if a call came now. */
export function unclaimedOf(directory: SiteDirectory, now: Instant): RotaView['unclaimed'] {
  return findUnclaimed(directory, now, GRACE).map((u) => ({
    ...about(directory, u.role),
    reason: u.reason,
    sentence: REASONS[u.reason],
    ...(u.since === undefined ? {} : { since: printInstant(u.since) }),
  }))
}
