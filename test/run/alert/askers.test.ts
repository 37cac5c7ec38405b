import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../../src/core/alert/alert.ts'
import type { Bleep } from '../../../src/core/bleep/bleep.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { AskRow } from '../../../src/ports/asks.ts'
import { type Store, StoreFault, type Tx } from '../../../src/ports/store.ts'
import { noteAsker, startTell } from '../../../src/run/alert/askers.ts'
import type { Loop } from '../../../src/run/loop.ts'
import { aBleep } from '../../contract/store.ts'
import { Call } from '../../support/call.ts'
import { type ListeningMetrics, listeningMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, wardDirectory } from '../../support/ward.ts'

// Whoever asked is told: whose turn it is and when, by a telephone, by a phone, and when nothing more is owed.

const START = Date.UTC(2026, 10, 30, 9)
const WITHIN = 30 * SECOND
let clock: VirtualClock
let store: Store
let metrics: ListeningMetrics
let said: string[]
let rung: string[]
let tell: Loop
/** What each transaction meets instead of the store. */
let meets: (tx: Tx) => Partial<Tx>

beforeEach(async () => {
  clock = new VirtualClock(START)
  store = await openSqlite(':memory:')
  metrics = listeningMetrics()
  ;[said, rung, meets] = [[], [], () => ({})]
})
afterEach(async () => {
  await tell.stop()
  expect(clock.pending).toBe(0)
  await store.close()
})

const write = (what: string, more?: object) =>
  void said.push([what, ...Object.values(more ?? {}).slice(0, 2)].join(' '))
async function start(more: Partial<Parameters<typeof startTell>[0]> = {}): Promise<void> {
  tell = startTell({
    ...{ clock, metrics, log: { info: write, warn: write, error: write, debug: write } },
    store: {
      ...store,
      transact: (work, within) => store.transact((tx) => work({ ...tx, ...meets(tx) }), within),
      wake: { ...store.wake, ring: (topic) => void rung.push(topic) },
    },
    directory: () => wardDirectory(aHolding()),
    within: () => WITHIN,
    ...more,
  })
  await clock.elapse(0)
}

/** A bleep that somebody asked for, and its alert as it stands. */
async function asked(id: string, ask: Partial<AskRow> = {}, alert: Partial<Alert> = {}): Promise<void> {
  const call = new Call('role:med-reg', 'routine')
  await store.transact(async (tx) => {
    await tx.bleeps.add(bleep(id))
    const known = { ...call.alert, id: asId<Alert['id']>(`a-${id}`), bleep: asId<BleepId>(id), revision: 1 }
    await tx.alerts.add({ ...known, ...alert }, [{ kind: 'raised', at: START }])
    await tx.asks.add({ bleep: asId(id), at: START, told: [], ...ask })
  })
}
const bleep = (id: string, more: Partial<Bleep> = {}): Bleep => aBleep(id, { received: START, ...more })
/** The registrar answers. */
const answer = (id: string, state: 'accepted' | 'call-back' | 'arrived' = 'accepted') =>
  change(id, (alert) => ({
    responders: Object.fromEntries(
      Object.entries(alert.responders).map(([who, r]) => [who, { ...r, state }]),
    ),
    version: alert.version + 1,
  }))
const change = (id: string, how: (alert: Alert) => Partial<Alert>) =>
  store.transact(async (tx) => {
    const alert = (await tx.alerts.get(asId(`a-${id}`)))!
    await tx.alerts.save({ ...alert, revision: alert.revision + 1, ...how(alert) }, alert.revision, [])
  })
const row = (id: string) => store.transact(async (tx) => (await tx.asks.get(asId(id)))!)
const ways = async (id: string) =>
  (await row(id)).told.map(({ way, at }) => `${(at - START) / SECOND} ${way}`)
const device = (id: string, owner: Device['owner'], state: Device['state'] = 'active') =>
  store.transact((tx) =>
    tx.devices.add(
      { ...{ id: asId(id), owner, label: id, channel: 'webpush', address: '{}', state }, enrolled: 0 },
      `token-${id}`,
    ),
  )
