import { createHash, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { loadSite, type SiteResult } from '../../src/config/site.ts'
import type { Alert, Plan } from '../../src/core/alert/alert.ts'
import type { Bleep, Meaning } from '../../src/core/bleep/bleep.ts'
import { meaningOf } from '../../src/core/bleep/classify.ts'
import { titleOf } from '../../src/core/bleep/title.ts'
import type { Site } from '../../src/core/directory/site.ts'
import { ok } from '../../src/core/faults.ts'
import { asId, type BleepId, type PersonId, type RoleId, uuid7 } from '../../src/core/ids.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/instant.ts'
import type { SiteFound } from '../../src/core/measure/watch/found.ts'
import { policiesSchema } from '../../src/core/route/policy.ts'
import type { Class } from '../../src/core/vocabulary.ts'
import type { HttpConfig, HttpParts } from '../../src/io/http/parts.ts'
import { createHttp, type Http } from '../../src/io/http/server.ts'
import { createProofs } from '../../src/io/identity/proofs.ts'
import { vaultOf } from '../../src/io/seal/vault.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { AskDesk } from '../../src/ports/asks-desk.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Desk } from '../../src/ports/desk.ts'
import type { FilingDesk } from '../../src/ports/filing-desk.ts'
import type { ForeseeDesk } from '../../src/ports/foresee-desk.ts'
import type { Store } from '../../src/ports/store.ts'
import { type Alerts, createAlerts } from '../../src/run/alert/alerts.ts'
import { createSeparate } from '../../src/run/alert/separate.ts'
import { createDesk } from '../../src/run/desk/desk.ts'
import type { DeskParts } from '../../src/run/desk/desk-parts.ts'
import { createFilingDesk } from '../../src/run/desk/filing-desk.ts'
import { createGovernDesk } from '../../src/run/desk/govern-desk.ts'
import { createSignIn, PERSON } from '../../src/run/desk/sign-in.ts'
import { createVouch, type VouchParts } from '../../src/run/desk/vouch.ts'
import { createErasures, type Erasures } from '../../src/run/keep/erasures.ts'
import { startTrail, type Trail } from '../../src/run/keep/trail.ts'
import { createRoster, type Roster } from '../../src/run/roster.ts'
import { VirtualClock } from './virtual-clock.ts'

/** Keys of the operators every bed has; only their digests are handed to the server. */
export const KEYS = {
  switchboard: 'switchboard-key-for-tests',
  estates: 'estates-key-for-tests-00',
  governance: 'governance-key-for-tests',
  admin: 'admin-key-for-tests-0000',
  wall: 'wall-key-for-tests-00000',
  'wall-names': 'wall-names-key-for-tests',
} as const

export interface Call {
  readonly text: string
  readonly kind: string
  readonly class: Class
  readonly number?: string
  readonly place?: string
  readonly callBack?: string
  readonly eta?: string
  /** Roles that must accept; they are asked at once. */
  readonly roles: readonly string[]
  readonly optional?: readonly string[]
  /** How it was read, where not all of it was. */
  readonly read?: Partial<Bleep['page']>
  readonly related?: Bleep['related']
}

export interface Bed {
  readonly http: Http
  readonly desk: Desk & AskDesk & ForeseeDesk
  readonly filings: FilingDesk
  readonly store: Store
  readonly roster: Roster
  readonly clock: Clock
  readonly alerts: Alerts
  readonly trail: Trail
  readonly erasures: Erasures
  readonly rung: { device: string; test: string }[]
  /** Stores a bleep and raises its alert, as the loops do. */
  call(call: Call): Promise<Alert>
  /** Enrols a device for a person and gives its bearer token. */
  enrol(
    owner: { person: string } | { role: string } | { ward: string },
  ): Promise<{ token: string; id: string }>
  holder(role: string): PersonId
  close(): Promise<void>
}

const LOG = {
  info: () => {},
  debug: () => {},
  warn: () => {},
  error(event: string, fields?: object) {
    throw new Error(`${event} ${JSON.stringify(fields)}`)
  },
}
const NO_METRICS = { count: () => {}, gauge: () => {}, observe: () => {} }

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const SITE = fileURLToPath(new URL('../../config/sites/demo/', import.meta.url))

/** As a site has it that says nothing else. */
export const SHIFT_END: DeskParts['shiftEnd'] = { own: true, shared: true, grace: 30 * MINUTE }

function demoSite(now: number): Extract<SiteResult, { ok: true }> {
  const loaded = loadSite(SITE, now)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded
}

