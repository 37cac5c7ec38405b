import { partOf } from '../../core/desk/part.ts'
import type { OfferView } from '../../core/desk/people-views.ts'
import { offerView, openOffers, rotaSteps } from '../../core/desk/rota.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import type { EditInput } from '../../core/directory/edits.ts'
import { decideHandOver, type HandOverRequest } from '../../core/directory/hand-over.ts'
import { isCrash } from '../../core/directory/live.ts'
import type { FaultCode } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import { asId, type PersonId, uuid7 } from '../../core/ids.ts'
import { DAY, HOUR, type Instant } from '../../core/instant.ts'
import { REASONS, type ReasonCode } from '../../core/reasons.ts'
import type { Caller, Desk, Outcome } from '../../ports/desk.ts'
import { inSlices, restful, turn } from '../slices.ts'
import { undrilled } from './conduct.ts'
import { holdersPhones } from './crash-phones.ts'
import { actorOf, allowed, type DeskParts, deviceOf, done, peopleOf, refuse } from './desk-parts.ts'
import { editRota, moveAlerts } from './rota-edit.ts'

/** Somebody who goes off duty without a shift that ends is off this long, then the rota speaks again. */
const HELD = 12 * HOUR

/** Tells our own app why it is rung. */
const HAND_OVER = 'hand-'

const STATE = {
  offer: 'offered',
  take: 'taken',
  refuse: 'refused',
  withdraw: 'refused',
  force: 'forced',
} as const satisfies Record<HandOverRequest['kind'], OfferView['state']>

/** Refusals with a code of their own; any other means that the offer is not open any more. */
const REFUSED: Partial<Record<ReasonCode, FaultCode>> = {
  'role-unknown': 'role-unknown',
  'baton-person-unknown': 'person-unknown',
  'baton-not-holder': 'not-yours',
}
/** Longest span a rota page may ask for. */
const LONGEST = 31 * DAY

type DutyDesk = Pick<Desk, 'offers' | 'offer' | 'take' | 'refuse' | 'force' | 'rota'> & {
  readonly onDuty: (person: PersonId) => Promise<boolean>
  readonly setDuty: (caller: Caller, on: boolean) => Promise<Outcome<undefined>>
}

/** Who has which role: on and off duty, hand-over, and the rota with its gaps. */
export function createDuty(parts: DeskParts): DutyDesk {
  const { store, clock, random, roster } = parts

  /** The one person a device hands over for; a shared device has to have exactly one holder. */
  const self = async (caller: Caller): Promise<Outcome<PersonId>> => {
    const device = await store.transact((tx) => deviceOf(tx, caller))
    if (device === undefined) return refuse('not-signed-in')
    const [person, ...others] = peopleOf(parts, device)
    return person === undefined || others.length > 0 ? refuse('answerer-unclear') : done(person)
  }

  const edit = (caller: Caller, change: EditInput) => editRota(parts, caller, change)

  /** Whoever is offered or given a role is rung for it: a role that nobody knows they have is nobody's. */
  const ringing = async (handed: Outcome<OfferView>): Promise<Outcome<OfferView>> => {
    if (!handed.ok || parts.handOver === undefined) return handed
    const person = asId<PersonId>(handed.value.to)
    const owned = await store.transact((tx) => tx.devices.owned({ people: [person] }))
    const rung = await Promise.all(
      owned
        .filter(({ state }) => state === 'active')
        .map((device) => parts.handOver?.(device, `${HAND_OVER}${uuid7(clock.now(), random.bytes(10))}`)),
    )
    return done({ ...handed.value, rung: rung.includes(true) })
  }

  const asSelf = (caller: Caller, work: (person: PersonId) => Promise<Outcome<OfferView>>) =>
    allowed(parts, caller, 'handover.offer', async () => {
      const who = await self(caller)
      return who.ok ? work(who.value) : who
    })

  /** Decided against the rota as it stands, stored, and open alerts moved with the role. */
  const handOver = async (caller: Caller, request: HandOverRequest): Promise<Outcome<OfferView>> => {
    const now = clock.now()
    const before = roster.current()
    const taker = 'to' in request ? request.to : request.by
    const takes =
      request.kind === 'refuse' || request.kind === 'withdraw' ? [] : [{ role: request.role, person: taker }]
    const barred = await undrilled(parts, takes)
    if (barred !== undefined) return barred
    const decided = decideHandOver(before, request, now)
    if (!decided.applied || decided.edit === undefined) {
      return refuse(REFUSED[decided.reason] ?? 'offer-gone', REASONS[decided.reason])
    }
    const made = await edit(caller, decided.edit)
    if (!made.ok) return made
    if (decided.handedOver !== undefined) {
      // Given by switchboard or taken without an offer: whoever held it until now is who it came from.
      const from = decided.handedOver.from ?? before.holders(request.role, now)[0]?.person
      await moveAlerts(
        parts,
        request.role,
        from === decided.handedOver.to ? undefined : from,
        decided.handedOver.to,
      )
    }
    const from = 'to' in request ? undefined : before.batons.get(request.role)?.offer?.from
    const giver = request.kind === 'offer' ? request.by : from
    const to = 'to' in request ? request.to : request.by
    return done(offerView(roster.current(), request.role, giver, to, now, STATE[request.kind]))
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
        const holders = roster.current().holders(role, clock.now())
        const who: Outcome<PersonId | undefined> =
          caller.kind === 'device' ? await self(caller) : done(holders[0]?.person)
        if (!who.ok) return who
        if (who.value === undefined) return refuse('not-yours', REASONS['role-unheld'])
        return ringing(await handOver(caller, { kind: 'offer', role, by: who.value, to }))
      }),

    take: (caller, role) => asSelf(caller, (by) => handOver(caller, { kind: 'take', role, by })),
    refuse: (caller, role) =>
      asSelf(caller, (by) => {
        // Whoever made the offer takes it back the same way.
        const own = roster.current().batons.get(role)?.offer?.from === by
        return handOver(caller, { kind: own ? 'withdraw' : 'refuse', role, by })
      }),

    force: (caller, role, to) =>
      allowed(parts, caller, 'handover.force', async () =>
        ringing(await handOver(caller, { kind: 'force', role, to, operator: actorOf(caller) })),
      ),

    rota: (caller, { from, to, part = { limit: Number.POSITIVE_INFINITY } }) =>
      allowed(parts, caller, 'rota.read', async () => {
        if (to <= from || to - from > LONGEST) return refuse('request-invalid', 'querystring/to: span')
        const reader = { access: caller.access }
        const directory = roster.current()
        // Only the roles of this part are worked out: all of a large hospital take a minute.
        const { rows, next } = partOf([...directory.roles.keys()], (role) => role, part)
        const rings = await holdersPhones(parts, rows)
        await turn()
        const span = { from, to, now: clock.now() }
        const rota = await inSlices(rotaSteps(directory, rows, span, reader, rings), restful(clock))
        return done({ ...rota, ...given({ next }) })
      }),
  }
}

/** The crash role this person holds alone now: going off duty would leave nobody. */
function aloneIn(directory: SiteDirectory, person: PersonId, now: Instant): string | undefined {
  for (const role of directory.roles.values()) {
    if (!isCrash(role)) continue
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
