import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Alert, AlertEvent, Plan } from '../../../src/core/alert/alert.ts'
import type { Bleep } from '../../../src/core/bleep/bleep.ts'
import { targetKey } from '../../../src/core/directory/directory.ts'
import {
  alertAlike,
  asId,
  type BleepId,
  type DeviceId,
  type PersonId,
  type RoleId,
} from '../../../src/core/ids.ts'
import { dueOf as dueName } from '../../../src/core/vocabulary.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault, type Tx } from '../../../src/ports/store.ts'
import { type AlertParts, type Alerts, createAlerts, LostRace } from '../../../src/run/alert/alerts.ts'
import { Call } from '../../support/call.ts'
import { aPage } from '../../support/pages.ts'
import { type ListeningMetrics, listeningMetrics, quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, countingRandom, EVERYBODY, enrol, wardDirectory } from '../../support/ward.ts'

// One event, one transaction: what lies in the store behind it, and who is woken to look.

const START = 1_000_000
let store: Store
let metrics: ListeningMetrics
let rung: string[]
let random: ReturnType<typeof countingRandom>
let alerts: Alerts
/** What the next transactions meet instead of the store. */
let meets: ((tx: Tx) => Partial<Tx>)[]

beforeEach(async () => {
  store = await openSqlite(':memory:')
  await enrol(store, EVERYBODY)
  metrics = listeningMetrics()
  random = countingRandom()
  rung = []
  meets = []
  alerts = made()
})
afterEach(() => store.close())

const made = (more: Partial<AlertParts> = {}, clock = new VirtualClock(START)): Alerts => {
  const transact: Store['transact'] = (work, within) => {
    const change = meets.shift()
    return store.transact((tx) => work({ ...tx, ...change?.(tx) }), within)
  }
  const wake = { ...store.wake, ring: (topic: string) => void rung.push(topic) }
  return createAlerts({
    ...{ store: { ...store, transact, wake }, clock, random },
    ...{ metrics, log: quietLog, radio: true, directory: () => wardDirectory(aHolding()) },
    ...more,
  })
}

const aBleep = (id: string): Bleep => ({
  ...{ id: asId<BleepId>(id), number: '2222', page: aPage('ARREST', { firstByte: START, lastByte: START }) },
  ...{ received: START, passed: { decoded: START }, stage: 'received', sightings: 1, repeats: 0 },
})
const planOf = (to = 'team:crash', c: Plan['class'] = 'emergency'): Plan => new Call(to, c).alert.plan

async function raise(plan = planOf(), bleep = aBleep('b1'), by = alerts) {
  await store.transact((tx) => tx.bleeps.add(bleep))
  return store.transact((tx) => by.raiseIn(tx, bleep, plan, START))
}
/** Takes these people's devices away. */
const revoke = (...people: readonly string[]) =>
  store.transact(async (tx) => {
    for (const { id } of await tx.devices.owned({
      people: people.map((one) => asId<PersonId>(one)),
      roles: [],
    }))
      await tx.devices.save({ ...(await tx.devices.get(id))!, state: 'revoked' })
  })
type Untimed<E> = E extends AlertEvent ? Omit<E, 'at'> : never
const event = (more: Untimed<AlertEvent>) => ({ ...more, at: START + 1000 }) as AlertEvent
const accepts = (person: string, alert: Alert, answer: 'accepted' | 'declined' = 'accepted') =>
  event({
    ...{ kind: 'answered', answer, version: alert.version, person: asId(person) },
    by: { kind: 'person', person: asId(person) },
  })
const read = (id: Alert['id']) => store.transact(async (tx) => (await tx.alerts.get(id))!)
const dueOf = (id: Alert['id']) =>
  store.transact(async (tx) => Object.fromEntries((await tx.due.of(id)).map(({ name, at }) => [name, at])))
const inboxOf = (person: string) =>
  store.transact(async (tx) =>
    (await tx.inbox.since(asId(`webpush-${person}`), 0, 99)).map((row) => row.purpose),
  )
