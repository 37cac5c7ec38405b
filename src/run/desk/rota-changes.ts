import { say } from '../../core/catalogue/say.ts'
import type { RotaChange, RotaChangesView, RotaChangeView } from '../../core/desk/change-views.ts'
import { nameOfRole } from '../../core/desk/names.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import { type RotaChangeEdit as Change, sayWarning, warningsOf } from '../../core/directory/change-check.ts'
import { editSchema } from '../../core/directory/edits.ts'
import { namesPeople } from '../../core/govern/permit.ts'
import { asId, type PersonId, type RoleId } from '../../core/ids.ts'
import { DAY, type Instant, parseInstant, printInstant } from '../../core/instant.ts'
import { REASONS } from '../../core/reasons.ts'
import type { Caller, Desk, Outcome } from '../../ports/desk.ts'
import type { DirectoryEdit } from '../../ports/store.ts'
import { undrilled } from './conduct.ts'
import { allowed, type DeskParts, done, refuse } from './desk-parts.ts'
import { editRota, moveAlerts } from './rota-edit.ts'

/** Longest span of one change. */
const LONGEST = 366 * DAY

/** Overrides, leave and swaps that switchboard enters between two editions of the site's files. */
export function createRotaChanges(
  parts: DeskParts,
): Pick<Desk, 'rotaChanges' | 'checkRotaChange' | 'changeRota' | 'takeBackRotaChange'> {
  const { store, clock, roster } = parts

  async function shown(caller: Caller, since: Instant): Promise<Outcome<RotaChangesView>> {
    const edits = await store.transact((tx) => tx.directory.list())
    const directory = roster.current()
    const reasons = new Map(directory.leftOut.map((l) => [l.edit, REASONS[l.reason]]))
    const names = namesPeople(caller.access)
    const changes = edits.flatMap((stored) => {
      const change = changeOf(stored)
      if (change === undefined || spansOf(change).every((s) => s.to <= since)) return []
      const leftOut = reasons.get(stored.id)
      return [{ ...view(stored, change, directory, names), ...(leftOut === undefined ? {} : { leftOut }) }]
    })
    return done({ now: printInstant(clock.now()), changes })
  }

  /**
   * Makes an edit; whoever holds a role now by it, and did not before, has its open alerts too.
   * @param roles those that somebody may have by it: no others are looked up
   */
  async function make(
    caller: Caller,
    edit: Parameters<typeof editRota>[2],
    roles: readonly RoleId[],
  ): Promise<Outcome<string>> {
    const holders = (role: RoleId) =>
      roster
        .current()
        .holders(role, clock.now())
        .map((h) => h.person)
    const before = new Map(roles.map((role) => [role, holders(role)]))
    const made = await editRota(parts, caller, edit)
    if (!made.ok) return made
    for (const role of roles) {
      const after = holders(role)
      const gone = before.get(role)?.find((person) => !after.includes(person))
      for (const person of after)
        if (!before.get(role)?.includes(person)) await moveAlerts(parts, role, gone, person)
    }
    return made
  }

  return {
    rotaChanges: (caller, since) => allowed(parts, caller, 'rota.read', () => shown(caller, since)),

    checkRotaChange: (caller, change) =>
      allowed(parts, caller, 'rota.edit', async () => {
        const read = readChange(change)
        const directory = roster.current()
        const fault = faultOf(read, directory, clock.now())
        if (fault !== undefined) return fault
        const edits = await store.transact((tx) => tx.directory.list())
        const out = new Set(directory.leftOut.map(({ edit }) => edit))
        const leaves = edits.flatMap((stored) => {
          const known = out.has(stored.id) ? undefined : changeOf(stored)
          return known?.kind === 'leave' ? [known] : []
        })
        const found = warningsOf(directory, read, leaves)
        return done({
          warnings: found.map((one) => ({ code: one.code, sentence: sayWarning(one, directory) })),
        })
      }),

    changeRota: (caller, change) =>
      allowed(parts, caller, 'rota.edit', async () => {
        const read = readChange(change)
        const fault = faultOf(read, roster.current(), clock.now())
        const barred = fault ?? (await undrilled(parts, takersOf(read)))
        if (barred !== undefined) return barred
        // Leave gives nobody a role.
        const made = await make(caller, read, rolesGiven(read))
        return made.ok ? shown(caller, clock.now()) : made
      }),

    takeBackRotaChange: (caller, id) =>
      allowed(parts, caller, 'rota.edit', async () => {
        const edits = await store.transact((tx) => tx.directory.list())
        const known = edits.find((e) => e.id === id)
        const back = roster.current().leftOut.some((l) => l.edit === id && l.reason === 'edit-revoked')
        const change = known && changeOf(known)
        if (change === undefined || back) return refuse('rota-change-unknown')
        // Whoever is back from leave may have any role.
        const roles = change.kind === 'leave' ? [...roster.current().roles.keys()] : rolesGiven(change)
        const made = await make(caller, { kind: 'revoke', edit: id }, roles)
        return made.ok ? shown(caller, clock.now()) : made
      }),
  }
}

