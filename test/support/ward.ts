import type { AlertEvent } from '../../src/core/alert/alert.ts'
import type { Bleep } from '../../src/core/bleep/bleep.ts'
import { classify } from '../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../src/core/bleep/rule-schema.ts'
import { compileRules, type Rules } from '../../src/core/bleep/rules.ts'
import { CHANNEL_IDS, type ChannelId } from '../../src/core/deliver/channels.ts'
import type { Directory, PlanNumber, Role, Target } from '../../src/core/directory/directory.ts'
import { type AlertId, asId, type BleepId, type PersonId } from '../../src/core/ids.ts'
import { type Millis, SECOND } from '../../src/core/instant.ts'
import { type Policies, policiesSchema } from '../../src/core/route/policy.ts'
import type { Channel } from '../../src/ports/channel.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Metrics } from '../../src/ports/metrics.ts'
import type { Random } from '../../src/ports/random.ts'
import type { Store } from '../../src/ports/store.ts'
import { type Alerts, createAlerts } from '../../src/run/alert/alerts.ts'
import { startAuditor } from '../../src/run/alert/auditor.ts'
import type { Elsewhere } from '../../src/run/alert/elsewhere.ts'
import { type Raise, startRaise } from '../../src/run/alert/raise.ts'
import { createSeparate } from '../../src/run/alert/separate.ts'
import { startTicker } from '../../src/run/alert/ticker.ts'
import { type RunningOutbox, startOutbox } from '../../src/run/deliver/outbox.ts'
import { createIngest, type Ingest } from '../../src/run/line/ingest.ts'
import type { IngestParts } from '../../src/run/line/ingest-parts.ts'
import { quietLog, quietMetrics } from './quiet.ts'

/** A ward of nine people, small enough to keep in mind while reading a score. */
const ROLES: Readonly<Record<string, { holders: string[]; substitutes?: string[] }>> = {
  'med-reg': { holders: ['reg'], substitutes: ['icu-reg'] },
  'icu-reg': { holders: ['icu'] },
  'ccu-nurse': { holders: ['nurse'], substitutes: ['outreach'] },
  outreach: { holders: ['out'] },
  anaes: { holders: ['gas'] },
  'surg-f1': { holders: ['f1a', 'f1b'], substitutes: ['surg-reg'] },
  'surg-reg': { holders: ['surg'] },
  'night-coord': { holders: [], substitutes: ['surg-reg'] },
  nobody: { holders: [] },
  manager: { holders: ['boss'] },
}

const NUMBERS: Readonly<Record<string, [to: string, kind?: string, c?: PlanNumber['class']]>> = {
  2222: ['team:crash', 'adult-arrest', 'emergency'],
  2223: ['role:nobody', 'trauma', 'emergency'],
  2224: ['team:gap', 'stroke', 'emergency'],
  2299: ['team:crash', 'test', 'test'],
  1113: ['role:med-reg'],
  '0028': ['role:surg-f1'],
  '0930': ['role:night-coord'],
  4000: ['role:nobody'],
  '0770': ['person:gas'],
}

/** Radio addresses of some of them. */
const RICS: Readonly<Record<string, string>> = {
  1234560: '2222',
  1234568: '1113',
  1234573: '0028',
  1234578: '0770',
}

const TEAMS: Readonly<Record<string, readonly (readonly [string, 'mandatory' | 'optional'])[]>> = {
  crash: [
    ['med-reg', 'mandatory'],
    ['ccu-nurse', 'mandatory'],
    ['anaes', 'optional'],
  ],
  gap: [
    ['med-reg', 'mandatory'],
    ['night-coord', 'mandatory'],
  ],
}

export const targetOf = (text: string): Target => {
  const [kind, id = ''] = text.split(':')
  if (kind === 'role') return { kind, role: asId(id) }
  return kind === 'team' ? { kind, team: asId(id) } : { kind: 'person', person: asId(id) }
}

/** Who holds what, which a score may change while it runs. */
export type Holding = Map<string, readonly string[]>