const hops = () => store.transact((tx) => tx.hops.of(asId('b1')))
const counted = (name: string) =>
  metrics.counted.flatMap(([one, labels]) => (one === `bleepbridge_${name}_total` ? [labels] : []))

describe('raised', () => {
  test('a call lies with its due times, attempts and inboxes, and wakes whoever acts on them', async () => {
    const applied = await raise()
    const { alert } = applied
    expect(await dueOf(alert.id)).toEqual(alert.due)
    const attempts = await store.transact((tx) => tx.attempts.ofAlert(alert.id))
    expect([...new Set(attempts.map((one) => one.person))].toSorted()).toEqual(
      Object.keys(alert.responders).toSorted(),
    )
    for (const person of Object.keys(alert.responders)) expect(await inboxOf(person)).toContain('ask')
    expect(applied).toMatchObject({ going: [], left: true })
    alerts.announce(applied)
    expect(rung.toSorted()).toEqual(['alerts', 'attempts', 'due', 'inbox'])
    expect(counted('alerts')).toEqual([{ class: 'emergency' }])
    expect(counted('reasons')).toEqual(
      applied.effects.flatMap((e) => ('reason' in e ? [{ reason: e.reason }] : [])),
    )
  })

  test('again after a commit that was lost it keeps its id, and once it stands another has one of its own', async () => {
    const bleep = aBleep('b1')
    await store.transact((tx) => tx.bleeps.add(bleep))
    let lost: Alert | undefined
    const losing = store.transact(async (tx) => {
      lost = (await alerts.raiseIn(tx, bleep, planOf(), START)).alert
      throw new StoreFault('store-lost')
    })
    await expect(losing).rejects.toBeInstanceOf(StoreFault)
    const stands = await store.transact((tx) => alerts.raiseIn(tx, bleep, planOf(), START))
    expect(stands.alert.id).toBe(lost?.id)
    const apart = await store.transact((tx) => alerts.raiseIn(tx, bleep, planOf(), START))
    expect(apart.alert.id).not.toBe(lost?.id)
  })

  test('what all nodes heard has one id on all of them, while it is free', async () => {
    const bleep = aBleep('0199b1f0-0000-8000-8000-000000000000')
    const one = await raise(planOf(), bleep)
    expect(one.alert.id).toBe(alertAlike(bleep.id))
    const other = await store.transact((tx) => made().raiseIn(tx, bleep, planOf(), START))
    expect(other.alert.id).not.toBe(one.alert.id)
  })

  test('a thousand bleeps later its id is forgotten, and not before', async () => {
    const nothing = async () => undefined
    // A store that keeps nothing: each time it is raised as if the commit had been lost.
    const tx = {
      alerts: { byBleep: nothing, add: nothing },
      ...{ due: { set: nothing, forget: nothing }, inbox: { add: nothing }, hops: { stamp: nothing } },
      attempts: { add: nothing, ofAlert: async () => [] },
      devices: { owned: async () => [] },
    } as never
    const plan = planOf('role:nobody', 'routine')
    const id = async (bleep: string) => (await alerts.raiseIn(tx, aBleep(bleep), plan, START)).alert.id
    const first = await id('first')
    for (let i = 0; i < 999; i++) await id(`other ${i}`)
    expect(await id('first')).toBe(first)
    await id('one more')
    expect(await id('first')).not.toBe(first)
  })

  test.each([
    [true, 1],
    [false, 0],
  ])(
    'a call that finds nobody goes on the air once for all its steps, where there is a way: %s',
    async (radio, count) => {
      await revoke('reg', 'icu')
      const plan = planOf('role:med-reg', 'urgent')
      const by = made({ radio })
      const steps = plan.steps.map((step) => ({ ...step, radio: true }))
      const applied = await raise({ ...plan, steps }, aBleep('b1'), by)
      expect(applied.effects.filter(({ kind }) => kind === 'radio').length).toBeGreaterThan(1)
      const attempts = await store.transact((tx) => tx.attempts.ofAlert(applied.alert.id))
      expect(attempts.map(({ channel }) => channel)).toEqual(Array(count).fill('radio'))
      by.announce(applied)
      expect(rung.includes('attempts')).toBe(radio)
    },
  )

  test.each([
    [true, 1],
    [false, 0],
  ])('where a way on to the air is %s, its step by radio is %i attempt', async (radio, count) => {
    const plan = planOf()
    const steps = plan.steps.map((step) => ({ ...step, radio: true }))
    const applied = await raise({ ...plan, steps }, aBleep('b1'), made({ radio }))
    const attempts = await store.transact((tx) => tx.attempts.ofAlert(applied.alert.id))
    expect(attempts.filter(({ channel }) => channel === 'radio')).toHaveLength(count)
  })

  test('whoever has no device gives way at once, and both look-ups stand with their events', async () => {
    await revoke('reg')
    const { events, alert } = await raise(planOf('role:med-reg', 'urgent'))
    expect(events.slice(0, 2)).toMatchObject([
      { kind: 'raised', resolved: [{ target: { role: 'med-reg' }, holders: [{ person: 'reg' }] }] },
      { kind: 'unreachable', person: 'reg', reason: 'no-device' },
    ])
    expect(Object.keys(alert.responders)).toContain('icu')
  })
})

