import type { AlertEffect, Plan } from '../alert/alert.ts'
import type { Directory } from '../directory/directory.ts'
import { askedOf, isBarred } from '../directory/trust.ts'
import type { AlertId, AttemptId, DeviceId, PersonId, RoleId } from '../ids.ts'
import { asId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import { type Class, isRing, type Purpose } from '../vocabulary.ts'
import type { Attempt } from './attempt.ts'
import { CHANNELS, type ChannelId, traitsOf } from './channels.ts'
import { type Device, deviceClass } from './device.ts'
import { isReachable } from './gone.ts'
import { URGENCY } from './urgency.ts'

export type Deliver = Extract<AlertEffect, { kind: 'deliver' }>
export type Radio = Extract<AlertEffect, { kind: 'radio' }>

/** What a device must know when it next pulls; the store gives it its cursor. */
export interface InboxEntry {
  readonly device: DeviceId
  readonly person: PersonId
  readonly alert: AlertId
  readonly attempt?: AttemptId
  readonly purpose: Purpose
  readonly at: Instant
  readonly expires: Instant
}

export interface Planned {
  readonly attempts: readonly Attempt[]
  readonly inbox: readonly InboxEntry[]
  /** Present when this person cannot be told at all: `no-device`. */
  readonly reason?: ReasonCode
}

interface Way {
  readonly device: Device
  readonly channel: ChannelId
}

/** Radio has no enrolled device: the page itself names whom it reaches. */
export const RADIO_DEVICE = asId<DeviceId>('radio')
const RADIO_PERSON = asId<PersonId>('radio')

/**
 * A deliver effect → one attempt for each device and channel of its path, and what those devices must find in their
 * inbox. Keys are made of the effect's key, so planning the same effect again adds nothing.
 * @param devices every device of the person and of the roles they hold now, in any state
 * @param newId a fresh id for each attempt
 * @param order the site's order of ways for the class
 * @param barred what the trust's policy keeps this person from being rung by; an emergency rings all the same where nothing else is left
 */
export function planAttempts(
  effect: Deliver,
  alert: AlertId,
  devices: readonly Device[],
  c: Class,
  at: Instant,
  newId: () => AttemptId,
  order: readonly string[] = [],
  barred: (device: Device, channel: ChannelId) => boolean = () => false,
): Planned {
  const usable = devices.filter((d) => isReachable(d, 'socket'))
  if (usable.length === 0) return { attempts: [], inbox: [], reason: 'no-device' }
  const all = waysOf(usable, c, effect, order)
  if (all.length === 0) return { attempts: [], inbox: [], reason: 'no-device' }
  const allowed = all.filter(({ device, channel }) => !barred(device, channel))
  const inDoubt = allowed.length === 0 && c === 'emergency'
  const ways = inDoubt ? all : allowed
  if (ways.length === 0) return { attempts: [], inbox: [], reason: 'ways-barred' }
  const reason = inDoubt ? 'bars-lifted' : effect.reason
  const expires = at + URGENCY[c].rings
  const attempts = ways.map(
    ({ device, channel }): Attempt => ({
      id: newId(),
      key: `${effect.key}/${device.id}/${channel}`,
      alert,
      person: effect.to,
      device: device.id,
      channel,
      purpose: effect.purpose,
      class: c,
      state: 'queued',
      try: 0,
      created: at,
      due: at,
      expires,
      reason,
    }),
  )
  const inbox: InboxEntry[] = []
  for (const attempt of attempts) {
    if (!traitsOf(attempt.channel).reads || inbox.some((row) => row.device === attempt.device)) continue
    inbox.push({
      device: attempt.device,
      person: effect.to,
      alert,
      attempt: attempt.id,
      purpose: effect.purpose,
      at,
      expires,
    })
  }
  return { attempts, inbox }
}

/** Paging again by radio: one attempt, addressed by the bleep's own page. */
export function planRadio(effect: Radio, alert: AlertId, c: Class, at: Instant, id: AttemptId): Attempt {
  return {
    id,
    key: effect.key,
    alert,
    person: RADIO_PERSON,
    device: RADIO_DEVICE,
    channel: 'radio',
    purpose: 'ask',
    class: c,
    state: 'queued',
    try: 0,
    created: at,
    due: at,
    expires: at + URGENCY[c].rings,
    reason: effect.reason,
  }
}

/** Which effect an attempt came from: all attempts of one effect stand or fall together. */
export function effectOf(attempt: Pick<Attempt, 'key' | 'device' | 'channel'>): string {
  const tail = `/${attempt.device}/${attempt.channel}`
  return attempt.key.endsWith(tail) ? attempt.key.slice(0, -tail.length) : attempt.key
}

/**
 * The devices rung together on one path. An emergency rings everything at once, by the provider and by the LAN socket;
 * less urgent calls ring the way that comes first, then everything. First is what its holder has chosen, then what the
 * site names, then the phone seen last. What is kept for last, a text or a telephone call, joins on the last path, which
 * is the first for whoever has nothing else, or at its place where somebody has named it; and a path beyond the last is
 * the last again: a person is never out of ways while a device is left. A phone whose push address is dead is rung by the
 * hospital network. What only mends a screen goes over the LAN alone, because a provider push makes a phone show something.
 */
function waysOf(
  devices: readonly Device[],
  c: Class,
  { purpose, path, by = [] }: Pick<Deliver, 'purpose' | 'path' | 'by'>,
  order: readonly string[],
): readonly Way[] {
  const own = devices.filter((d) => traitsOf(d.channel).last !== true).sort(bySight)
  const direct = (list: readonly Device[]) =>
    list
      .filter((device) => isReachable(device, device.channel))
      .map((device) => ({ device, channel: device.channel }))
  const sockets = own
    .filter((d) => CHANNELS[d.channel].hasSocket)
    .map((device): Way => ({ device, channel: 'socket' }))
  const displays = direct(own.filter((d) => traitsOf(d.channel).byBroker))
  const provided = own.filter(
    (d) => !traitsOf(d.channel).byBroker && !traitsOf(d.channel).isSocket && isReachable(d, d.channel),
  )
  const kept = devices.filter((d) => traitsOf(d.channel).last === true)

  if (purpose === 'update') return [...sockets, ...displays]
  const everything = [...direct(provided), ...displays, ...sockets]
  if (!isRing(purpose)) return everything
  const isNamed = (d: Device) => d.rank !== undefined || order.includes(d.channel)
  const at = (d: Device) => (order.includes(d.channel) ? order.indexOf(d.channel) : order.length)
  const inOrder = [...provided, ...kept.filter(isNamed)].sort(
    (a, b) => (a.rank ?? UNRANKED) - (b.rank ?? UNRANKED) || at(a) - at(b),
  )
  const named = direct(kept.filter(isNamed))
  const atOnce = direct(kept.filter((d) => by.includes(d.channel)))
  const last = direct(kept)
  if (own.length === 0) return last
  const all = [...everything, ...named]
  const first = inOrder.length > 0 ? [...direct(inOrder.slice(0, 1)), ...displays] : everything
  const paths = c === 'emergency' ? [all] : [first, all]
  return distinct([...(paths[path] ?? [...everything, ...last]), ...atOnce])
}

/** Behind every rank that somebody can give. */
const UNRANKED = 1000

/** As somebody's ways are read: what they have chosen first, then the phone seen last, then what is kept for last. */
export const byChoice = (a: Device, b: Device): number =>
  (a.rank ?? UNRANKED) - (b.rank ?? UNRANKED) ||
  Number(traitsOf(a.channel).last === true) - Number(traitsOf(b.channel).last === true) ||
  bySight(a, b)

const bySight = (a: Device, b: Device) => (b.seen ?? b.enrolled) - (a.seen ?? a.enrolled)

const distinct = (ways: readonly Way[]): readonly Way[] =>
  ways.filter(
    (way, i) => ways.findIndex((w) => w.device.id === way.device.id && w.channel === way.channel) === i,
  )

/** What the bars of a plan say of the ways to one person, who is asked for these roles. */
export function barredBy(
  { bars }: Pick<Plan, 'bars'>,
  directory: Pick<Directory, 'people'>,
  person: PersonId,
  roles: readonly RoleId[],
): (device: Device, channel: ChannelId) => boolean {
  if (bars === undefined) return () => false
  const asked = askedOf(directory, person, roles)
  return (device, channel) => isBarred(bars, asked, deviceClass(device), channel)
}
