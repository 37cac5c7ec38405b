import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AlertEvent } from '../../../src/core/alert/alert.ts'
import { blankAlert } from '../../../src/core/alert/lifecycle.ts'
import { type AlertId, asId } from '../../../src/core/ids.ts'
import { type Instant, SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault, type Tx } from '../../../src/ports/store.ts'
import { startTicker, type TickerParts } from '../../../src/run/alert/ticker.ts'
import type { Loop } from '../../../src/run/loop.ts'
import { aBleep } from '../../contract/store.ts'
import { Call } from '../../support/call.ts'
import { listeningMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

// Due rows become events at their time, whatever the clock, the database or one alert among them does.

const START = 10_000_000
let clock: VirtualClock
let store: Store
let loops: Loop[]
let said: string[]
/** What was asked of the alerts, with the second at which it was. */
let happened: string[]
let announced: string[]
let metrics: ReturnType<typeof listeningMetrics>
/** What an event of this alert meets, as long as it stands here. */
let meets: Record<string, Error>
let known: (id: AlertId) => boolean

beforeEach(async () => {
  clock = new VirtualClock(START)
  store = await openSqlite(':memory:')
  metrics = listeningMetrics()
  ;[loops, said, happened, announced, meets, known] = [[], [], [], [], {}, () => true]
})
afterEach(async () => {
  for (const loop of loops) await loop.stop()
  expect(clock.pending).toBe(0)
  await store.close()
})

const note = (how: string, id: AlertId, event: AlertEvent) => {
  const what =
    event.kind === 'due' ? event.name : event.kind === 'clock-set-back' ? `back ${event.by}` : event.kind
  happened.push(`${(event.at - START) / 1000} ${how}${id} ${what}`)
  const error = meets[id]
  if (error) throw error
  return known(id) ? ({ alert: { id } } as never) : undefined
}
const write = (what: string, more?: object) =>
  void said.push([what, ...Object.values(more ?? {}).slice(0, 2)].join(' '))

async function start(more: Partial<TickerParts> = {}): Promise<Loop> {
  const ticker = startTicker({
    ...{ store, clock, metrics, node: asId('n'), owner: 'n/1', every: 1000 * SECOND },
    log: { info: write, warn: write, error: write, debug: write },
    alerts: {
      applyIn: async (tx, id, event) => {
        const applied = note('', id, event)
        if (applied) await tx.due.forget(id, [event.kind === 'due' ? event.name : ''])
        return applied
      },
      apply: async (id, event) => {
        const applied = note('alone ', id, event as AlertEvent)
        if (applied) await store.transact((tx) => tx.due.forget(id, 'all'))
        return applied
      },
      raiseIn: () => Promise.reject(new Error('raises nothing')),
      announce: ({ alert }) => void announced.push(alert.id),
    },
    ...more,
  })
  loops.push(ticker)
  await clock.elapse(0)
  await pass(0)
  return ticker
}
/** The store answers in turns of its own, between which no time passes. */
async function pass(ms: number): Promise<void> {
  await settle(20)
  for (let left = ms; left > 0; left -= 250) {
    await clock.elapse(Math.min(250, left))
    await settle(20)
  }
}
async function due(alert: string, at: Instant, name = 'step-1'): Promise<void> {
  await open(alert)
  await store.transact((tx) => tx.due.set([{ alert: asId(alert), name, at }]))
}
const rows = async (alert: string) => (await store.transact((tx) => tx.due.of(asId(alert)))).length

async function open(...ids: readonly string[]): Promise<void> {
  await store.transact(async (tx) => {
    for (const id of ids) {
      const { plan } = new Call('role:med-reg', id.startsWith('arrest') ? 'emergency' : 'urgent').alert
      if (await tx.alerts.get(asId(id))) continue
      await tx.bleeps.add(aBleep(`b-${id}`))
      const alert = blankAlert(asId(id), asId(`b-${id}`), plan, START)
      await tx.alerts.add({ ...alert, revision: 1 }, [{ kind: 'raised', at: START }])
    }
  })
}

test('each row is an event at its time, though nothing rings, and how late the first was is told', async () => {
  await due('a', START - 2500)
  await due('b', START + 3 * SECOND)
  await due('a', START + 4 * SECOND, 'receipt')
  await start()
  await pass(5 * SECOND)
  expect(happened).toEqual(['0 a step-1', '3 b step-1', '4 a receipt'])
  expect(announced).toEqual(['a', 'b', 'a'])
  const late = metrics.gauges
    .filter(([name]) => name === 'bleepbridge_due_late_seconds')
    .map(([, value]) => value)
  expect(Math.max(...late)).toBe(2.5)
  expect(Math.min(...late)).toBe(0)
})

test('a row that comes sooner than the one it sleeps for rings it awake', async () => {
  await due('later', START + 100 * SECOND)
  await start()
  await due('soon', START + SECOND)
  store.wake.ring('due')
  await pass(2 * SECOND)
  expect(happened).toEqual(['1 soon step-1'])
})

test('a row of an alert that is no more is forgotten', async () => {
  known = () => false
  await due('gone', START)
  await start()
  expect(await rows('gone')).toBe(0)
  expect(announced).toEqual([])
})

test('many go in one transaction, and not so many that one is held up long', async () => {
  for (let i = 0; i < 60; i++) await due(`a${i}`, START)
  let moves = 0
  const counting: Store = {
    ...store,
    transact: (work, within) => {
      const before = happened.length
      return store.transact(work, within).finally(() => {
        if (happened.length > before) moves += 1
      })
    },
  }
  await start({ store: counting })
  await pass(250)
  expect([happened.length, moves]).toEqual([60, 3])
})

test('after a long time down emergencies are stepped before all else, and one that falls due meanwhile soon', async () => {
  const LONG_AGO = START - 25 * 60 * SECOND
  for (let i = 0; i < 250; i++) await due(`call-${i}`, LONG_AGO + i)
  for (const n of [2, 1]) await due(`arrest-${n}`, START - n)
  let meanwhile: Promise<void> | undefined
  known = () => {
    if (happened.length === 30) meanwhile = due('arrest-new', START - 1)
    return true
  }
  await start()
  await pass(5 * SECOND)
  await meanwhile
  expect(happened).toHaveLength(253)
  expect(happened.slice(0, 3)).toEqual(['0 arrest-2 step-1', '0 arrest-1 step-1', '0 call-0 step-1'])
  expect(happened.indexOf('0 arrest-new step-1')).toBeLessThan(30 + 100)
  // And of the rest each has its turn, as it fell due.
  expect(happened.filter((one) => one.includes('call'))).toEqual(
    Array.from({ length: 250 }, (_, i) => `0 call-${i} step-1`),
  )
})

test('an alert that meets a defect holds up no other, is tried again, and is told until it is well', async () => {
  meets = { b: new TypeError('planted') }
  for (const id of ['a', 'b', 'c']) await due(id, START)
  await start({ every: SECOND })
  expect(happened).toEqual([
    '0 a step-1',
    '0 b step-1',
    '0 alone a step-1',
    '0 alone b step-1',
    '0 alone c step-1',
  ])
  expect([await rows('b'), said.filter((line) => line.includes('step-failed'))]).toEqual([
    1,
    ['defect step-failed b'],
  ])
  meets = {}
  happened = []
  await pass(7 * SECOND)
  expect(happened.map((line) => line.split(' ')[1])).toEqual(['b'])
  expect(said.at(-1)).toBe('defect-over step-failed b')
  expect(said.filter((line) => line.startsWith('defect-over'))).toHaveLength(1)
})

test('what it has claimed is worked off as soon as the store is back, and left to others once its lease is over', async () => {
  meets = { a: new StoreFault('store-lost') }
  await due('a', START)
  await start({ every: SECOND })
  expect([happened, said]).toEqual([['0 a step-1'], ['defect store-lost ticker']])
  await pass(SECOND)
  meets = {}
  happened = []
  await pass(SECOND)
  expect(happened.map((line) => line.replace(/^[12][.\d]* /, ''))).toEqual(['a step-1'])

  meets = { b: new StoreFault('store-lost') }
  await due('b', clock.now())
  await pass(SECOND)
  happened = []
  // As if it had stood still for longer than its lease, and another had claimed the row meanwhile.
  await loops[0]?.stop()
  meets = {}
  const claim = {
    owner: 'other/1',
    now: clock.now() + 60 * SECOND,
    until: clock.now() + 600 * SECOND,
    limit: 9,
  }
  expect(await store.transact((tx) => tx.due.claim(claim))).toHaveLength(1)
  await start({ owner: 'n/2', every: SECOND })
  await pass(3 * SECOND)
  expect(happened).toEqual([])
})

test('a clock that is set back takes every open alert with it, also while we were down; a smoothing does not', async () => {
  await open('a', 'b')
  const ticker = await start({ every: SECOND })
  await pass(6 * SECOND)
  clock.step(-900)
  await pass(2 * SECOND)
  expect(happened).toEqual([])
  clock.step(-10 * SECOND)
  await pass(SECOND)
  expect(happened.map((line) => line.replace(/^\S+ /, ''))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^alone a back \d+$/),
      expect.stringMatching(/^alone b back \d+$/),
    ]),
  )
  // Once, however often it looks again.
  await pass(5 * SECOND)
  expect(happened).toHaveLength(2)
  const by = Number(happened[0]?.split(' ').at(-1))
  expect(by).toBeGreaterThanOrEqual(9 * SECOND)
  expect(by).toBeLessThanOrEqual(11 * SECOND)
  expect(said).toContain(`clock-set-back ${by} 2`)

  await pass(SECOND)
  await ticker.stop()
  happened = []
  clock.step(-3600 * SECOND)
  // Another node goes by a clock of its own.
  await start({ node: asId('other'), owner: 'other/1' })
  expect(happened).toEqual([])
  await start({ owner: 'n/2' })
  expect(happened).toHaveLength(2)
})

