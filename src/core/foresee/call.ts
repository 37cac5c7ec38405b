import type { Alert, AlertEffect, AlertEvent, Plan } from '../alert/alert.ts'
import { blankAlert, stepAlert } from '../alert/lifecycle.ts'
import { responderOf } from '../alert/responder.ts'
import type { ChannelId } from '../deliver/channels.ts'
import type { Device } from '../deliver/device.ts'
import { barredBy, type Deliver, planAttempts } from '../deliver/plan.ts'
import { stateOf, type WayState } from '../deliver/proof.ts'
import { type Directory, targetKey } from '../directory/directory.ts'
import { type AlertId, type AttemptId, asId, type BleepId, type PersonId, type RoleId } from '../ids.ts'
import type { Instant, Millis } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import { whoAt } from '../route/who.ts'
import { isRing, type Level } from '../vocabulary.ts'

/** One person who is rung, and by which ways; none where no device of theirs is known. */
interface Asked {
  readonly person: PersonId
  /** The role that makes them eligible; absent for somebody who was named. */
  readonly role?: RoleId
  readonly ways: readonly { readonly channel: ChannelId; readonly state: WayState; readonly last?: Instant }[]
}

/** What happens at one moment for one reason while nobody answers. */
interface ForeseenStep {
  /** Since the page was raised. */
  readonly after: Millis
  readonly reason: ReasonCode
  readonly asks: readonly Asked[]
  /** The page goes out by radio again. */
  readonly radio: boolean
  /** What the switchboard is told with it. */
  readonly switchboard: Level
}

export interface ForeseenCall {
  readonly steps: readonly ForeseenStep[]
  /** How often the last step is repeated; absent: it is not. */
  readonly repeats?: Millis
}

export interface ForeseenParts {
  readonly directory: Directory
  /** Devices in any state; absent: what is enrolled is not known. */
  readonly devices?: readonly Device[]
  /** Ways that the site has set up; absent: whatever devices name, and the radio. */
  readonly channels?: ReadonlySet<ChannelId>
  /** By when a way must have been shown to work. */
  readonly now: Instant
}

/** A plan has twenty steps and a person four ways: more moments than this are a circle. */
const MOMENTS = 200

/**
 * A call that nobody answers, from its first ring to the end of its plan: the alert machine itself is stepped, with
 * the devices as they are, and nothing of it is kept. Who holds a role is looked up at the second of each step.
 */
export function foreseeCall(plan: Plan, at: Instant, parts: ForeseenParts): ForeseenCall {
  const steps: ForeseenStep[] = []
  let alert = blankAlert(asId<AlertId>('foreseen'), asId<BleepId>('foreseen'), plan, at)
  let event: AlertEvent = { kind: 'raised', at }
  for (let left = MOMENTS; left > 0; left--) {
    const moment = stepMoment(alert, event, parts)
    alert = moment.alert
    steps.push(...moment.steps)
    const next = Object.entries(alert.due).sort(([, a], [, b]) => a - b)[0]
    if (next === undefined || next[0] === 'close') return { steps }
    if (next[0] === 'repeat') return { steps, repeats: plan.repeatLast }
    event = { kind: 'due', name: next[0], at: next[1] }
  }
  return { steps }
}

interface Moment {
  readonly alert: Alert
  readonly steps: readonly ForeseenStep[]
}

/** One event, and again for each person who turns out to have no device, as the daemon does it. */
function stepMoment(before: Alert, first: AlertEvent, parts: ForeseenParts): Moment {
  let alert = before
  const steps: ForeseenStep[] = []
  const queue: AlertEvent[] = [first]
  for (let event = queue.shift(); event; event = queue.shift()) {
    const [next, effects] = stepAlert(alert, event, whoAt(parts.directory, event.at))
    alert = next
    const rings = effects.filter((e): e is Deliver => e.kind === 'deliver' && isRing(e.purpose))
    const asked = rings.map((ring) => ({ ring, ...ask(ring, alert, event.at, parts) }))
    for (const { ring, missing } of asked)
      if (missing) queue.push({ kind: 'unreachable', at: event.at, person: ring.to, reason: missing })
    const set = parts.channels?.has('radio') === false ? effects.filter((e) => e.kind !== 'radio') : effects
    steps.push(...stepsOf(asked, set, event.at - alert.raised))
  }
  return { alert, steps }
}

function ask(ring: Deliver, alert: Alert, at: Instant, parts: ForeseenParts) {
  const { directory, devices, channels, now } = parts
  const roles = responderOf(alert, ring.to)?.roles ?? []
  const owners = new Set([
    targetKey({ kind: 'person', person: ring.to }),
    ...roles.map((role) => targetKey({ kind: 'role', role })),
  ])
  const own = devices?.filter(({ owner }) => owner.kind !== 'ward' && owners.has(targetKey(owner))) ?? []
  const { class: c, ways: order } = alert.plan
  const planned = planAttempts(
    ...([ring, alert.id, own, c, at, () => asId<AttemptId>('foreseen'), order] as const),
    barredBy(alert.plan, directory, ring.to, roles),
  )
  const open = planned.attempts.filter(({ channel }) => channels?.has(channel) !== false)
  const ways = open.map(({ device, channel }) => {
    const proof = own.find(({ id }) => id === device)?.proved?.[channel]
    const state = stateOf([{ channel, ...(proof ? { proof } : {}) }], now)
    return { channel, state, ...(proof ? { last: proof.at } : {}) }
  })
  const role = roles[0] ?? heldRole(directory, ring.to, alert)
  const asked: Asked = { person: ring.to, ways, ...(role === undefined ? {} : { role }) }
  // A way that is not set up fails at once, as the daemon would find.
  const reason = planned.reason ?? (open.length === 0 ? ('path-failed' as const) : undefined)
  return { asked, missing: devices === undefined ? undefined : reason }
}

/** Somebody who was asked by name may still be there for a role of the call. */
function heldRole(directory: Directory, person: PersonId, { plan, raised }: Alert): RoleId | undefined {
  return plan.need.find(({ role }) => directory.holders(role, raised).some((h) => h.person === person))?.role
}

function stepsOf(
  asked: readonly { readonly ring: Deliver; readonly asked: Asked }[],
  effects: readonly AlertEffect[],
  after: Millis,
): readonly ForeseenStep[] {
  const told = effects.filter((e) => e.kind === 'tell' && e.audience === 'switchboard')
  const loudest = (['act', 'prompt'] as const).find((level) =>
    told.some((e) => 'level' in e && e.level === level),
  )
  const radio = effects.find((e) => e.kind === 'radio')
  const byReason = Map.groupBy(asked, ({ ring }) => ring.reason)
  const news = told.find((e) => e.kind === 'tell' && e.level === loudest)
  const reason = radio?.reason ?? (news && 'reason' in news ? news.reason : undefined)
  if (byReason.size === 0 && reason !== undefined && (radio !== undefined || loudest !== undefined))
    byReason.set(reason, [])
  return [...byReason].map(([why, list], i) => ({
    after,
    reason: why,
    asks: list.map((one) => one.asked),
    radio: i === 0 && radio !== undefined,
    switchboard: i === 0 ? (loudest ?? 'none') : 'none',
  }))
}
