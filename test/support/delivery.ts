import type { Alert, AlertEvent } from '../../src/core/alert/alert.ts'
import type { Bleep } from '../../src/core/bleep/bleep.ts'
import type { Attempt } from '../../src/core/deliver/attempt.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { type Deliver, planAttempts, planRadio } from '../../src/core/deliver/plan.ts'
import { type AlertId, type AttemptId, asId, type BleepId } from '../../src/core/ids.ts'
import type { Instant } from '../../src/core/instant.ts'
import type { Class } from '../../src/core/vocabulary.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Channel } from '../../src/ports/channel.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Hop } from '../../src/ports/measured.ts'
import type { Store } from '../../src/ports/store.ts'
import { type OutboxParts, startOutbox } from '../../src/run/deliver/outbox.ts'
import type { Loop } from '../../src/run/loop.ts'
import { quietLog, quietMetrics } from './quiet.ts'

/** Words that must never be seen outside: tests look for each of them in everything a provider received. */
export const SECRET_TEXT = 'ADULT CARDIAC ARREST WARD 7B BED 3 MRS ZYXWVUT NHS 943 476 5919'

export interface DeliveryRig {
  readonly store: Store
  /** What the alert machine was told. */
  readonly told: readonly (AlertEvent & { readonly alert: AlertId })[]
  /** Stores a bleep, its alert and one deliver effect to person `p1` on these devices; then rings the outbox. */
  ask(
    alert: string,
    c: Class,
    devices: readonly Device[],
    more?: Partial<Deliver>,
  ): Promise<readonly Attempt[]>
  rePage(alert: string, c: Class): Promise<Attempt>
  attempts(alert: string): Promise<readonly Attempt[]>
  hops(alert: string): Promise<readonly Hop[]>
  /** Starts an outbox on the store; a second one is another node, or the same after a crash. */
  start(more?: Partial<OutboxParts>): Loop
  close(): Promise<void>
}

export const aPhone = (
  id: string,
  channel: Device['channel'] = 'webpush',
  address: unknown = {},
): Device => ({
  id: asId(id),
  owner: { kind: 'person', person: asId('p1') },
  label: id,
  channel,
  address: JSON.stringify(address),
  state: 'active',
  enrolled: 0,
})

/** An outbox on a real store in memory, with the clock and channels of the test. */
/** A channel of each sort that takes whatever it is given. */
export const takingChannels = (): ReadonlyMap<Channel['id'], Channel> =>
  new Map(
    (['webpush', 'socket', 'radio'] as const).map((id) => [
      id,
      { id, send: async () => ({ kind: 'taken' }), close: async () => undefined },
    ]),
  )

export async function deliveryRig(
  clock: Clock,
  channels: readonly Channel[],
  path = ':memory:',
): Promise<DeliveryRig> {
  const store = await openSqlite(path)
  const told: (AlertEvent & { alert: AlertId })[] = []
  let ids = 0
  let random = 1
  const running: Loop[] = []

  const raise = async (id: string, c: Class): Promise<AlertId> => {
    const alert = asId<AlertId>(id)
    await store.transact(async (tx) => {
      if ((await tx.alerts.get(alert)) !== undefined) return
      await tx.bleeps.add(bleepOf(id, clock.now(), c))
      await tx.alerts.add(alertOf(id, clock.now(), c), [])
    })
    return alert
  }

  return {
    store,
    told,
    async ask(id, c, devices, more = {}) {
      const alert = await raise(id, c)
      const effect: Deliver = {
        kind: 'deliver',
        key: `${id}/${ids++}`,
        to: asId('p1'),
        purpose: 'ask',
        path: 0,
        reason: 'first-sighting',
        ...more,
      }
      const planned = planAttempts(effect, alert, devices, c, clock.now(), () =>
        asId<AttemptId>(`attempt-${ids++}`),
      )
      await store.transact(async (tx) => {
        for (const device of devices)
          if ((await tx.devices.get(device.id)) === undefined)
            await tx.devices.add(device, `digest-${device.id}`)
        await tx.attempts.add(planned.attempts)
        await tx.inbox.add(planned.inbox)
      })
      store.wake.ring('attempts')
      return planned.attempts
    },
    async rePage(id, c) {
      const alert = await raise(id, c)
      const key = `${id}/radio/${ids++}`
      const attempt = planRadio(
        { kind: 'radio', key, reason: 'path-failed' },
        alert,
        c,
        clock.now(),
        asId(`attempt-${ids++}`),
      )
      await store.transact((tx) => tx.attempts.add([attempt]))
      store.wake.ring('attempts')
      return attempt
    },
    attempts: (id) => store.transact((tx) => tx.attempts.ofAlert(asId(id))),
    hops: (id) => store.transact((tx) => tx.hops.of(asId<BleepId>(`bleep-of-${id}`))),
    start(more = {}) {
      const outbox = startOutbox({
        store,
        clock,
        random: {
          bytes: (count) => Uint8Array.from({ length: count }, () => (random = (random * 75) % 65_537)),
        },
        log: quietLog,
        metrics: quietMetrics,
        channels: new Map(channels.map((channel) => [channel.id, channel])),
        privacy: 'opaque',
        owner: 'node-1',
        apply: async (alert, event) => void told.push({ ...event, alert }),
        ...more,
      })
      running.push(outbox)
      return outbox
    },
    async close() {
      for (const one of running) await one.stop()
      await store.close()
    },
  }
}

export function bleepOf(alert: string, at: Instant, c: Class): Bleep {
  return {
    id: asId(`bleep-of-${alert}`),
    number: '1113',
    page: {
      to: { scheme: 'ric', ric: 1_234_000, fn: 0 },
      type: 'alpha',
      text: SECRET_TEXT,
      quality: 'clean',
      corrected: 0,
      fields: {},
      firstByte: at,
      lastByte: at,
    },
    stage: 'routed',
    received: at,
    sightings: 1,
    repeats: 0,
    meaning: { kind: 'adult-arrest', class: c, rule: 'r', reason: 'first-sighting', place: 'WARD 7B BED 3' },
  }
}

export function alertOf(id: string, at: Instant, c: Class): Alert {
  return {
    id: asId(id),
    revision: 1,
    bleep: asId(`bleep-of-${id}`),
    plan: {
      policy: 'p',
      class: c,
      steps: [],
      need: [],
      receiptWithin: 5000,
      repeatLast: 60_000,
      escalates: true,
    },
    phase: 'ringing',
    step: 0,
    raised: at,
    responders: {},
    thread: [],
    repeats: [],
    rounds: 1,
    due: {},
    version: 1,
    gaps: [],
    also: [],
  }
}
