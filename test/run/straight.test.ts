import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BleepId } from '../../src/core/ids.ts'
import { SECOND } from '../../src/core/instant.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Random } from '../../src/ports/random.ts'
import { type Store, StoreFault, type Tx } from '../../src/ports/store.ts'
import { settle, VirtualClock } from '../support/virtual-clock.ts'
import {
  aHolding,
  countingRandom,
  EVERYBODY,
  enrol,
  type Sent,
  startWard,
  type Ward,
  type WardParts,
} from '../support/ward.ts'

// From the wire to the phones in one transaction, where nothing prevents it; where something does, the page comes first.

let store: Store
let clock: VirtualClock
let sent: Sent[]
let random: Random
let ward: Ward

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
  sent = []
  random = countingRandom()
  await enrol(store, EVERYBODY)
})
afterEach(async () => {
  await ward.stop()
  await store.close()
})

async function start(more: Partial<WardParts> = {}): Promise<void> {
  ward = startWard({
    ...{ store, clock, random, holding: aHolding() },
    onSent: (one) => void sent.push(one),
    ...more,
  })
  await clock.elapse(SECOND)
}

const bleep = (id: BleepId | undefined) =>
  store.transact((tx) => (id === undefined ? Promise.resolve(undefined) : tx.bleeps.get(id)))
/** Each of them has a push and a socket. */
const people = () =>
  sent
    .filter((one) => one.channel === 'webpush')
    .map((one) => one.person)
    .sort()

test('a page is stored, raised and on its way to every phone in one transaction', async () => {
  let transactions = 0
  const seen: number[] = []
  const counting: Store = {
    ...store,
    transact(work, within) {
      transactions += 1
      return store.transact(work, within)
    },
  }
  await start({ store: counting, onSent: (one) => seen.push(sent.push(one) && transactions) })
  transactions = 0
  await ward.page('2222', 'CARDIAC ARREST WARD 7B')
  await settle()
  expect(people()).toEqual(['gas', 'nurse', 'reg'])
  expect(new Set(seen)).toEqual(new Set([1]))
})

test('nothing is sent twice by the loop that claims, and every result is kept', async () => {
  await start()
  const id = await ward.page('2222', 'CARDIAC ARREST WARD 7B')
  await clock.elapse(SECOND)
  expect(people()).toEqual(['gas', 'nurse', 'reg'])
  const states = await store.transact(async (tx) => {
    const alert = await tx.alerts.byBleep(id!)
    return (await tx.attempts.ofAlert(alert!.id)).map((a) => a.state)
  })
  expect(new Set(states)).toEqual(new Set(['taken']))
})

test('when it was durable is on record, though only the commit could tell', async () => {
  await start()
  const id = await ward.page('1113', 'CALL EXT 4421')
  await clock.elapse(2 * SECOND)
  const known = await bleep(id)
  expect(known?.stage).toBe('routed')
  expect(known?.passed?.stored).toBeTypeOf('number')
  expect(known?.passed?.routed).toBeTypeOf('number')
})

test('a defect in raising costs no page: it is durable alone, answered, and put in front of the switchboard', async () => {
  let broken = true
  await start({
    onClassify: () => {
      if (broken) throw new TypeError('planted')
    },
  })
  const id = await ward.page('2222', 'CARDIAC ARREST WARD 7B')
  expect(id).toBeDefined()
  await clock.elapse(2 * SECOND)
  expect(await bleep(id)).toMatchObject({ stage: 'stuck', review: { reason: 'raise-defect', waits: true } })
  expect(sent).toEqual([])
  broken = false
  await ward.page('2222', 'CARDIAC ARREST WARD 8')
  await settle()
  expect(people()).toEqual(['gas', 'nurse', 'reg'])
})

test.each(['store-busy', 'store-lost', 'store-full'] as const)(
  'the database refuses the alert with %s and takes the page: it is raised behind',
  async (code) => {
    let refusals = 1
    const refusing: Store = {
      ...store,
      transact: (work, within) => store.transact((tx) => work(withAlerts(tx)), within),
    }
    const withAlerts = (tx: Tx): Tx => ({
      ...tx,
      bleeps: tx.bleeps,
      attempts: tx.attempts,
      alerts: {
        ...tx.alerts,
        async add(alert, events) {
          if (refusals-- > 0) throw new StoreFault(code)
          await tx.alerts.add(alert, events)
        },
      },
    })
    await start({ store: refusing })
    expect(await ward.page('2222', 'CARDIAC ARREST WARD 7B')).toBeDefined()
    await clock.elapse(2 * SECOND)
    expect(people()).toEqual(['gas', 'nurse', 'reg'])
  },
)

test('a transaction that cannot be made durable has sent nothing', async () => {
  let lost = false
  const losing: Store = {
    ...store,
    async transact(work, within) {
      const done = await store.transact(async (tx) => {
        const result = await work(tx)
        if (lost) throw new StoreFault('store-lost')
        return result
      }, within)
      return done
    },
  }
  await start({ store: losing })
  lost = true
  expect(await ward.page('2222', 'CARDIAC ARREST WARD 7B')).toBeUndefined()
  await settle()
  expect(sent).toEqual([])
  lost = false
})

test('while more waits than can be raised at once, routine work queues and an emergency does not', async () => {
  // Left by a node that died: more than one turn of the loop takes.
  await start({ apart: true })
  for (let i = 0; i < 60; i++) await ward.page('1113', `CALL EXT ${4000 + i}`)
  await ward.stop()
  await store.transact(async (tx) => {
    for (const one of await tx.bleeps.inStage('routed', clock.now() + SECOND, 100))
      await tx.bleeps.save({ ...one, stage: 'received' })
  })
  sent.length = 0
  const classified: string[] = []
  ward = startWard({
    ...{ store, clock, random, holding: aHolding() },
    onSent: (one) => void sent.push(one),
    onClassify: ({ page }) => void classified.push(page.text),
  })
  // The loop has looked once and has its hands full.
  const turn = clock.elapse(0)
  while (classified.length === 0) await new Promise((next) => setImmediate(next))
  const routine = await ward.page('1113', 'CALL EXT 4999')
  expect((await bleep(routine))?.stage).toBe('received')
  await ward.page('2222', 'CARDIAC ARREST WARD 7B')
  await new Promise((next) => setImmediate(next))
  expect(new Set(people())).toEqual(new Set(['gas', 'nurse', 'reg']))
  await turn
})

test('a commit of which nothing was heard, and which was made all the same, rings within seconds', async () => {
  let cut = true
  const cutting: Store = {
    ...store,
    async transact(work, within) {
      let pages = false
      const done = await store.transact((tx) => {
        const add: Tx['alerts']['add'] = (alert, events) => {
          pages = true
          return tx.alerts.add(alert, events)
        }
        return work({ ...tx, bleeps: tx.bleeps, attempts: tx.attempts, alerts: { ...tx.alerts, add } })
      }, within)
      if (!pages || !cut) return done
      cut = false
      throw new StoreFault('store-lost')
    },
  }
  await start({ store: cutting })
  expect(await ward.page('2222', 'CARDIAC ARREST WARD 7B')).toBeDefined()
  await clock.elapse(4 * SECOND)
  const states = await store.transact(async (tx) => {
    const all = await tx.alerts.list({ limit: 10 })
    return (await Promise.all(all.map((alert) => tx.attempts.ofAlert(alert.id)))).flat().map((a) => a.state)
  })
  expect(states).toHaveLength(6)
  expect(new Set(states)).toEqual(new Set(['taken']))
})