export const aHolding = (): Holding =>
  new Map(Object.entries(ROLES).map(([role, { holders }]) => [role, holders]))

export function wardDirectory(holding: Holding): Directory & {
  readonly extensions: ReadonlyMap<string, string>
} {
  const people = new Set([...Object.values(ROLES).flatMap((r) => r.holders), ...[...holding.values()].flat()])
  return {
    zone: 'Europe/London',
    extensions: new Map([
      ['4421', 'Ward 7B'],
      ['4422', 'Ward 7B'],
    ]),
    people: new Map(
      [...people].map((id) => [asId(id), { id: asId(id), name: id, staffGroup: 'doctor', active: true }]),
    ),
    roles: new Map(
      Object.entries(ROLES).map(([id, { substitutes = [] }]): [Role['id'], Role] => [
        asId(id),
        {
          id: asId(id),
          name: id,
          site: 'ward',
          staffGroup: 'doctor',
          crash: false,
          substitutes: substitutes.map((s) => asId(s)),
        },
      ]),
    ),
    teams: new Map(
      Object.entries(TEAMS).map(([id, members]) => [
        asId(id),
        {
          id: asId(id),
          name: id,
          members: members.map(([role, need]) => ({ role: asId(role), need, count: 1 })),
        },
      ]),
    ),
    numbers: new Map(Object.keys(NUMBERS).map((number) => [number, planNumber(number)])),
    rics: new Map(Object.entries(RICS).map(([ric, number]) => [ric, planNumber(number)])),
    holders: (role) =>
      (holding.get(role) ?? []).map((person) => ({ person: asId(person), role, source: 'ward' })),
  }
}

function planNumber(number: string): PlanNumber {
  const [to, kind, c] = NUMBERS[number]!
  return {
    number,
    to: targetOf(to),
    site: 'ward',
    description: number,
    ...(kind ? { kind } : {}),
    ...(c ? { class: c } : {}),
  }
}

const rules = (): Rules => {
  const compiled = compileRules(rulesSchema.parse({}))
  if (!compiled.ok) throw new Error('the starter rules do not compile')
  return compiled.rules
}
const RULES = rules()

/** Bytes that differ every time and are the same in every run. */
export function countingRandom(): Random {
  let n = 0
  return {
    bytes: (count) => {
      n += 1
      return Uint8Array.from({ length: count }, (_, i) =>
        i < 4 ? (n >> (8 * (3 - i))) & 0xff : (n * 31 + i) & 0xff,
      )
    },
  }
}

export interface Sent {
  readonly person: string
  readonly purpose: string
  readonly channel: ChannelId
  readonly alert: AlertId
  readonly attempt: string
  readonly reason: string
}

export interface Ward {
  readonly store: Store
  readonly alerts: Alerts
  readonly ingest: Ingest
  readonly raise: Raise
  readonly separate: ReturnType<typeof createSeparate>
  /** Pages as the line would deliver them; false when the page could not be made durable. */
  page(number: string, text: string, more?: { tap?: string; sequence?: string }): Promise<BleepId | undefined>
  stop(): Promise<void>
}

export interface WardParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly holding: Holding
  readonly policies?: Partial<Policies>
  /** Every hand-over to a channel, in order. */
  readonly onSent: (sent: Sent) => void
  /** Every event that was stored, as it was announced. */
  readonly onEvent?: (alert: AlertId, event: AlertEvent) => void
  readonly wrap?: (alerts: Alerts) => Alerts
  /** Longest sleep of raise, ticker and outbox; rings and rows of their own wake them at their time. Absent: one second. */
  readonly tick?: Millis
  readonly log?: Log
  readonly metrics?: Metrics
  /** Called before a bleep is classified. */
  readonly onClassify?: (bleep: Bleep) => void
  /** Each stage in a transaction of its own, as where too much comes at once. Absent: page to phone in one. */
  readonly apart?: true
  /** Whether a bleep rings from another node. Absent: never. */
  readonly elsewhere?: Elsewhere
  /** The id that all nodes give what they hear. Absent: none. */
  readonly alike?: IngestParts['alike']
  /** How a channel answers; absent: everything is taken. */
  readonly broken?: (sent: Sent) => boolean
}