/** A desk over a real store in memory and the demo hospital, with the alert machine behind it and HTTP in front. */
export async function openBed(
  options: {
    clock?: Clock
    /** Closed with the bed; absent: a new one in memory. */
    store?: Store
    config?: Partial<HttpConfig>
    parts?: Partial<HttpParts>
    ring?: NonNullable<DeskParts['ring']>
    desk?: Partial<DeskParts>
    /** What the site's `policies.yaml` says. */
    policies?: z.input<typeof policiesSchema>
    /** Whether there is a way on to the air. */
    radio?: boolean
    dailyTests?: NonNullable<DeskParts['dailyTests']>
    /** Whether whoever approves a request about somebody’s data may have decided on it. */
    twoPeople?: boolean
    shiftEnd?: DeskParts['shiftEnd']
    site?: Site
    /** How browsers call this bed, where passkeys are made for it. */
    origin?: string
    /** Where people come in by a provider. */
    vouch?: Pick<VouchParts, 'provider' | 'rules' | 'back'>
  } = {},
): Promise<Bed> {
  const clock = options.clock ?? new VirtualClock()
  const random = { bytes: (n: number) => new Uint8Array(randomBytes(n)) }
  const store = options.store ?? (await openSqlite(':memory:'))
  const demo = demoSite(clock.now())
  const policies = policiesSchema.parse(options.policies ?? {})
  const roster = await createRoster({ store, site: options.site ?? demo.site, clock, random })
  const alerts = createAlerts({
    store,
    clock,
    random,
    metrics: NO_METRICS,
    log: LOG,
    directory: roster.current,
    radio: options.radio ?? true,
  })
  const rung: Bed['rung'] = []
  const trail = startTrail({ store, clock, wake: store.wake, log: LOG, metrics: NO_METRICS })
  const sign = (text: string) => sha256(`key\n${text}`)
  const signIn = createSignIn({
    ...{ store, clock, random, trail, digest: sha256, sign, vault: vaultOf('a key of this bed') },
    proofs: createProofs(options.origin ?? 'http://localhost'),
  })
  const parts: DeskParts = {
    standsFor: async (session) => !session.startsWith(PERSON) || (await signIn.find(session)) !== undefined,
    shiftEnd: options.shiftEnd ?? SHIFT_END,
    metrics: NO_METRICS,
    log: LOG,
    trail,
    store,
    clock,
    random,
    roster,
    alerts,
    title: titleOf,
    digest: sha256,
    asks: () => policiesSchema.parse({}).asks,
    sounds: () => 'routine',
    found: () => ({ things: [], air: [], feeds: FEEDS }),
    calling: {
      ...{ rules: () => demo.rules, policies: () => policies, radio: options.radio ?? true },
      ...{ raiseIn: alerts.raiseIn, announce: (applied) => alerts.announce(applied) },
    },
    separate: createSeparate({
      ...{ store, clock, random, alerts, metrics: NO_METRICS },
      ...{ directory: roster.current, policies: () => policies },
      classify: (bleep, now) => meaningOf(bleep, now, demo.rules),
    }),
    ...(options.dailyTests ? { dailyTests: options.dailyTests } : {}),
    ring: async (device, test) => {
      rung.push({ device: device.id, test })
      return options.ring === undefined || options.ring(device, test)
    },
    ...options.desk,
  }
  const desk = createDesk(parts)
  const filings = createFilingDesk(parts)
  const http = await createHttp({
    desk,
    govern: createGovernDesk(parts, {
      rules: { twoPeople: options.twoPeople ?? false },
      sealer: { seal: async (plain) => plain },
      digest: sha256,
      signer: () => ({ key: 'a key', sign: (text) => `signed ${text}` }),
    }),
    signIn,
    ...(options.vouch === undefined
      ? {}
      : {
          vouch: createVouch({
            ...{ store, clock, random, trail, roster, digest: sha256, sign, ...options.vouch },
            ...{ title: 'NHSmail', phones: true, lasts: 12 * HOUR },
          }),
        }),
    filings,
    clock,
    random,
    log: LOG,
    alive: () => ({ status: 'ok', reasons: [] }),
    ready: async () => ({ status: 'ready', reasons: [] }),
    metrics: async () => ({ type: 'text/plain; version=0.0.4', body: 'bleepbridge_up 1\n' }),
    report: async (ask) =>
      ask.name === 'shift' ? ok({ type: 'application/json', body: JSON.stringify(ask) }) : undefined,
    ...options.parts,
    config: {
      host: '127.0.0.1',
      port: 0,
      sessionKey: 'a session key for tests only',
      operators: Object.entries(KEYS).map(([role, key]) => ({
        operator: `${role}-op`,
        role: role as keyof typeof KEYS,
        tokenDigest: sha256(key),
      })),
      ...options.config,
    },
  })
  const operator = { kind: 'operator', access: 'switchboard', operator: 'switchboard-op' } as const
  return {
    http,
    desk,
    filings,
    store,
    roster,
    clock,
    alerts,
    trail,
    erasures: createErasures({ store, clock, random, directory: roster.current }),
    rung,
    holder(role) {
      const found = roster.current().holders(asId<RoleId>(role), clock.now())[0]
      if (found === undefined) throw new Error(`nobody holds ${role}`)
      return found.person
    },
    async call(call) {
      const at = clock.now()
      const bleep = bleepOf(call, at)
      const applied = await store.transact(async (tx) => {
        await tx.bleeps.add(bleep)
        const work = await alerts.raiseIn(tx, bleep, planOf(call), at)
        return work
      })
      alerts.announce(applied)
      return applied.alert
    },
    async enrol(owner) {
      const code = await desk.code(
        operator,
        'ward' in owner
          ? { kind: 'ward', ward: owner.ward }
          : 'person' in owner
            ? { kind: 'person', person: asId<PersonId>(owner.person) }
            : { kind: 'role', role: asId<RoleId>(owner.role) },
      )
      if (!code.ok) throw new Error(code.fault.code)
      const enrolled = await desk.enrol({
        code: code.value.code,
        label: 'Test phone',
        channel: 'socket',
        address: '',
      })
      if (!enrolled.ok) throw new Error(enrolled.fault.code)
      return { token: enrolled.value.token, id: enrolled.value.device.id }
    },
    async close() {
      await http.close()
      await trail.stop()
      roster.close()
      await store.close()
    },
  }
}