describe('an event', () => {
  test('stamps who accepted by whose clock, and tells the rest of the team what only changes their screens', async () => {
    const { alert } = await raise()
    const applied = await alerts.apply(alert.id, accepts('reg', alert))
    expect(applied?.bleep?.id).toBe('b1')
    expect((await hops()).filter(({ hop }) => hop === 'accepted')).toEqual([
      {
        ...{ bleep: 'b1', alert: alert.id, hop: 'accepted', at: START + 1000 },
        class: 'emergency',
        clock: 'ours',
        person: 'reg',
      },
    ])
    const [gas, reg] = [await inboxOf('gas'), await inboxOf('reg')]
    expect(gas).toEqual(['ask', 'update'])
    expect(reg.slice(0, 1)).toEqual(['ask'])
    expect(counted('answers')).toEqual([{ answer: 'accepted', by: 'person', class: 'emergency' }])
    expect(counted('answer_outcomes')).toEqual([{ answered: 'applied' }])
    expect(metrics.observed.length).toBeGreaterThan(0)
    expect(rung).toEqual(expect.arrayContaining(['alerts', 'inbox']))
  })

  test('whoever has said no is told nothing more of it', async () => {
    const { alert } = await raise()
    const said = await alerts.apply(alert.id, accepts('out', alert, 'declined'))
    const before = await inboxOf('out')
    await alerts.apply(alert.id, accepts('reg', said!.alert))
    expect(await inboxOf('out')).toEqual(before)
  })

  test('of a device is a hop of its attempt; nothing of it is an answer', async () => {
    const { alert } = await raise()
    const [attempt] = await store.transact((tx) => tx.attempts.ofAlert(alert.id))
    const { id, person } = attempt!
    const receipt = event({ kind: 'receipt', stage: 'on-device', attempt: id, person })
    const applied = await alerts.apply(alert.id, receipt)
    // Nobody was looked up, and its time counts from the bleep.
    expect([applied?.events, applied?.bleep?.id]).toEqual([[receipt], 'b1'])
    expect((await hops()).filter(({ hop }) => hop === 'on-device')).toMatchObject([{ person, attempt: id }])
    expect(counted('answers')).toEqual([])
  })

  test('that asks nobody and is no point in time reads no bleep', async () => {
    const { alert } = await raise()
    const by = { kind: 'switchboard', operator: 'op' } as const
    const gone = (): never => {
      throw new TypeError('a bleep was read')
    }
    meets = [(tx) => ({ bleeps: { ...tx.bleeps, get: gone } })]
    const applied = await alerts.apply(alert.id, event({ kind: 'ticked', by, step: 'lift held', done: true }))
    expect(applied?.events).toHaveLength(1)
    expect([metrics.observed, counted('escalations'), counted('answers')]).toEqual([[], [], []])
  })

  test('that answers what stands no more is told as that, and is no answer', async () => {
    const { alert } = await raise()
    await alerts.apply(alert.id, accepts('reg', { ...alert, version: alert.version + 7 }))
    expect(counted('answers')).toEqual([])
    expect(counted('answer_outcomes')).toHaveLength(1)
    expect(counted('answer_outcomes')).not.toEqual([{ answered: 'applied' }])
  })

  test('that answers a call which is closed is kept and told as late, and counts as no answer', async () => {
    const { alert } = await raise()
    const by = { kind: 'switchboard', operator: 'op' } as const
    const closed = await alerts.apply(alert.id, event({ kind: 'closed', by, version: alert.version }))
    metrics.counted.length = 0
    const late = await alerts.apply(alert.id, accepts('reg', closed!.alert))
    expect(late?.events).toHaveLength(1)
    expect([counted('answers'), counted('answer_outcomes')]).toEqual([[], [{ answered: 'late' }]])
  })

  test('that falls due and is no step is no escalation', async () => {
    const { alert } = await raise()
    await alerts.apply(alert.id, { kind: 'due', name: 'receipt', at: alert.due.receipt! })
    expect(counted('escalations')).toEqual([])
  })

  test('that closes it takes every due time away', async () => {
    const { alert } = await raise()
    const by = { kind: 'switchboard', operator: 'op' } as const
    await store.transact((tx) => tx.due.set([{ alert: alert.id, name: 'of another release', at: START }]))
    await alerts.apply(alert.id, event({ kind: 'closed', by, version: alert.version }))
    expect(await dueOf(alert.id)).toEqual({})
    expect([counted('answers'), counted('answer_outcomes')]).toEqual([[], [{ answered: 'applied' }]])
  })

  test('that falls due goes one step on: its row is gone, the next stands, and the step is counted', async () => {
    const { alert } = await raise()
    const at = alert.due['step-1']!
    await alerts.apply(alert.id, { kind: 'due', name: 'step-1', at })
    const after = await read(alert.id)
    expect(await dueOf(alert.id)).toEqual(after.due)
    expect(after.due['step-1']).toBeUndefined()
    expect(counted('escalations')).toEqual([{ class: 'emergency' }])
  })

  test('that is ignored leaves the call as it was and mends its row, which may be of no name it knows', async () => {
    const { alert } = await raise()
    await store.transact((tx) => tx.due.set([{ alert: alert.id, name: 'unknown', at: START }]))
    const applied = await alerts.apply(alert.id, event({ kind: 'due', name: 'unknown' }))
    expect(applied).toMatchObject({ events: [], going: [], left: false })
    expect(await dueOf(alert.id)).toEqual(alert.due)
    expect(rung).toEqual(['alerts'])
    expect((await read(alert.id)).revision).toBe(alert.revision)
  })

  test('of an alert that is not there, or that is none after a look, is no event', async () => {
    const { alert } = await raise()
    expect(await alerts.apply(asId('nobody'), event({ kind: 'obliged' }))).toBeUndefined()
    expect(await alerts.apply(alert.id, async () => undefined)).toBeUndefined()
    expect(rung).toEqual([])
    const looked = await alerts.apply(alert.id, async (tx, before) => {
      expect((await tx.alerts.get(alert.id))?.revision).toBe(before.revision)
      return accepts('reg', before)
    })
    expect(looked?.alert.responders[asId<PersonId>('reg')]?.state).toBe('accepted')
  })

  test('that another writer was ahead of is worked out again on what stands, so often and no oftener', async () => {
    const { alert } = await raise()
    const behind = (tx: Tx): Partial<Tx> => ({ alerts: { ...tx.alerts, save: async () => false } })
    meets = Array.from({ length: 8 }, () => behind)
    const applied = await alerts.apply(alert.id, accepts('reg', alert))
    expect(applied?.events).toHaveLength(1)
    expect((await read(alert.id)).revision).toBe(alert.revision + 1)
    meets = Array.from({ length: 9 }, () => behind)
    const standing = await read(alert.id)
    await expect(alerts.apply(alert.id, accepts('gas', standing))).rejects.toBeInstanceOf(LostRace)
    expect(meets).toEqual([])
  })

  test('that the store does not take is tried once', async () => {
    const { alert } = await raise()
    const away = (): never => {
      throw new StoreFault('store-lost')
    }
    meets = [(tx) => ({ alerts: { ...tx.alerts, save: away } })]
    await expect(alerts.apply(alert.id, accepts('reg', alert))).rejects.toBeInstanceOf(StoreFault)
    expect(await read(alert.id)).toEqual(alert)
    expect(rung).toEqual([])
  })
})

