import { given } from '../given.ts'
import type { PersonId, RoleId, TeamId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Baton, BatonInput } from './baton.ts'
import { stepBaton } from './baton.ts'
import type { Directory, Duty, Person, PlanNumber, Role, Team } from './directory.ts'
import type { Edit } from './edits.ts'
import { editSchema } from './edits.ts'
import { type HospitalNumbers, hospitalNumbers, NO_HOSPITAL_NUMBERS } from './hospital-numbers.ts'
import type { Change } from './layers.ts'
import { ofHospital, ricKey, shared } from './number-plan.ts'
import type { RotaBase } from './rota.ts'
import { prepareRota, rotaBase } from './rota.ts'
import type { Site } from './site.ts'
import { indexed } from './slices.ts'

/** An edit as the store keeps it: `edit` is checked here. */
export interface StoredEdit {
  readonly id: string
  readonly at: Instant
  readonly by: string
  readonly edit: unknown
}

/**
 * The directory, and beside it what only the rota screens need: duties over time, hand-overs in progress, edits that
 * were left out.
 */
export interface SiteDirectory extends Directory {
  readonly site: Site
  /** Duties of a role that touch `[from, to)`, by beginning. */
  duties(role: RoleId, from: Instant, to: Instant): readonly Duty[]
  /** Only roles that were ever offered, taken or given. */
  readonly batons: ReadonlyMap<RoleId, Baton>
  /** Telephone extension → where it stands. */
  readonly extensions: ReadonlyMap<string, string>
  readonly wards: ReadonlyMap<string, string>
  readonly hospitalNumbers: HospitalNumbers
  /** Edits that changed nothing, and why: for the switchboard's rota page. */
  readonly leftOut: readonly { readonly edit: string; readonly reason: ReasonCode }[]
}

/** What depends on the files alone. It is worked out once for a site, however often its edits are folded. */
interface Base extends RotaBase {
  readonly people: ReadonlyMap<PersonId, Person>
  readonly leavers: readonly Person[]
  readonly roles: ReadonlyMap<RoleId, Role>
  readonly teams: ReadonlyMap<TeamId, Team>
  readonly numbers: ReadonlyMap<string, PlanNumber>
  readonly rics: ReadonlyMap<string, PlanNumber>
  readonly hospitalNumbers: HospitalNumbers
}

const BASES = new WeakMap<Site, Base>()