function bleepOf(call: Call, at: number): Bleep {
  const meaning: Meaning = {
    kind: call.kind,
    class: call.class,
    rule: 'test',
    reason: 'first-ask',
    ...(call.place === undefined ? {} : { place: call.place }),
    ...(call.callBack === undefined ? {} : { callBack: call.callBack }),
    ...(call.eta === undefined ? {} : { eta: call.eta }),
  }
  const number = call.number ?? '2201'
  return {
    id: asId<BleepId>(uuid7(at, new Uint8Array(randomBytes(10)))),
    number,
    page: {
      to: { scheme: 'number', number },
      type: 'alpha',
      text: call.text,
      quality: 'clean',
      corrected: 0,
      fields: {},
      firstByte: at - 400,
      lastByte: at - 20,
      ...call.read,
    },
    ...(call.related === undefined ? {} : { related: call.related }),
    stage: 'routed',
    received: at,
    passed: { decoded: at - 18, stored: at - 9, routed: at },
    sightings: 1,
    repeats: 0,
    meaning,
  }
}

function planOf(call: Call): Plan {
  const need = [...call.roles, ...(call.optional ?? [])].map((role) => ({
    role: asId<RoleId>(role),
    count: 1,
    mandatory: call.roles.includes(role),
    substitutes: [],
  }))
  const ask = need.map((n) => ({ kind: 'role' as const, role: n.role }))
  return {
    policy: 'test',
    class: call.class,
    steps: [
      {
        after: 0,
        ask,
        missing: false,
        inParallel: true,
        radio: false,
        switchboard: 'none',
        reason: 'first-ask',
      },
      {
        after: 15 * SECOND,
        ask: [],
        missing: true,
        inParallel: true,
        radio: true,
        switchboard: 'prompt',
        reason: 'cover-late',
      },
      {
        after: 30 * SECOND,
        ask,
        missing: true,
        inParallel: true,
        radio: false,
        switchboard: 'act',
        reason: 'switchboard-must-act',
      },
    ],
    need,
    receiptWithin: 5 * SECOND,
    repeatLast: 30 * SECOND,
    escalates: call.class !== 'test',
  }
}

/** The lines of the bed: one that is heard and one that is not. */
export const FEEDS: SiteFound['feeds'] = [
  {
    ...{ node: 'north', id: 'switchboard', state: 'open', sentence: 'Open, last page 4 s ago' },
    portErrors: { parity: 0, framing: 7, break: 2, overrun: 0 },
  },
  {
    node: 'north',
    id: 'bit-tap',
    state: 'silent',
    sentence: 'Nothing was heard on the line for longer than its profile allows',
    remedy: 'Check that the sender is switched on, then the cable, then the line settings with bleepd doctor',
  },
]
