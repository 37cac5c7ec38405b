import type { OfferView, RotaView } from '../core/desk/people-views.ts'
import type { SiteDirectory } from '../core/directory/build.ts'
import type { Duty } from '../core/directory/directory.ts'
import type { EditInput } from '../core/directory/edits.ts'
import { namesPeople } from '../core/govern/permit.ts'
import type { AlertId, PersonId, RoleId } from '../core/ids.ts'
import { DAY, HOUR, type Instant, printInstant } from '../core/instant.ts'
import type { Caller, Desk, Outcome } from '../ports/desk.ts'
import { actorOf, allowed, audit, type DeskParts, deviceOf, done, peopleOf, refuse } from './desk-parts.ts'

/** A role that is given without a shift behind it is held this long, then the rota speaks again. */
const HELD = 12 * HOUR
/** How early somebody who is on next may take a role that nobody offered. */
const EARLY = HOUR
/** Longest span a rota page may ask for. */
const LONGEST = 31 * DAY

type DutyDesk = Pick<Desk, 'offers' | 'offer' | 'take' | 'refuse' | 'force' | 'rota'> & {
  readonly onDuty: (person: PersonId) => Promise<boolean>
  readonly setDuty: (caller: Caller, on: boolean) => Promise<Outcome<undefined>>
}

/** Who has which role: on and off duty, hand-over, and the rota with its gaps. */
export function createDuty(parts: DeskParts): DutyDesk {
  const { store, clock, roster, alerts } = parts

  /** The one person a device hands over for; a shared device has to have exactly one holder. */
  const self = async (caller: Caller): Promise<Outcome<PersonId>> => {
    const device = await store.transact((tx) => deviceOf(tx, caller))
    if (device === undefined) return refuse('not-signed-in')
    const [person, ...others] = peopleOf(parts, device)
    return person === undefined || others.length > 0 ? refuse('answerer-unclear') : done(person)
  }

  const edit = async (caller: Caller, change: EditInput): Promise<Outcome<string>> => {
    const made = await roster.edit(actorOf(caller), change)
    await audit(
      parts,
      caller,
      `rota.${change.kind}`,
      'role' in change ? change.role : '',
      made.ok ? 'done' : 'refused',
    )
    return made
  }

  /** Open alerts move with the role. */
  const moveAlerts = async (role: RoleId, from: PersonId | undefined, to: PersonId) => {
    const open = await store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 1000 }))
    const at = clock.now()
    for (const { id } of open) {
      await alerts.apply(id satisfies AlertId, {
        kind: 'handed-over',
        at,
        role,
        ...(from === undefined ? {} : { from }),
        to,
      })
    }
  }

  const noteKey = (person: PersonId) => `off-duty/${person}`

  const offNote = async (person: PersonId): Promise<{ edit: string } | undefined> => {
    const note = await store.transact((tx) => tx.notes.get(noteKey(person)))
    if (typeof note !== 'object' || note === null || !('edit' in note) || !('until' in note)) return undefined
    return typeof note.edit === 'string' && typeof note.until === 'number' && note.until > clock.now()
      ? { edit: note.edit }
      : undefined
  }

  return {
    onDuty: async (person) => (await offNote(person)) === undefined,

    async setDuty(caller, on) {
      const who = await self(caller)
      if (!who.ok) return who
      const person = who.value
      const off = await offNote(person)
      const now = clock.now()
      if (on && off !== undefined) {
        const made = await edit(caller, { kind: 'revoke', edit: off.edit })
        if (!made.ok) return made
        await store.transact((tx) => tx.notes.set(noteKey(person), null, now))
      }
      if (!on && off === undefined) {
        const alone = aloneIn(roster.current(), person, now)
        if (alone !== undefined) return refuse('duty-needs-handover', alone)
        const until = Math.floor(dutyEnd(roster.current(), person, now))
        const made = await edit(caller, { kind: 'leave', person, from: Math.floor(now), to: until })
        if (!made.ok) return made
        await store.transact((tx) => tx.notes.set(noteKey(person), { edit: made.value, until }, now))
      }
      return done(undefined)
    },

    offers: (caller) =>
      allowed(parts, caller, 'handover.offer', async () => {
        if (caller.kind === 'operator') return done(openOffers(roster.current()))
        const who = await self(caller)
        return who.ok
          ? done(openOffers(roster.current()).filter((o) => o.to === who.value || o.from === who.value))
          : who
      }),

    offer: (caller, role, to) =>
      allowed(parts, caller, 'handover.offer', async () => {
        const directory = roster.current()
        const holders = directory.holders(role, clock.now()).map((h) => h.person)
        const who: Outcome<PersonId | undefined> =
          caller.kind === 'device' ? await self(caller) : done(holders[0])
        if (!who.ok) return who
        const from = who.value
        if (!directory.roles.has(role)) return refuse('role-unknown')
        if (directory.people.get(to)?.active !== true) return refuse('person-unknown')
        if (from === undefined || !holders.includes(from) || from === to) return refuse('not-yours')
        const made = await edit(caller, { kind: 'offer', role, from, to })
        if (!made.ok) return made
        store.wake.ring('inbox')
        return done(offerView(roster.current(), role, from, to, clock.now(), 'offered'))
      }),

    take: (caller, role) =>
      allowed(parts, caller, 'handover.offer', async () => {
        const who = await self(caller)
        if (!who.ok) return who
        const person = who.value
        const directory = roster.current()
        const now = clock.now()
        const offer = directory.batons.get(role)?.offer
        const from = offer?.to === person ? offer.from : directory.holders(role, now)[0]?.person
        const until = takenUntil(directory.duties(role, now, now + DAY), person, from, now)
        const free = directory.duties(role, now, now + EARLY).some((d) => d.person === person)
        const made = await edit(caller, { kind: 'take', role, person, until: Math.floor(until), free })
        if (!made.ok) return made
        await moveAlerts(role, from === person ? undefined : from, person)
        return done(offerView(roster.current(), role, from, person, now, 'taken'))
      }),

    refuse: (caller, role) =>
      allowed(parts, caller, 'handover.offer', async () => {
        const who = await self(caller)
        if (!who.ok) return who
        const from = roster.current().batons.get(role)?.offer?.from
        const made = await edit(caller, { kind: 'refuse', role, person: who.value })
        if (!made.ok) return made
        store.wake.ring('inbox')
        return done(offerView(roster.current(), role, from, who.value, clock.now(), 'refused'))
      }),

    force: (caller, role, to) =>
      allowed(parts, caller, 'handover.force', async () => {
        const directory = roster.current()
        if (!directory.roles.has(role)) return refuse('role-unknown')
        if (directory.people.get(to)?.active !== true) return refuse('person-unknown')
        const now = clock.now()
        const from = directory.holders(role, now)[0]?.person
        const until = Math.floor(takenUntil(directory.duties(role, now, now + DAY), to, from, now))
        const made = await edit(caller, { kind: 'force', role, person: to, until, operator: actorOf(caller) })
        if (!made.ok) return made
        await moveAlerts(role, from === to ? undefined : from, to)
        return done(offerView(roster.current(), role, from, to, now, 'forced'))
      }),

    rota: (caller, { from, to }) =>
      allowed(parts, caller, 'rota.read', async () => {
        if (to <= from || to - from > LONGEST) return refuse('request-invalid', 'querystring/to: span')
        return done(rotaView(roster.current(), from, to, clock.now(), namesPeople(caller.access)))
      }),
  }
}