/** Who would have a role by it. */
function takersOf(change: Change): readonly { readonly role: RoleId; readonly person: PersonId }[] {
  if (change.kind === 'leave') return []
  if (change.kind === 'override') return [{ role: change.role, person: change.person }]
  return change.legs.map(({ role, takes }) => ({ role, person: takes }))
}

const rolesGiven = (change: Change): readonly RoleId[] => takersOf(change).map(({ role }) => role)

function readChange(change: RotaChange): Change {
  // The route has checked the texts of instants.
  const at = (text: string): Instant => parseInstant(text) ?? Number.NaN
  switch (change.kind) {
    case 'override': {
      const { kind, mode, note } = change
      const [person, role] = [asId<PersonId>(change.person), asId<RoleId>(change.role)]
      const span = { from: at(change.from), to: at(change.to) }
      return { kind, role, person, ...span, mode, ...(note ? { note } : {}) }
    }
    case 'leave': {
      const { kind, note } = change
      const span = { from: at(change.from), to: at(change.to) }
      return { kind, person: asId<PersonId>(change.person), ...span, ...(note ? { note } : {}) }
    }
    case 'swap':
      return {
        kind: 'swap',
        legs: change.legs.map((leg) => ({
          role: asId<RoleId>(leg.role),
          from: at(leg.from),
          to: at(leg.to),
          gives: asId<PersonId>(leg.gives),
          takes: asId<PersonId>(leg.takes),
        })),
      }
  }
}

/** Why it cannot be: nobody of that id, a span that is none, or a swap of a duty that the giver does not have. */
function faultOf(change: Change, directory: SiteDirectory, now: Instant): Outcome<never> | undefined {
  const legs = change.kind === 'swap' ? change.legs : []
  const people = change.kind === 'swap' ? legs.flatMap((l) => [l.gives, l.takes]) : [change.person]
  if (!people.every((p) => directory.people.get(p)?.active === true)) return refuse('person-unknown')
  const roles = change.kind === 'override' ? [change.role] : legs.map((l) => l.role)
  if (!roles.every((role) => directory.roles.has(role))) return refuse('role-unknown')
  for (const { from, to } of spansOf(change)) {
    if (!(to > from && to - from <= LONGEST)) return refuse('request-invalid', 'body/to: span')
    if (to <= now) return refuse('request-invalid', say('refusals.bodyToAlreadyPast'))
  }
  const has = (leg: (typeof legs)[number]) =>
    directory.duties(leg.role, leg.from, leg.to).some((d) => d.person === leg.gives)
  return legs.every(has) ? undefined : refuse('rota-change-pointless')
}

function changeOf(stored: DirectoryEdit): Change | undefined {
  const { data: edit } = editSchema.safeParse(stored.edit)
  return edit?.kind === 'override' || edit?.kind === 'leave' || edit?.kind === 'swap' ? edit : undefined
}

function spansOf(change: Change): readonly { readonly from: Instant; readonly to: Instant }[] {
  return change.kind === 'swap' ? change.legs : [change]
}

function view(
  { id, at, by }: DirectoryEdit,
  change: Change,
  directory: SiteDirectory,
  names: boolean,
): RotaChangeView {
  const named = (person: PersonId) => directory.people.get(person)?.name ?? person
  const who = (person: PersonId) => ({ person, ...(names ? { name: named(person) } : {}) })
  const about = (role: RoleId) => ({ role, roleName: nameOfRole(role, directory) })
  const when = (span: { from: Instant; to: Instant }) => ({
    from: printInstant(span.from),
    to: printInstant(span.to),
  })
  const common = { id, at: printInstant(at), by, kind: change.kind }
  switch (change.kind) {
    case 'override':
      return {
        ...common,
        mode: change.mode,
        ...(change.note ? { note: change.note } : {}),
        parts: [{ ...about(change.role), ...who(change.person), ...when(change) }],
      }
    case 'leave':
      return {
        ...common,
        ...(change.note ? { note: change.note } : {}),
        parts: [{ ...who(change.person), ...when(change) }],
      }
    case 'swap':
      return {
        ...common,
        parts: change.legs.map((leg) => ({
          ...about(leg.role),
          ...who(leg.takes),
          instead: leg.gives,
          ...(names ? { insteadName: named(leg.gives) } : {}),
          ...when(leg),
        })),
      }
  }
}