const SCREEN = { kind: 'ward', ward: 'Ward 7B' } as const
const OWN = { kind: 'person', person: asId<never>('nurse') } as const
const reasons = () =>
  metrics.counted.flatMap(([name, labels]) => (name === 'bleepbridge_reasons_total' ? [labels?.reason] : []))

describe('each way has its turn', () => {
  test('as soon as somebody has answered, one after the other, the switchboard last', async () => {
    await device('screen', SCREEN)
    await device('own', OWN)
    await asked('b1', { ward: 'Ward 7B', extension: '4421', device: asId('own') })
    await start({ speak: async () => 'unheard', ring: async () => true })
    await clock.elapse(10 * SECOND)
    expect(await ways('b1')).toEqual([])
    await answer('b1')
    rung = []
    await clock.elapse(SECOND)
    expect([await ways('b1'), rung]).toEqual([['11 screen'], ['alerts']])
    await clock.elapse(5 * MINUTE)
    expect(await ways('b1')).toEqual(['11 screen', '41 phone', '71 call', '101 switchboard'])
    expect(reasons()).toEqual(['asker-untold'])
  })

  test.each<[string, Partial<AskRow>, string[]]>([
    ['whose ward has a screen that is off for good', { ward: 'Ward 7B' }, ['switchboard']],
    ['whose phone was revoked', { device: asId('old') }, ['switchboard']],
    ['who asked at a ward’s own screen', { device: asId('screen') }, ['switchboard']],
    ['of whom no telephone is known', {}, ['switchboard']],
    ['who has a telephone', { extension: '4421' }, ['call', 'switchboard']],
  ])('for somebody %s', async (_, ask, turns) => {
    await device('gone', SCREEN, 'revoked')
    await device('old', OWN, 'revoked')
    await device('screen', { kind: 'ward', ward: 'Ward 1' })
    await asked('b1', ask)
    await answer('b1')
    await start({ speak: async () => 'unheard' })
    await clock.elapse(2 * MINUTE)
    expect((await row('b1')).told.map(({ way }) => way)).toEqual(turns)
  })

  test('without an exchange nobody is called', async () => {
    await asked('b1', { extension: '4421' })
    await answer('b1')
    await start()
    expect((await row('b1')).told.map(({ way }) => way)).toEqual(['switchboard'])
  })

  test('though the store would not say how the call stands at first', async () => {
    await asked('b1')
    await start()
    await answer('b1')
    let refused = 0
    const get = (): Promise<never> => {
      refused += 1
      throw new StoreFault('store-busy')
    }
    meets = ({ bleeps }) => ({ bleeps: { ...bleeps, get } })
    await clock.elapse(SECOND)
    expect([refused, await ways('b1')]).toEqual([1, []])
    meets = () => ({})
    await clock.elapse(SECOND)
    expect(await ways('b1')).toEqual(['2 switchboard'])
  })

  test('of each ask of a flood, and other work is done meanwhile', async () => {
    const many = Array.from({ length: 230 }, (_, i) => `b${i}`)
    for (const id of many) {
      await asked(id)
      await answer(id)
    }
    const order: string[] = []
    meets = ({ asks }) => ({
      asks: {
        ...asks,
        owed: (mark, limit) => {
          order.push('read')
          setImmediate(() => order.push('other'))
          return asks.owed(mark, limit)
        },
      },
    })
    await start()
    expect(order.slice(0, 5)).toEqual(['read', 'other', 'read', 'other', 'read'])
    expect(reasons()).toHaveLength(many.length)
  })

  test('though the clock goes back meanwhile', async () => {
    await device('screen', SCREEN)
    await asked('b1', { ward: 'Ward 7B' })
    await answer('b1')
    await start()
    clock.step(-HOUR)
    await clock.elapse(WITHIN)
    expect((await row('b1')).told.map(({ way }) => way)).toEqual(['screen', 'switchboard'])
  })

  test('until they know: then nobody else’s begins, and with the call’s end nothing is owed', async () => {
    await device('screen', SCREEN)
    await asked('b1', { ward: 'Ward 7B' })
    await answer('b1')
    await start()
    await store.transact(async (tx) => {
      const known = (await tx.asks.get(asId('b1')))!
      const told = [...known.told, { way: 'screen', at: clock.now(), said: 'coming/reg' } as const]
      await tx.asks.save({ ...known, told, known: clock.now() })
    })
    await clock.elapse(MINUTE)
    expect(await ways('b1')).toEqual(['0 screen', '0 screen'])
    expect((await row('b1')).settled).toBeUndefined()
    await change('b1', () => ({ phase: 'closed' }))
    await clock.elapse(SECOND)
    expect((await row('b1')).settled).toBe(true)
  })

  test('of a call that ended before they knew', async () => {
    await device('screen', SCREEN)
    await asked('b1', { ward: 'Ward 7B' }, { phase: 'closed' })
    await start()
    expect(await ways('b1')).toEqual(['0 screen'])
    expect((await row('b1')).settled).toBeUndefined()
  })

  test('of each ask alone, so that a receipt at the same moment is not lost', async () => {
    const alone: string[] = []
    meets = (tx) => ({
      alone: async (key) => {
        alone.push(key)
        await tx.alone(key)
      },
    })
    await asked('b1', { extension: '4421' })
    await answer('b1')
    await start({ speak: async () => 'heard' })
    await clock.elapse(SECOND)
    expect(new Set(alone)).toEqual(new Set(['ask/b1']))
    expect(alone.length).toBeGreaterThanOrEqual(2)
  })
})

