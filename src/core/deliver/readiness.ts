import type { SiteDirectory } from '../directory/build.ts'
import { isCrash, rungHolders } from '../directory/live.ts'
import { given } from '../given.ts'
import type { PersonId, RoleId } from '../ids.ts'
import { HOUR, type Instant, type Millis } from '../instant.ts'
import { appOf } from './channels.ts'
import type { Device, Proof } from './device.ts'
import { byChoice } from './plan.ts'
import { goneSince, lastProof, type ProvedWay, stateOf, type WayState, waysTo } from './proof.ts'

/** One person in one crash role, now or next, and how they can be rung. */
export interface HolderReadiness {
  readonly role: RoleId
  readonly holder: PersonId
  /** The duty; unbounded where it is given by hand. */
  readonly from: Instant
  readonly to: Instant
  readonly next: boolean
  readonly ways: readonly ProvedWay[]
  readonly state: WayState
  readonly last?: Proof
  /** The same with the app closed; absent where nobody expects a phone of theirs to ring so. */
  readonly closed?: WayState
  /** Every push address of theirs is known to be gone: there is nothing to wait for. */
  readonly lost: boolean
}

/** The next change of shift is looked for so far ahead. */
const AHEAD: Millis = 26 * HOUR

/** Whose phones the readiness of crash roles hangs on: their holders now and after the next change of shift. */
export function dutiesOf(
  directory: SiteDirectory,
  now: Instant,
): readonly Pick<HolderReadiness, 'role' | 'holder' | 'from' | 'to' | 'next'>[] {
  return [...directory.roles.values()].flatMap((role) => {
    if (!isCrash(role)) return []
    const duties = directory.duties(role.id, now, now + AHEAD)
    const rung = (person: PersonId) => directory.people.get(person)?.pagerOnly !== true
    const held = rungHolders(directory, role.id, now).map(({ person }) => {
      const duty = duties.find((d) => d.person === person && d.from <= now && d.to > now)
      return { ...bounds(duty, now), role: role.id, holder: person, next: false }
    })
    const change = Math.min(...duties.map((d) => d.from).filter((from) => from > now))
    const coming = duties
      .filter(
        (d) =>
          d.from === change && rung(d.person) && !held.some((h) => h.holder === d.person && h.to > d.from),
      )
      .map((d) => ({ ...bounds(d, now), role: role.id, holder: d.person, next: true }))
    return [...held, ...coming]
  })
}

const bounds = (duty: { readonly from: Instant; readonly to: Instant } | undefined, now: Instant) => ({
  from: duty?.from ?? now,
  to: duty?.to ?? Number.POSITIVE_INFINITY,
})

/** Whether somebody can be rung, as far as was shown. */
export type PhoneState = Pick<HolderReadiness, 'ways' | 'state' | 'last' | 'closed' | 'lost'>

/** Whether whoever owns these can be rung, with the app open and closed, and when that was last shown. */
export function phoneOf(devices: readonly Device[], now: Instant): PhoneState {
  const ways = devices.toSorted(byChoice).flatMap(waysTo)
  const pushed = devices.filter(isPushed)
  const shut = ways.filter(({ channel }) => appOf(channel) !== 'open')
  const closed = pushed.length > 0 ? stateOf(shut, now) : undefined
  const lost = pushed.length > 0 && pushed.every((d) => d.state === 'dead' || goneSince(d) !== undefined)
  return { ways, state: stateOf(ways, now), lost, ...given({ last: lastProof(ways), closed }) }
}

/** Each of them with the ways that ring and when each was last shown to. A role's own devices ring for all who hold it. */
export function readinessOf(
  directory: SiteDirectory,
  devices: readonly Device[],
  now: Instant,
): readonly HolderReadiness[] {
  return dutiesOf(directory, now).map((duty) => {
    const own = devices.filter(({ owner }) =>
      owner.kind === 'person'
        ? owner.person === duty.holder
        : owner.kind === 'role' && owner.role === duty.role,
    )
    return { ...duty, ...phoneOf(own, now) }
  })
}

/** Its app is to ring while it is closed. A handset that stays on the ward with its app open has no such way. */
function isPushed({ state, channel }: Device): boolean {
  return appOf(channel) === 'closed' && (state === 'active' || state === 'dead')
}

/** The worst that can be said of those who hold a role now: each of them is to ring. */
export function roleState(all: readonly HolderReadiness[], role: RoleId): WayState | undefined {
  const held = all.filter((one) => one.role === role && !one.next).map(({ state }) => state)
  if (held.length === 0) return undefined
  return (['none', 'not-since', 'proved'] as const).find((state) => held.includes(state))
}