test('one alert that cannot be moved with the clock keeps no other from it', async () => {
  await open('a', 'b')
  await start({ every: SECOND })
  await pass(2 * SECOND)
  meets = { a: new TypeError('planted') }
  clock.step(-60 * SECOND)
  await pass(SECOND)
  expect(happened.map((line) => line.split(' ')[2]).toSorted()).toEqual(['a', 'b'])
  expect(said).toContain('defect step-failed a')
})

test.each([
  [2000, []],
  [2001, ['alone a back 1001']],
])('a clock that goes back by %i ms between two looks a second apart moves %j', async (by, moved) => {
  await open('a')
  await start({ every: SECOND })
  clock.step(-by)
  await pass(SECOND)
  expect(happened.map((line) => line.replace(/^\S+ /, ''))).toEqual(moved)
})

test('a clock that goes back bit by bit is set back once it is a second behind itself', async () => {
  await open('a')
  await start({ every: SECOND })
  clock.step(-1900)
  await pass(SECOND)
  expect(happened).toEqual([])
  clock.step(-1900)
  await pass(SECOND)
  expect(happened.map((line) => line.replace(/^\S+ /, ''))).toEqual(['alone a back 1800'])
})

test('the latest time seen is noted every five seconds, under a name that each release knows', async () => {
  await open('a')
  await store.transact((tx) => tx.notes.set('ticker/high-water/n', START + 10 * SECOND, START))
  const noted: unknown[] = []
  const writing: Store = {
    ...store,
    transact: (work, within) =>
      store.transact((tx) => {
        const set: typeof tx.notes.set = (key, value, at) => {
          noted.push([key, value])
          return tx.notes.set(key, value, at)
        }
        return work({ ...tx, notes: { ...tx.notes, set } })
      }, within),
  }
  await start({ store: writing, every: SECOND })
  expect(happened).toEqual(['0 alone a back 10000'])
  await pass(12 * SECOND)
  expect(noted).toEqual([0, 5, 10].map((s) => ['ticker/high-water/n', START + s * SECOND]))
})