describe('who is woken', () => {
  const op = { kind: 'switchboard', operator: 'op' } as const
  const person = { kind: 'person', person: asId<PersonId>('gas') } as const
  test.each<[string, (alert: Alert) => Untimed<AlertEvent>, string[]]>([
    [
      'a call that is taken over, which falls due in minutes: no ticker, who looks until then',
      ({ version }) => ({ kind: 'taken-over', by: op, version }),
      ['alerts'],
    ],
    ['what only the switchboard is told, the same: no ticker', () => ({ kind: 'obliged' }), ['alerts']],
    [
      'what the team is told: whoever serves their screens',
      () => ({ kind: 'said', by: person, said: { kind: 'note', text: 'x' } }),
      ['alerts', 'attempts', 'inbox'],
    ],
  ])('by %s', async (_, what, topics) => {
    const { alert } = await raise()
    const gone = (): never => {
      throw new TypeError('a bleep was read')
    }
    // Nobody is rung and no time is stamped by the first two: they need no bleep.
    if (!topics.includes('inbox')) meets = [(tx) => ({ bleeps: { ...tx.bleeps, get: gone } })]
    await alerts.apply(alert.id, event(what(alert)))
    expect(rung.toSorted()).toEqual(topics)
    expect(metrics.observed).toEqual([])
  })

  test('by what a device says of itself: the boards alone', async () => {
    const { alert } = await raise()
    const [attempt] = await store.transact((tx) => tx.attempts.ofAlert(alert.id))
    const { id, person } = attempt!
    await alerts.apply(alert.id, event({ kind: 'receipt', stage: 'on-device', attempt: id, person }))
    expect(rung).toEqual(['alerts'])
    expect(metrics.observed.map(([, , labels]) => labels?.hop)).toEqual(['on-device'])
  })
})

