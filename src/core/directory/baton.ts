import type { PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Step } from '../step.ts'

/** A role in somebody's hands, with its baton bleep where it has one: what hand-overs have made of the rota. */
export interface Baton {
  readonly role: RoleId
  /** The last hand-over: its holder until `until`, then the rota speaks again. */
  readonly held?: Held
  /** Made and not yet answered. The offerer holds the role until it is taken. */
  readonly offer?: { readonly from: PersonId; readonly to: PersonId; readonly at: Instant }
}

interface Held {
  readonly person: PersonId
  readonly since: Instant
  readonly until: Instant
  /** When it was offered, where it was: with `since`, the two clocks of a hand-over. */
  readonly offered?: Instant
  readonly forced: boolean
}

/** `free`: the rota has this person on now or shortly, so they may take it without an offer. */
export type BatonInput =
  | { readonly kind: 'offer'; readonly at: Instant; readonly from: PersonId; readonly to: PersonId }
  | {
      readonly kind: 'take'
      readonly at: Instant
      readonly person: PersonId
      readonly until: Instant
      readonly free: boolean
    }
  | { readonly kind: 'refuse' | 'withdraw'; readonly at: Instant; readonly person: PersonId }
  | { readonly kind: 'force'; readonly at: Instant; readonly person: PersonId; readonly until: Instant }

export type BatonEffect =
  /** The role has a new holder from `at`: open alerts move with it. `from` is missing where nobody offered it. */
  | {
      readonly kind: 'handed-over'
      readonly role: RoleId
      readonly from?: PersonId
      readonly to: PersonId
      readonly at: Instant
      readonly until: Instant
    }
  | { readonly kind: 'answered'; readonly applied: boolean; readonly reason: ReasonCode }

/** The hand-over machine of one role. Who may offer (the holder) is the caller's to know: it asks the rota. */
export function stepBaton(baton: Baton, input: BatonInput): Step<Baton, BatonEffect> {
  const { role, offer } = baton
  switch (input.kind) {
    case 'offer':
      return [
        { ...baton, offer: { from: input.from, to: input.to, at: input.at } },
        [answered(true, 'baton-offered')],
      ]
    case 'take': {
      if (holds(baton, input.person, input.at)) return [baton, [answered(false, 'baton-already')]]
      const offered = offer?.to === input.person ? offer : undefined
      if (offered === undefined && !input.free) return [baton, [answered(false, 'baton-not-offered')]]
      const held: Held = {
        person: input.person,
        since: input.at,
        until: input.until,
        ...(offered === undefined ? {} : { offered: offered.at }),
        forced: false,
      }
      return [{ role, held }, [handedOver(role, held, offered?.from), answered(true, 'baton-taken')]]
    }
    case 'refuse':
      if (offer?.to !== input.person) return [baton, [answered(false, 'baton-not-offered')]]
      return [withoutOffer(baton), [answered(true, 'baton-refused')]]
    case 'withdraw':
      if (offer?.from !== input.person) return [baton, [answered(false, 'baton-not-offered')]]
      return [withoutOffer(baton), [answered(true, 'baton-withdrawn')]]
    case 'force': {
      const held: Held = { person: input.person, since: input.at, until: input.until, forced: true }
      return [{ role, held }, [handedOver(role, held, undefined), answered(true, 'baton-forced')]]
    }
  }
}

function holds(baton: Baton, person: PersonId, at: Instant): boolean {
  return baton.held?.person === person && at < baton.held.until
}

function withoutOffer({ role, held }: Baton): Baton {
  return held === undefined ? { role } : { role, held }
}

function handedOver(role: RoleId, held: Held, from: PersonId | undefined): BatonEffect {
  return {
    kind: 'handed-over',
    role,
    ...(from === undefined ? {} : { from }),
    to: held.person,
    at: held.since,
    until: held.until,
  }
}

function answered(applied: boolean, reason: ReasonCode): BatonEffect {
  return { kind: 'answered', applied, reason }
}