describe('what it has claimed', () => {
  const away = new StoreFault('store-lost')
  const claim = (at: Instant) =>
    store.transact((tx) => tx.due.claim({ owner: 'other/1', now: at, until: at + 60 * SECOND, limit: 9 }))

  test('is nobody else’s for five seconds', async () => {
    meets = { a: away }
    await due('a', START)
    await start()
    expect(await claim(START + 5 * SECOND - 1)).toEqual([])
    expect(await claim(START + 5 * SECOND)).toHaveLength(1)
  })

  test.each([5, 60])(
    'and what stood still for %i s is another’s, who has claimed it by then',
    async (seconds) => {
      meets = { a: away }
      await due('a', START)
      await start({ every: SECOND })
      clock.step((seconds - 1) * SECOND)
      expect(await claim(START + seconds * SECOND)).toHaveLength(1)
      meets = {}
      happened = []
      await pass(SECOND)
      expect(happened).toEqual([])
    },
  )

  test('and the store will not do holds up nothing that comes due, and is done as soon as the store does it', async () => {
    meets = { a: away }
    await due('a', START)
    await start({ every: SECOND })
    await due('b', START + SECOND)
    await pass(2 * SECOND)
    expect(happened).toContain('1 b step-1')
    meets = {}
    happened = []
    await pass(SECOND)
    expect(happened.map((line) => line.replace(/^2[.\d]* /, ''))).toEqual(['a step-1'])
  })

  test('and has done is not done again, where the store was lost in the middle', async () => {
    for (let i = 0; i < 25; i++) await due(`a${i}`, START - SECOND)
    await due('last', START)
    meets = { last: away }
    await start({ every: SECOND })
    meets = {}
    await pass(SECOND)
    expect(happened.filter((line) => line.endsWith('a0 step-1'))).toHaveLength(1)
    expect(happened.at(-1)).toBe('1 last step-1')
    expect(happened).toHaveLength(27)
  })
})