describe('who is told', () => {
  test('a screen hears of each thing that is new, however soon it follows the last', async () => {
    const { alert } = await raise()
    const by = { kind: 'person', person: asId<PersonId>('reg') } as const
    for (const text of ['bed 3', 'no, bed 4'])
      await alerts.apply(alert.id, event({ kind: 'said', by, said: { kind: 'note', text } }))
    const attempts = await store.transact((tx) => tx.attempts.ofAlert(alert.id))
    expect(attempts.filter((one) => one.person === 'gas' && one.purpose === 'update')).toHaveLength(2)
  })

  test('one number to text that two people share is texted once, and not again for half a minute', async () => {
    await revoke('f1a', 'f1b')
    await store.transact(async (tx) => {
      const [phone] = await tx.devices.owned({ people: [asId('gas')], roles: [] })
      const shared = { id: asId<DeviceId>('shared'), channel: 'nudge', state: 'active' } as const
      const owner = { kind: 'role', role: asId<RoleId>('surg-f1') } as const
      await tx.devices.add({ ...phone!, ...shared, owner }, 'token-shared')
    })
    const { alert } = await raise(planOf('role:surg-f1', 'urgent'))
    expect(Object.keys(alert.responders)).toEqual(['f1a', 'f1b'])
    const texts = async () =>
      (await store.transact((tx) => tx.attempts.ofAlert(alert.id))).filter(
        ({ channel }) => channel === 'nudge',
      )
    expect(await texts()).toHaveLength(1)
    await alerts.apply(alert.id, { kind: 'due', name: 'receipt', at: alert.due.receipt! })
    expect(alert.due.receipt! - START).toBeLessThan(30_000)
    expect(await texts()).toHaveLength(1)
  })

  test('the devices of a role ring with those of whoever has it, and ring once for one look-up', async () => {
    const baton = {
      id: asId<DeviceId>('baton'),
      owner: { kind: 'role', role: asId<RoleId>('anaes') },
    } as const
    await store.transact(async (tx) => {
      const [phone] = await tx.devices.owned({ people: [asId('gas')], roles: [] })
      await tx.devices.add({ ...phone!, ...baton }, 'token-baton')
    })
    const { alert, events } = await raise()
    const told = (device: string) =>
      store.transact(async (tx) => (await tx.inbox.since(asId(device), 0, 9)).map((row) => row.person))
    expect([await told('baton'), await told('webpush-gas')]).toEqual([['gas'], ['gas']])
    const targets = events[0]?.resolved?.map(({ target }) => targetKey(target)) ?? []
    expect(targets.length).toBe(new Set(targets).size)
    expect(alert.responders[asId<PersonId>('gas')]?.roles).toEqual(['anaes'])
  })

  test('whoever is rung by an event is not also told that the call has changed; the rest of the team is', async () => {
    const { alert } = await raise()
    const by = { kind: 'person', person: asId<PersonId>('reg') } as const
    const said = { kind: 'need-role', text: 'a surgeon please', role: asId<RoleId>('surg-reg') } as const
    await alerts.apply(alert.id, event({ kind: 'said', by, said }))
    expect([await inboxOf('surg'), await inboxOf('gas')]).toEqual([['ask'], ['ask', 'update']])
  })

  test('what only the switchboard is told changes nobody else’s screen', async () => {
    const { alert } = await raise()
    const applied = await alerts.apply(alert.id, { kind: 'due', name: 'step-1', at: alert.due['step-1']! })
    expect(applied?.effects.some((e) => e.kind === 'tell' && e.audience === 'switchboard')).toBe(true)
    for (const person of ['reg', 'gas', 'nurse']) expect(await inboxOf(person)).not.toContain('update')
  })

  test('before somebody is rung again it is looked up who is coming to an emergency, and kept with the event', async () => {
    const quiet = { ...planOf('role:med-reg', 'urgent'), quietOnEmergency: true, insist: 60_000 }
    const { alert } = await raise(quiet)
    const [attempt] = await store.transact((tx) => tx.attempts.ofAlert(alert.id))
    const { id, person } = attempt!
    const receipt = event({ kind: 'receipt', stage: 'on-device', attempt: id, person })
    const on = (await alerts.apply(alert.id, receipt))!.alert
    const insist = Object.keys(on.due).find((name) => dueName(name) === 'insist')!
    const again = (n: number) =>
      alerts.apply(alert.id, { kind: 'due', name: insist, at: on.due[insist]! + n })
    const before = await again(0)
    expect(before?.events[0]).not.toHaveProperty('engaged')
    const crash = (await raise(planOf(), aBleep('b2'))).alert
    await alerts.apply(crash.id, accepts('reg', crash))
    const next = (await read(alert.id)).due[insist]!
    const engaged = await alerts.apply(alert.id, { kind: 'due', name: insist, at: next })
    expect(engaged?.events[0]).toMatchObject({ kind: 'due', engaged: ['reg'] })
    // Not where the plan rings them all the same, and not before a step.
    const loud = (await raise({ ...quiet, quietOnEmergency: false }, aBleep('b3'))).alert
    const [ring] = await store.transact((tx) => tx.attempts.ofAlert(loud.id))
    const had = event({ kind: 'receipt', stage: 'on-device', attempt: ring!.id, person: ring!.person })
    const at = (await alerts.apply(loud.id, had))!.alert.due[insist]!
    const rings = await alerts.apply(loud.id, { kind: 'due', name: insist, at })
    expect(rings?.events[0]).not.toHaveProperty('engaged')
    const step = await alerts.apply(alert.id, { kind: 'due', name: 'step-1', at: alert.due['step-1']! })
    expect(step?.events[0]).not.toHaveProperty('engaged')
  })
})