function baseOf(site: Site): Base {
  const known = BASES.get(site)
  if (known !== undefined) return known
  const steps = baseSteps(site)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/**
 * Works out what the files alone decide, in steps of a few hundred rows: a site of any size is prepared between two pages.
 * `buildDirectory` of the same site then costs what its edits cost.
 */
export function* prepareSite(site: Site): Generator<void, void> {
  if (!BASES.has(site)) yield* baseSteps(site)
}

function* baseSteps(site: Site): Generator<void, Base> {
  const base: Base = {
    ...(yield* rotaBase(site)),
    people: yield* indexed(site.people, (p) => p.id),
    leavers: site.people.filter((p) => !p.active),
    roles: yield* indexed(site.roles, (r) => r.id),
    teams: yield* indexed(site.teams, (t) => t.id),
    numbers: yield* indexed(site.numbers, (n) => n.number),
    rics: yield* indexed(site.numbers, ricKeyOf(site)),
    hospitalNumbers: hospitalNumbers(site.hospitalNumber ?? '') ?? NO_HOSPITAL_NUMBERS,
  }
  BASES.set(site, base)
  return base
}

function ricKeyOf({ numbers }: Site): (row: PlanNumber) => string | undefined {
  const several = shared(numbers, ricKey)
  return (row) => {
    const key = ricKey(row)
    return key !== undefined && several.has(key) ? ofHospital(key, row.site) : key
  }
}

interface Folding {
  /** Copied from the files only when an edit first changes it. */
  people: ReadonlyMap<PersonId, Person>
  own?: Map<PersonId, Person>
  readonly batons: Map<RoleId, Baton>
  readonly changes: Change[]
  readonly roles: ReadonlyMap<RoleId, Role>
}

/**
 * Folds edits, in the order they were stored, over the site's files: a frozen snapshot. An edit that cannot be read
 * or no longer fits is left out with its reason, never a failure: the rota of everybody else must stand.
 */
export function buildDirectory(site: Site, edits: readonly StoredEdit[] = []): SiteDirectory {
  const leftOut: { edit: string; reason: ReasonCode }[] = []
  const base = baseOf(site)
  const folding: Folding = { people: base.people, batons: new Map(), changes: [], roles: base.roles }
  for (const person of base.leavers) leaves(folding, person.id, -Infinity)
  for (const edit of site.changes) foldEdit(folding, edit, -Infinity, 'changes.csv')

  const readable = edits.flatMap((stored) => {
    const read = editSchema.safeParse(stored.edit)
    if (!read.success) leftOut.push({ edit: stored.id, reason: 'edit-unreadable' })
    return read.success ? [{ ...stored, edit: read.data }] : []
  })
  const revoked = new Set(readable.flatMap(({ edit }) => (edit.kind === 'revoke' ? [edit.edit] : [])))
  for (const { id, at, edit } of readable) {
    const reason = revoked.has(id) ? 'edit-revoked' : foldEdit(folding, edit, at, id)
    if (reason !== undefined) leftOut.push({ edit: id, reason })
  }

  const { roles, teams, numbers, rics, hospitalNumbers } = base
  const { people, batons } = folding
  const { holders, duties } = prepareRota(base, folding.changes)
  const { zone, extensions, wards = new Map(), trust } = site
  return Object.freeze({
    site,
    zone,
    people,
    roles,
    teams,
    numbers,
    rics,
    hospitalNumbers,
    batons,
    extensions,
    wards,
    leftOut,
    holders,
    duties,
    ...given({ trust }),
  })
}

/** Why the edit changed nothing; `undefined` when it did. */
function foldEdit(folding: Folding, edit: Edit, at: Instant, source: string): ReasonCode | undefined {
  const { people, roles } = folding
  const known = (person: PersonId) => people.has(person)
  const common = { order: folding.changes.length, source: `${edit.kind} ${source}` }
  switch (edit.kind) {
    case 'override': {
      if (!known(edit.person) || !roles.has(edit.role)) return 'edit-pointless'
      const { role, person, from, to } = edit
      const takesFrom = edit.mode === 'instead' ? 'everyone' : []
      folding.changes.push({ ...common, role, person, from, to, takesFrom, always: true })
      return undefined
    }
    case 'swap':
      if (!edit.legs.every((leg) => known(leg.gives) && known(leg.takes) && roles.has(leg.role))) {
        return 'edit-pointless'
      }
      for (const { role, from, to, gives, takes } of edit.legs) {
        const order = folding.changes.length
        folding.changes.push({
          ...common,
          order,
          role,
          person: takes,
          from,
          to,
          takesFrom: [gives],
          always: false,
        })
      }
      return undefined
    case 'leave':
      if (!known(edit.person)) return 'edit-pointless'
      folding.changes.push({
        ...common,
        person: edit.person,
        from: edit.from,
        to: edit.to,
        takesFrom: [],
        always: true,
      })
      return undefined
    case 'person': {
      const { person: id, name, staffGroup, active } = edit
      const before = people.get(id)?.active ?? false
      folding.own ??= new Map(people)
      folding.people = folding.own.set(id, { ...people.get(id), id, name, staffGroup, active })
      if (before && !active) leaves(folding, id, at)
      if (!before && active) returns(folding, id, at)
      return undefined
    }
    case 'revoke':
      return undefined
    case 'offer':
      return hand(folding, edit.role, { kind: 'offer', at, from: edit.from, to: edit.to }, common)
    case 'take':
      return hand(
        folding,
        edit.role,
        { kind: 'take', at, person: edit.person, until: edit.until, free: edit.free },
        common,
      )
    case 'force':
      return hand(folding, edit.role, { kind: 'force', at, person: edit.person, until: edit.until }, common)
    case 'refuse':
    case 'withdraw':
      return hand(folding, edit.role, { kind: edit.kind, at, person: edit.person }, common)
  }
}

function hand(
  folding: Folding,
  role: RoleId,
  input: BatonInput,
  common: { order: number; source: string },
): ReasonCode | undefined {
  const person = input.kind === 'offer' ? input.to : input.person
  if (!folding.roles.has(role) || folding.people.get(person)?.active !== true) return 'edit-pointless'
  const [baton, effects] = stepBaton(folding.batons.get(role) ?? { role }, input)
  folding.batons.set(role, baton)
  for (const effect of effects) {
    if (effect.kind === 'answered') {
      if (!effect.applied) return effect.reason
      continue
    }
    const { to, at, until, from } = effect
    folding.changes.push({
      ...common,
      role,
      person: to,
      from: at,
      to: until,
      takesFrom: from === undefined ? 'everyone' : [from],
      always: true,
    })
  }
  return undefined
}

/** A leaver holds nothing from then on; what they held before stays on the record. */
function leaves(folding: Folding, person: PersonId, at: Instant): void {
  folding.changes.push({
    order: folding.changes.length,
    person,
    from: at,
    to: Infinity,
    takesFrom: [],
    always: true,
    source: 'left',
  })
}

/** Ends the span of having left, so that the rota counts them again. */
function returns(folding: Folding, person: PersonId, at: Instant): void {
  const index = folding.changes.findLastIndex((c) => c.person === person && c.source === 'left')
  const left = folding.changes[index]
  if (left !== undefined) folding.changes[index] = { ...left, to: Math.max(left.from, at) }
}