test('a store that fails while rows are claimed leaves nothing half claimed behind', async () => {
  let fails = false
  const failing: Store = {
    ...store,
    transact: (work, within) =>
      fails ? Promise.reject(new StoreFault('store-lost')) : store.transact(work, within),
  }
  await start({ store: failing, every: SECOND })
  fails = true
  await pass(SECOND)
  fails = false
  await due('a', START + 2 * SECOND)
  await pass(SECOND)
  expect(happened).toEqual(['2 a step-1'])
  expect(said).toEqual(['defect store-lost ticker', 'defect-over store-lost ticker'])
})

describe('an alert alone', () => {
  test('that goes well is told as well, though another of its turn met a defect', async () => {
    meets = { a: new TypeError('planted') }
    for (const id of ['a', 'b']) await due(id, START)
    await start({ every: SECOND })
    meets = { b: new TypeError('planted') }
    await due('b', START + 5 * SECOND)
    await pass(6 * SECOND)
    expect(said).toEqual(['defect step-failed a', 'defect-over step-failed a', 'defect step-failed b'])
  })

  test('that the store will not do has met no defect', async () => {
    meets = { a: new TypeError('planted'), b: new StoreFault('store-full') }
    await due('a', START - SECOND)
    await due('b', START)
    await start()
    expect(said).toEqual(['defect step-failed a', 'defect store-full ticker'])
  })
})

describe('it looks', () => {
  let looks: number
  const counting = (): Store => {
    looks = 0
    return {
      ...store,
      transact: (work, within) => {
        looks += 1
        return store.transact(work, within)
      },
    }
  }

  test('once a turn where nothing is due, and not before something can be', async () => {
    await due('later', START + 50 * SECOND)
    await start({ store: counting() })
    looks = 0
    await pass(49 * SECOND)
    expect(looks).toBe(0)
    await pass(SECOND)
    expect(happened).toEqual(['50 later step-1'])
    looks = 0
    await start({ store: counting(), owner: 'n/2', every: SECOND })
    looks = 0
    await pass(SECOND)
    expect(looks).toBe(1)
  })

  test('for what is due first, and claims nothing where nothing is', async () => {
    let claims = 0
    const spying: Store = {
      ...store,
      transact: (work, within) =>
        store.transact((tx) => {
          const claim: Tx['due']['claim'] = (given) => {
            claims += 1
            return tx.due.claim(given)
          }
          return work(Object.create(tx, { due: { value: { ...tx.due, claim } } }))
        }, within),
    }
    await due('later', START + 5 * SECOND)
    await start({ store: spying, every: SECOND })
    await pass(4 * SECOND)
    expect(claims).toBe(0)
    await pass(SECOND)
    expect(happened).toEqual(['5 later step-1'])
  })

  test('ten times a second for rows of another node, whose ring is not heard', async () => {
    const ticker = startTicker({
      ...{ store, clock, metrics, node: asId('n'), owner: 'n/1' },
      log: { info: write, warn: write, error: write, debug: write },
      alerts: {
        applyIn: async (tx, id, event) => {
          await tx.due.forget(id, 'all')
          return note('', id, event)
        },
        apply: () => Promise.reject(new Error('is alone')),
        raiseIn: () => Promise.reject(new Error('raises nothing')),
        announce: () => undefined,
      },
    })
    loops.push(ticker)
    await pass(0)
    await due('a', START + 100)
    await clock.elapse(100)
    await settle(20)
    expect(happened).toEqual(['0.1 a step-1'])
  })
})