describe('with a hand that can take attempts at once', () => {
  test('each attempt comes with the device that it is for, and where there is no hand yet it waits', async () => {
    await enrol(store, EVERYBODY, 'nudge')
    const pairs: string[][] = []
    const hand = async (
      _tx: Tx,
      asked: readonly { attempt: { device: string }; device: { id: string } }[],
    ) => {
      pairs.push(...asked.map((one) => [one.attempt.device, one.device.id]))
      return []
    }
    await raise(planOf(), aBleep('b1'), made({ ahead: () => ({ store: hand, setOff: () => {} }) }))
    expect(pairs.length).toBeGreaterThanOrEqual(3)
    for (const [of, device] of pairs) expect(device).toBe(of)
    const standing = (await store.transact((tx) => tx.alerts.byBleep(asId('b1'))))!
    const by = made({ ahead: () => ({ store: hand, setOff: () => {} }) })
    const before = pairs.length
    await by.apply(standing.id, { kind: 'due', name: 'step-1', at: standing.due['step-1']! })
    expect(pairs.length).toBeGreaterThan(before)
    const none = made({ ahead: () => undefined })
    const waits = await raise(planOf(), aBleep('b2'), none)
    none.announce(waits)
    expect(waits.left).toBe(true)
  })

  test.each([
    ['all of them', 99, false],
    ['all but one', 1, true],
  ])('%s go as soon as it is durable, and the outbox is woken for what is left', async (_, most, left) => {
    const off: unknown[] = []
    const ahead: NonNullable<ReturnType<NonNullable<AlertParts['ahead']>>> = {
      store: async (_tx, asked) => asked.slice(0, most).map((one) => ({ ...one, holder: 'us' }) as never),
      setOff: (going) => void off.push(...going),
    }
    const clock = new VirtualClock(START)
    const by = made({ ahead: () => ahead }, clock)
    const applied = await raise(planOf(), aBleep('b1'), by)
    expect(applied.left).toBe(left)
    expect(off).toEqual([])
    // Whoever has the hand stores what it takes and what it leaves.
    expect(await store.transact((tx) => tx.attempts.ofAlert(applied.alert.id))).toEqual([])
    by.announce(applied)
    expect(off).toEqual(applied.going)
    // Whoever only looks would begin before the first byte has left.
    expect(rung).toEqual([])
    clock.advance(0)
    expect(rung).toContain('alerts')
    expect(rung.includes('attempts')).toBe(left)
  })

  test('what goes by radio waits for the transmitter, and the outbox is woken for it', async () => {
    const by = made({
      ahead: () => ({
        store: async (_tx, asked) => asked.map((one) => ({ ...one, holder: 'us' }) as never),
        setOff: () => {},
      }),
    })
    const plan = planOf()
    const steps = plan.steps.map((step) => ({ ...step, radio: true }))
    const applied = await raise({ ...plan, steps }, aBleep('b1'), by)
    expect(applied.left).toBe(true)
    const attempts = await store.transact((tx) => tx.attempts.ofAlert(applied.alert.id))
    expect(attempts.map(({ channel }) => channel)).toEqual(['radio'])
  })
})