describe('by telephone', () => {
  test('the sentence that stands is said to the extension, and a key makes it told', async () => {
    const calls: string[] = []
    await asked('b1', { extension: '4421' })
    await answer('b1')
    await start({
      speak: async (extension, sentence) => {
        calls.push(`${extension}: ${sentence}`)
        return 'heard'
      },
    })
    await clock.elapse(5 * MINUTE)
    expect(calls).toEqual([expect.stringMatching(/^4421: reg is coming/)])
    expect(await row('b1')).toMatchObject({
      known: START,
      told: [{ way: 'call' }, { way: 'call', at: START, said: 'coming/reg' }],
    })
    expect(reasons()).toEqual(['asker-told'])
    expect(rung).toEqual(['alerts', 'alerts'])
  })

  test('what has changed while it was said is not known', async () => {
    await asked('b1', { extension: '4421' })
    await answer('b1', 'call-back')
    await start({
      speak: async () => {
        await answer('b1')
        return 'heard'
      },
    })
    await clock.elapse(SECOND)
    const after = await row('b1')
    expect(after.told.at(-1)).toMatchObject({ way: 'call', said: 'will-ring/reg' })
    expect(after.known).toBeUndefined()
  })

  test('what they knew already they have known since then', async () => {
    await asked('b1', { extension: '4421' })
    await answer('b1')
    await start({
      speak: async () => {
        const known = await row('b1')
        await store.transact((tx) => tx.asks.save({ ...known, known: START - 5 }))
        return 'heard'
      },
    })
    await clock.elapse(SECOND)
    expect((await row('b1')).known).toBe(START - 5)
  })

  test('a ring that nobody takes is given up, and no other waits for it', async () => {
    let given: AbortSignal | undefined
    const said = Promise.withResolvers<'unheard'>()
    for (const id of ['b1', 'b2']) {
      await asked(id, { extension: id === 'b1' ? '4421' : '4422' })
      await answer(id)
    }
    let calls = 0
    await start({
      speak: (_, __, signal) => {
        calls += 1
        given ??= signal
        signal.addEventListener('abort', () => said.resolve('unheard'))
        return said.promise
      },
    })
    expect(calls).toBe(2)
    await clock.elapse(25 * SECOND - 1)
    expect(given?.aborted).toBe(false)
    await clock.elapse(1)
    expect(given?.aborted).toBe(true)
    expect((await row('b1')).told).toHaveLength(1)
    expect(reasons()).toEqual([])
  })

  test.each([
    ['a defect of ours', new TypeError('planted'), ['defect step-failed b1']],
    ['the store', new StoreFault('store-lost'), []],
  ])(
    'what ends in %s is told where it is a defect, and the next way has its turn',
    async (_, error, told) => {
      await asked('b1', { extension: '4421' })
      await answer('b1')
      await start({ speak: () => Promise.reject(error) })
      await clock.elapse(WITHIN)
      expect(said).toEqual(told)
      expect((await row('b1')).told.map(({ way }) => way)).toEqual(['call', 'switchboard'])
      // Its ring is over with it.
      await clock.elapse(MINUTE)
    },
  )
})