/** Until the taker’s own shift ends, else the giver’s, else twelve hours. */
function takenUntil(
  duties: readonly Duty[],
  to: PersonId,
  from: PersonId | undefined,
  now: Instant,
): Instant {
  const ends = (person: PersonId | undefined) =>
    duties.filter((d) => d.person === person && d.to > now).map((d) => d.to)
  const [own] = ends(to)
  const [given] = ends(from)
  return own ?? given ?? now + HELD
}

/** The crash role this person holds alone now: going off duty would leave nobody. */
function aloneIn(directory: SiteDirectory, person: PersonId, now: Instant): string | undefined {
  for (const role of directory.roles.values()) {
    if (!role.crash) continue
    const holders = directory.holders(role.id, now)
    if (holders.length === 1 && holders[0]?.person === person) return role.name
  }
  return undefined
}

function dutyEnd(directory: SiteDirectory, person: PersonId, now: Instant): Instant {
  const ends = [...directory.roles.keys()].flatMap((role) =>
    directory
      .duties(role, now, now + 1)
      .filter((d) => d.person === person)
      .map((d) => d.to),
  )
  return Math.max(now + HELD, ...ends.filter(Number.isFinite))
}

export function openOffers(directory: SiteDirectory): OfferView[] {
  return [...directory.batons.values()].flatMap(({ role, offer }) =>
    offer === undefined ? [] : [offerView(directory, role, offer.from, offer.to, offer.at, 'offered')],
  )
}

function offerView(
  directory: SiteDirectory,
  role: RoleId,
  from: PersonId | undefined,
  to: PersonId,
  at: Instant,
  state: OfferView['state'],
): OfferView {
  const name = (person: PersonId) => directory.people.get(person)?.name ?? person
  return {
    id: `${role}/${Math.floor(at)}`,
    role,
    name: directory.roles.get(role)?.name ?? role,
    ...(from === undefined ? {} : { from, fromName: name(from) }),
    to,
    toName: name(to),
    at: printInstant(at),
    state,
  }
}

/** Between two changes of hands the same people hold a role: nobody is a gap, more than meant is double cover. */
export function rotaView(
  directory: SiteDirectory,
  from: Instant,
  to: Instant,
  now: Instant,
  names: boolean,
): RotaView {
  const named = (person: PersonId) => (names ? (directory.people.get(person)?.name ?? person) : person)
  return {
    now: printInstant(now),
    from: printInstant(from),
    to: printInstant(to),
    roles: [...directory.roles.values()].map((role) => {
      const duties = directory.duties(role.id, from, to)
      const marks = [from, ...duties.flatMap((d) => [d.from, d.to]), to]
        .filter((at) => at >= from && at <= to)
        .sort((a, b) => a - b)
      const cuts = [...new Set(marks)]
      const spans = cuts.slice(0, -1).map((start, i) => {
        const on = [...new Set(duties.filter((d) => d.from <= start && d.to > start).map((d) => d.person))]
        const meant = role.holders ?? 1
        const state: 'held' | 'gap' | 'double' =
          on.length > meant ? 'double' : on.length < meant ? 'gap' : 'held'
        return { from: printInstant(start), to: printInstant(cuts[i + 1] ?? to), state, names: on.map(named) }
      })
      return {
        role: role.id,
        name: role.name,
        crash: role.crash,
        holders: directory.holders(role.id, now).map((h) => ({
          person: h.person,
          ...(names ? { name: named(h.person) } : {}),
          source: h.source,
        })),
        spans,
      }
    }),
  }
}