/** The daemon's middle: ingest, raise, alerts, ticker, auditor and outbox over a store, with channels that write down. */
export function startWard(parts: WardParts): Ward {
  const { store, clock, random, holding } = parts
  const directory = () => wardDirectory(holding)
  const base = { store, clock, random, metrics: parts.metrics ?? quietMetrics, log: parts.log ?? quietLog }
  let outbox: RunningOutbox | undefined
  const made = createAlerts({
    ...base,
    directory,
    radio: true,
    ahead: () => (parts.apart ? undefined : outbox?.ahead),
  })
  const alerts = parts.wrap?.(made) ?? made
  const policies: Policies = { ...policiesSchema.parse({}), ...parts.policies }
  const channel = (id: ChannelId): Channel => ({
    id,
    async send(attempt) {
      const { person, purpose, alert, reason } = attempt
      const sent = { person, purpose, channel: id, alert, attempt: attempt.id, reason }
      if (parts.broken?.(sent)) return { kind: 'refused', fault: 'push-refused' }
      parts.onSent(sent)
      return { kind: 'taken' }
    },
    close: async () => undefined,
  })
  const reading = {
    ...base,
    directory,
    alerts,
    classify: (bleep: Bleep, known: Directory) => {
      parts.onClassify?.(bleep)
      return classify(bleep.page, bleep.number, known, RULES)
    },
    policies: () => policies,
  }
  const raise = startRaise({
    ...{ ...reading, every: parts.tick ?? SECOND },
    ...(parts.elsewhere ? { elsewhere: parts.elsewhere, apart: () => true } : {}),
  })
  const ingest = createIngest({
    ...base,
    node: asId('node'),
    directory,
    skewMs: 2000,
    lag: () => 0,
    hearsRePages: () => true,
    onStored: () => undefined,
    ...(parts.apart ? {} : { straight: raise.straight }),
    ...(parts.alike ? { alike: parts.alike } : {}),
  })
  outbox = startOutbox({
    ...base,
    channels: new Map(CHANNEL_IDS.map((id) => [id, channel(id)])),
    privacy: 'opaque',
    owner: 'node',
    ...(parts.tick === undefined ? {} : { every: parts.tick }),
    apply: async (id, event) => void (await alerts.apply(id, event)),
  })
  const loops = [
    raise,
    startTicker({ ...base, alerts, node: asId('node'), owner: 'node', every: parts.tick ?? SECOND }),
    startAuditor({ ...base, alerts }),
    outbox,
  ]
  return {
    store,
    alerts,
    ingest,
    raise,
    separate: createSeparate(reading),
    async page(number, text, more = {}) {
      const at = clock.now()
      const stored = await ingest.store(
        { feed: asId('feed'), tap: more.tap ?? 'tap', repeatMs: 0 },
        {
          to: { scheme: 'number', number },
          type: 'alpha',
          text,
          quality: 'clean',
          corrected: 0,
          fields: {},
          firstByte: at,
          lastByte: at,
          ...(more.sequence ? { sequence: more.sequence } : {}),
        },
        undefined,
        at,
      )
      return stored.ok ? stored.value : undefined
    },
    async stop() {
      for (const loop of loops) await loop.stop()
    },
  }
}

/** Gives each person one phone, or one number to text. */
export async function enrol(store: Store, people: readonly string[], channel: ChannelId = 'webpush') {
  await store.transact(async (tx) => {
    for (const id of people)
      await tx.devices.add(
        {
          id: asId(`${channel}-${id}`),
          owner: { kind: 'person', person: asId<PersonId>(id) },
          label: id,
          channel,
          address: '{}',
          state: 'active',
          enrolled: 0,
        },
        `token-${channel}-${id}`,
      )
  })
}

export const EVERYBODY = [...new Set(Object.values(ROLES).flatMap((r) => r.holders))]

/** How long a phone takes from the hand-over to its own receipt. */
export const RECEIPT_AFTER: Millis = 200