describe('by their own phone', () => {
  test('it is rung with the name of what they asked', async () => {
    await device('own', OWN)
    await asked('b1', { device: asId('own') })
    await answer('b1')
    await start({ ring: async ({ id }, name) => rung.push(`${id} ${name}`) > 0 })
    await clock.elapse(SECOND)
    expect(rung).toEqual(expect.arrayContaining(['own ask-b1', 'alerts']))
  })

  test.each([
    ['a defect of ours', new TypeError('planted'), ['defect step-failed b1']],
    ['the store', new StoreFault('store-lost'), []],
  ])('a ring that ends in %s is told where it is a defect', async (_, error, told) => {
    await device('own', OWN)
    await asked('b1', { device: asId('own') })
    await answer('b1')
    await start({ ring: () => Promise.reject(error) })
    await clock.elapse(SECOND)
    expect(said).toEqual(told)
  })

  test('a site that rings no phones goes on without', async () => {
    await device('own', OWN)
    await asked('b1', { device: asId('own') })
    await answer('b1')
    await start()
    await clock.elapse(WITHIN)
    expect(said).toEqual([])
    expect((await row('b1')).told.map(({ way }) => way)).toEqual(['phone', 'switchboard'])
  })
})

describe('a look', () => {
  test('is had every second, and what the store does is told by name', async () => {
    let looks = 0
    meets = () => {
      looks += 1
      throw new StoreFault('store-lost')
    }
    await start()
    await clock.elapse(SECOND - 1)
    expect(looks).toBe(1)
    await clock.elapse(1)
    expect([looks, said[0]]).toEqual([2, 'defect store-lost tell'])
  })

  test('at what has not moved since reads nothing of it; at what has, it does', async () => {
    const read: string[] = []
    await asked('b1', { extension: '4421' })
    meets = (tx) => ({
      bleeps: {
        ...tx.bleeps,
        get: (id) => {
          read.push(id)
          return tx.bleeps.get(id)
        },
      },
    })
    await start()
    expect(read).toEqual(['b1'])
    await clock.elapse(3 * SECOND)
    expect(read).toEqual(['b1'])
    await answer('b1')
    await clock.elapse(SECOND)
    expect(read.length).toBeGreaterThan(1)
    // The switchboard is the last: from then on nobody's time has to come.
    read.length = 0
    await clock.elapse(3 * SECOND)
    expect(read).toEqual([])
  })

  test('finds whoever asked behind hundreds that nobody has told yet', async () => {
    await store.transact(async (tx) => {
      for (let i = 0; i < 250; i++)
        await tx.asks.add({ bleep: asId(`old-${String(i).padStart(3, '0')}`), at: START - MINUTE, told: [] })
    })
    await asked('b1')
    await answer('b1')
    await start()
    while ((await ways('b1')).length === 0) await settle()
    expect(await ways('b1')).toEqual(['0 switchboard'])
  })

  test.each([
    [2 * HOUR, 1],
    [2 * HOUR + 1, 0],
  ])('finds whom nobody told for %i ms, or no more', async (ago, turns) => {
    await asked('b1', { at: START - ago })
    await answer('b1')
    await start()
    expect(await ways('b1')).toHaveLength(turns)
  })
})

test('who asked is put on record with their telephone and where it stands, once', async () => {
  await start()
  const known = bleep('b1', {
    meaning: { kind: 'call-back', class: 'routine', rule: 'r', reason: 'first-sighting', callBack: '4421' },
  })
  const directory = wardDirectory(aHolding())
  await store.transact(async (tx) => {
    for (const one of [known, bleep('b2', { page: { ...known.page, text: 'FALL' } })]) {
      await tx.bleeps.add(one)
      await noteAsker(tx, one, directory)
    }
  })
  expect(await row('b1')).toEqual({ bleep: 'b1', at: START, ward: 'Ward 7B', extension: '4421', told: [] })
  expect(await store.transact((tx) => tx.asks.get(asId('b2')))).toBeUndefined()
})
