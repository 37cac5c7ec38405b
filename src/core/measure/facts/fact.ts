import type { Alert, AlertEvent } from '../../alert/alert.ts'
import type { Bleep } from '../../bleep/bleep.ts'
import { isInside } from '../../bleep/telephone.ts'
import type { Directory, Target } from '../../directory/directory.ts'
import { given } from '../../given.ts'
import type { BleepId } from '../../ids.ts'
import type { Instant } from '../../instant.ts'
import { seedOf } from '../../seeded.ts'
import { type Class, isYes } from '../../vocabulary.ts'
import { type HopName, type StampedHop, stampsOf } from '../hops.ts'

/**
 * One bleep as a report needs it: when each hop was first reached, whom it was for, how it was answered. Holds no text
 * and no name. The person is a short digest that tells people of one group apart and
 * finds nobody.
 */
export interface Fact {
  readonly bleep: string
  /** First byte on the line. */
  readonly at: Instant
  readonly class: Class
  readonly kind: string
  readonly number: string
  readonly role?: string
  readonly staffGroup?: string
  readonly person?: string
  /** Extension that the sender asked to be called on; `outside/…`: a telephone that is not of the house, without its number. */
  readonly callBack?: string
  readonly handed?: Instant
  readonly taken?: Instant
  readonly onDevice?: Instant
  readonly presented?: Instant
  readonly opened?: Instant
  readonly accepted?: Instant
  readonly covered?: Instant
  readonly arrived?: Instant
  /** When whoever asked was told of the answer, by their own receipt. */
  readonly told?: Instant
  /** The ward that asked. */
  readonly ward?: string
  /** Who acknowledged it; `pbx`: an answered call-back, for somebody with a pager only. */
  readonly by?: 'person' | 'switchboard' | 'pbx'
  /** People who were asked, and those of them who said that it was not for them; absent where it raised no alert. */
  readonly asked?: number
  readonly notMe?: number
}

type HopField = Exclude<
  keyof Fact,
  | 'bleep'
  | 'at'
  | 'class'
  | 'kind'
  | 'number'
  | 'role'
  | 'staffGroup'
  | 'person'
  | 'callBack'
  | 'by'
  | 'asked'
  | 'notMe'
  | 'told'
  | 'ward'
>

/** Hop → field of a fact. */
const FACT_HOPS: Readonly<Partial<Record<HopName, HopField>>> = {
  handed: 'handed',
  taken: 'taken',
  'on-device': 'onDevice',
  presented: 'presented',
  opened: 'opened',
  accepted: 'accepted',
  covered: 'covered',
  arrived: 'arrived',
}

/** The fact of one bleep. Of several devices or people the first to reach a hop counts. */
export function factOf(
  bleep: Bleep,
  alert: Alert | undefined,
  events: readonly AlertEvent[],
  hops: readonly StampedHop[],
  directory: Directory,
  asker: { readonly ward?: string; readonly known?: Instant } = {},
): Fact {
  const times: Partial<Record<HopField, Instant>> = {}
  for (const { hop, at } of stampsOf(hops)) {
    const field = FACT_HOPS[hop]
    if (field !== undefined) times[field] = Math.min(times[field] ?? at, at)
  }
  const answer = events.find((e) => e.kind === 'answered' && isYes(e.answer))
  const target = alert?.plan.steps[0]?.ask[0] ?? directory.numbers.get(bleep.number)?.to
  const role = roleOf(target, directory)
  const person = answer?.kind === 'answered' ? answer.person : holderOf(role, bleep, directory)
  const staffGroup = role === undefined ? undefined : directory.roles.get(role)?.staffGroup
  if (answer?.kind === 'answered') times.accepted ??= answer.at
  return {
    bleep: bleep.id,
    at: bleep.page.firstByte,
    class: bleep.meaning?.class ?? 'routine',
    kind: bleep.meaning?.kind ?? 'unknown',
    number: bleep.number,
    ...(role === undefined ? {} : { role }),
    ...(staffGroup === undefined ? {} : { staffGroup }),
    ...(person === undefined ? {} : { person: seedOf(person).toString(36) }),
    ...(bleep.meaning?.callBack === undefined ? {} : { callBack: kept(bleep.meaning.callBack, bleep.id) }),
    ...times,
    ...(answer?.kind === 'answered' && answer.by.kind !== 'asker' ? { by: answer.by.kind } : {}),
    ...(alert === undefined ? {} : recipientsOf(alert)),
    ...given({ ward: asker.ward, told: asker.known }),
  }
}

/** A telephone of the house is held against the exchange's records. Of one outside it stays that there was one. */
const kept = (callBack: string, bleep: BleepId): string =>
  isInside(callBack) ? callBack : `outside/${seedOf(bleep).toString(36)}`

function recipientsOf({ responders }: Alert): Pick<Fact, 'asked' | 'notMe'> {
  const states = Object.values(responders).map(({ state }) => state)
  return { asked: states.length, notMe: states.filter((state) => state === 'not-me').length }
}

function roleOf(target: Target | undefined, directory: Directory) {
  if (target?.kind === 'role') return target.role
  if (target?.kind === 'team') return directory.teams.get(target.team)?.members[0]?.role
  return undefined
}

function holderOf(role: ReturnType<typeof roleOf>, bleep: Bleep, directory: Directory) {
  return role === undefined ? undefined : directory.holders(role, bleep.received)[0]?.person
}
