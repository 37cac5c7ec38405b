import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Bleep, Meaning } from '../../../src/core/bleep/bleep.ts'
import { given } from '../../../src/core/given.ts'
import { asId, type BleepId, type RoleId } from '../../../src/core/ids.ts'
import { HOUR, SECOND } from '../../../src/core/instant.ts'
import { policiesSchema } from '../../../src/core/route/policy.ts'
import { CLASSES } from '../../../src/core/vocabulary.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault, type Tx } from '../../../src/ports/store.ts'
import { createAlerts, LostRace } from '../../../src/run/alert/alerts.ts'
import { alertOf as alertOfChain } from '../../../src/run/alert/earlier.ts'
import type { Rings } from '../../../src/run/alert/elsewhere.ts'
import { type Raise, startRaise } from '../../../src/run/alert/raise.ts'
import type { RaiseParts } from '../../../src/run/alert/raise-parts.ts'
import { aPage } from '../../support/pages.ts'
import { type ListeningMetrics, listeningMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, countingRandom, EVERYBODY, enrol, wardDirectory } from '../../support/ward.ts'

// T2: which of the stored bleeps are raised in which order, what becomes of those that cannot be, and what is told of each.

const START = 10_000_000
let clock: VirtualClock
let store: Store
let metrics: ListeningMetrics
let rung: string[]
let said: string[]
/** What was held alone, in order. */
let held: string[]
let raise: Raise
/** What the transaction of this bleep meets instead of the store. */
let meets: Record<string, () => never>

beforeEach(async () => {
  clock = new VirtualClock(START)
  store = await openSqlite(':memory:')
  await enrol(store, EVERYBODY)
  ;[metrics, rung, said, held, meets] = [listeningMetrics(), [], [], [], {}]
  raise = made()
})
afterEach(async () => {
  await raise.stop()
  await store.close()
})

const write = (level: string) => (what: string, more?: object) =>
  void said.push([level, what, ...Object.values(more ?? {}).filter((v) => typeof v === 'string')].join(' '))

function made(more: Partial<RaiseParts> = {}): Raise {
  const change = (tx: Tx): Partial<Tx> => ({
    alone: async (key) => {
      held.push(key)
      await tx.alone(key)
    },
    bleeps: {
      ...tx.bleeps,
      save: async (bleep) =>
        (bleep.stage === 'stuck' ? undefined : meets[bleep.id]?.()) ?? tx.bleeps.save(bleep),
    },
  })
  const base = {
    ...{ clock, metrics, random: countingRandom(), directory: () => wardDirectory(aHolding()) },
    log: { info: write('info'), warn: write('warn'), error: write('error'), debug: write('debug') },
    store: {
      ...store,
      transact: ((work, within) =>
        store.transact((tx) => work({ ...tx, ...change(tx) }), within)) as Store['transact'],
      wake: { ...store.wake, ring: (topic: string) => void rung.push(topic) },
    },
  }
  return startRaise({
    ...{ ...base, alerts: createAlerts({ ...base, radio: true }), policies: () => policiesSchema.parse({}) },
    classify: ({ page }): Meaning => ({
      ...{ kind: page.text === 'STAND DOWN' ? 'stand-down' : 'call', rule: 'r', reason: 'first-sighting' },
      class: CLASSES.find((c) => page.text.toLowerCase().startsWith(c)) ?? 'routine',
      ...given({ place: page.fields.place }),
    }),
    // Only what the tests ask for is done.
    begins: new Promise(() => {}),
    ...more,
  })
}

function aBleep(id: string, text = 'ROUTINE', more: Partial<Bleep> = {}): Bleep {
  const at = clock.now()
  return {
    ...{
      id: asId<BleepId>(id),
      number: '1113',
      page: aPage(text, { firstByte: at - 100, lastByte: at - 20 }),
    },
    ...{ received: at, passed: { decoded: at - 10 }, stage: 'received', sightings: 1, repeats: 0 },
    ...more,
  }
}
const stored = (...what: Parameters<typeof aBleep>) => store.transact((tx) => tx.bleeps.add(aBleep(...what)))
const bleep = (id: string) => store.transact(async (tx) => (await tx.bleeps.get(asId(id)))!)
const alertOf = (id: string) => store.transact((tx) => tx.alerts.byBleep(asId(id)))
const routed = () =>
  said.flatMap((line) => (line.startsWith('info bleep-routed ') ? [line.split(' ')[2] ?? ''] : []))
const counted = (name: string) =>
  metrics.counted.flatMap(([one, labels]) => (one === `bleepbridge_${name}_total` ? [labels] : []))

test('a bleep is routed once, and all that waits for it hears of it', async () => {
  await stored('b1')
  await raise.run()
  const alert = await alertOf('b1')
  expect(await bleep('b1')).toMatchObject({
    stage: 'routed',
    meaning: { class: 'routine' },
    passed: { decoded: START - 10, routed: START },
  })
  expect(said).toEqual([`info bleep-routed b1 raise ${counted('reasons')[0]?.reason} ${alert?.id}`])
  expect(counted('bleeps')).toEqual([{ class: 'routine' }])
  expect(metrics.observed.map(([, seconds, labels]) => [labels?.hop, seconds])).toEqual([['routed', 0.1]])
  // What falls due first lies far off: whoever looks for that finds it by himself.
  expect(rung.toSorted()).toEqual(['alerts', 'attempts', 'inbox'])
  expect(await bleep('b1')).not.toHaveProperty('review')
  rung = []
  await raise.run()
  expect([said.length, rung]).toEqual([1, []])
})

test('when it became durable, which only its commit could tell, stands with its other times', async () => {
  await raise.stop()
  raise = made({ storedAt: (id) => (id === 'b1' ? START - 5 : undefined) })
  for (const id of ['b1', 'b2']) await stored(id)
  await raise.run()
  expect((await bleep('b1')).passed).toEqual({ decoded: START - 10, stored: START - 5, routed: START })
  expect((await bleep('b2')).passed).toEqual({ decoded: START - 10, routed: START })
})

test('who asked is put on record with it, by the telephone that the line names', async () => {
  await stored('b1', '', { page: { ...aPage('ROUTINE'), fields: { ext: '4421' } } })
  await raise.run()
  const row = await store.transact((tx) => tx.asks.get(asId('b1')))
  expect(row).toMatchObject({ extension: '4421', ward: 'Ward 7B' })
})

test('one that is left to the pagers waits for nobody, and why is said with it', async () => {
  await raise.stop()
  const known = wardDirectory(aHolding())
  const listens = [...known.roles].map(([id, role]) => [id, { ...role, listens: true }] as const)
  raise = made({ directory: () => ({ ...known, roles: new Map(listens) }) })
  await stored('b1')
  await raise.run()
  expect(await bleep('b1')).toMatchObject({
    stage: 'routed',
    review: { reason: 'listening-only', waits: false },
  })
})

test('two nodes that find one bleep raise it one after the other, and one that is gone is none', async () => {
  await stored('b1')
  held = []
  await raise.run()
  expect(held).toContain('bleep/1113')
  const all = [{ ...(await bleep('b1')), id: asId<BleepId>('gone'), stage: 'received' as const }]
  const gone: Store = {
    ...store,
    transact: (work, within) =>
      store.transact((tx) => work({ ...tx, bleeps: { ...tx.bleeps, inStage: async () => all } }), within),
  }
  await raise.stop()
  raise = made({ store: gone })
  await raise.run()
  expect([routed(), counted('faults')]).toEqual([['b1'], []])
})

test('one that no plan knows waits in front of the switchboard, whose board is woken', async () => {
  await stored('b1', 'ROUTINE', { number: '9999' })
  await raise.run()
  expect(await bleep('b1')).toMatchObject({ stage: 'stuck', review: { waits: true } })
  expect(await alertOf('b1')).toBeUndefined()
  expect(rung).toEqual(['alerts'])
  expect(said).toEqual([`info bleep-routed b1 review ${(await bleep('b1')).review?.reason}`])
})

describe('a bleep of which a better copy came', () => {
  const radio = { baud: 1200, addressBit: 608, endBit: 900, emittedBit: 932, words: [] }
  /** What is shown of it from now on, and is to be read anew. */
  const reread = (id: string, text: string) =>
    store.transact(async (tx) => {
      const known = (await tx.bleeps.get(asId(id)))!
      const page = { ...known.page, text, radio }
      await tx.bleeps.save({ ...known, page, stage: 'received' })
      await tx.bleeps.sight({
        ...{ id: asId(`${id}-later`), bleep: known.id, feed: asId('air'), tap: 'air', node: asId('n'), page },
        ...{ begun: START, reason: 'later-reading' },
      })
    })

  test.each([
    ['in other words', 'ROUTINE BED 3', 'mend'],
    ['more urgent', 'EMERGENCY', 'replan'],
  ])('%s is counted as the one bleep that it is, at the times of its first', async (_, text, outcome) => {
    await stored('b1')
    await raise.run()
    const { passed } = await bleep('b1')
    await clock.elapse(SECOND)
    const first = [counted('bleeps').length, metrics.observed.length]
    await reread('b1', text)
    await raise.run()
    expect(said.at(-1)).toMatch(`bleep-routed b1 ${outcome} `)
    expect([counted('bleeps').length, metrics.observed.length]).toEqual(first)
    expect((await bleep('b1')).passed).toEqual(passed)
  })

  test('as the end of an earlier call ends both, and tells whoever was on either', async () => {
    for (const id of ['b1', 'b2']) await stored(id, 'URGENT')
    await raise.run()
    await reread('b2', 'STAND DOWN')
    metrics.counted.length = 0
    await raise.run()
    for (const id of ['b1', 'b2']) expect((await alertOf(id))?.phase).toBe('closed')
    expect(counted('reasons').map((one) => one?.reason)).toEqual(
      expect.arrayContaining(['cancelled-by-page', 'reading-cancels']),
    )
  })
})

describe('a bleep that belongs to an earlier call', () => {
  test.each([
    [4 * HOUR, 'closed'],
    [4 * HOUR + 1, 'ringing'],
  ])('as its end, %i ms later, leaves it %s', async (ago, phase) => {
    await stored('b1', 'URGENT', { received: START - ago })
    await raise.run()
    await stored('b2', 'STAND DOWN')
    await raise.run()
    expect((await alertOf('b1'))?.phase).toBe(phase)
  })

  test.each([
    ['WARD 7', ['closed', 'ringing']],
    ['WARD 8', ['ringing', 'closed']],
  ])('as the end of the one at %s leaves the one at another', async (place, phases) => {
    const at = (place: string) => ({ page: { ...aPage('URGENT'), fields: { place } } })
    await stored('b1', '', at('WARD 7'))
    await stored('b2', '', at('WARD 8'))
    await raise.run()
    await stored('b3', '', { page: { ...aPage('STAND DOWN'), fields: { place } } })
    await raise.run()
    expect([(await alertOf('b1'))?.phase, (await alertOf('b2'))?.phase]).toEqual(phases)
  })

  test('as its end passes by one that rang nobody', async () => {
    await stored('b1', 'URGENT')
    await raise.run()
    await stored('b2', 'URGENT', { stage: 'stuck', review: { reason: 'raise-defect', waits: true } })
    await stored('b3', 'STAND DOWN')
    await raise.run()
    expect([(await alertOf('b1'))?.phase, counted('faults')]).toEqual(['closed', []])
  })

  test('which has been erased since rings as a call of its own', async () => {
    await stored('b1', 'ROUTINE', { related: { bleep: asId<BleepId>('gone'), reason: 'echo-bleep' } })
    await raise.run()
    expect([(await alertOf('b1'))?.phase, counted('faults')]).toEqual(['ringing', []])
  })

  test('whether it was joined to the first or to one that was, joins the first one’s alert', async () => {
    const after = (id: string) => ({ related: { bleep: asId<BleepId>(id), reason: 'echo-bleep' } as const })
    await stored('b1')
    await stored('b2', 'ROUTINE', after('b1'))
    await raise.run()
    await stored('b3', 'ROUTINE', after('b2'))
    await raise.run()
    expect((await alertOf('b1'))?.repeats).toEqual(['b2', 'b3'])
    expect(said.at(-1)).toMatch('bleep-routed b3 join ')
  })

  test('which belongs to it in turn has no alert, and looking for one comes to an end', async () => {
    const after = (id: string) => ({ related: { bleep: asId<BleepId>(id), reason: 'echo-bleep' } as const })
    await stored('b1', 'ROUTINE', after('b2'))
    await stored('b2', 'ROUTINE', after('b1'))
    expect(await store.transact((tx) => alertOfChain(tx, asId('b1')))).toBeUndefined()
  })
})

describe('more than can be raised at once', () => {
  test('goes fifty at a time, an emergency first, and what is left is raised at once behind', async () => {
    for (let i = 0; i < 60; i++) await stored(`b${i}`)
    await stored('last', 'EMERGENCY')
    await raise.run()
    expect(routed()).toHaveLength(50)
    expect(routed()[0]).toBe('last')
    expect(rung).toContain('bleeps')
    rung = []
    await raise.run()
    expect(routed()).toHaveLength(61)
    expect(rung).not.toContain('bleeps')
  })

  test('fifty keep their order, and the loop looks again in case there are more', async () => {
    for (let i = 0; i < 49; i++) await stored(`b${i}`)
    await stored('last', 'EMERGENCY')
    await raise.run()
    expect(routed().at(-1)).toBe('last')
    expect(rung).toContain('bleeps')
  })

  test.each([
    [100, 5001, true],
    [99, 5001, false],
    [100, 5000, false],
  ])('%i that wait for %i ms are past our limit: %s', async (many, wait, told) => {
    await Promise.all(Array.from({ length: many }, (_, i) => stored(`b${i}`)))
    await clock.elapse(wait)
    await raise.run()
    expect(raise.troubles()).toEqual(
      told ? [{ code: 'overloaded', subject: 'raise', detail: expect.stringContaining(`${many}`) }] : [],
    )
    while ((await bleep('b0')).stage === 'received' || routed().length < many) await raise.run()
    await raise.run()
    expect(raise.troubles()).toEqual([])
  })
})

describe('one that cannot be raised', () => {
  const fails = (error: Error) => (): never => {
    throw error
  }

  test('by a defect waits on the switchboard’s screen, is told, and the next goes on', async () => {
    for (const id of ['b1', 'b2']) await stored(id)
    meets = { b1: fails(new TypeError('planted')) }
    await raise.run()
    expect(await bleep('b1')).toMatchObject({
      stage: 'stuck',
      review: { reason: 'raise-defect', waits: true },
    })
    expect(said[0]).toMatch(/^error defect raise-failed b1/)
    expect(routed()).toEqual(['b2'])
    expect(counted('faults')).toEqual([{ fault: 'raise-failed' }])
    expect(rung[0]).toBe('alerts')
  })

  test('but was, and a defect was met behind, stands as it was raised', async () => {
    await raise.stop()
    raise = made({
      store: {
        ...store,
        async transact(work, within) {
          const done = await store.transact(work, within)
          if (typeof done === 'object' && done !== null && 'outcome' in done) throw new TypeError('planted')
          return done
        },
      },
    })
    await stored('b1')
    await raise.run()
    expect([(await bleep('b1')).stage, counted('faults')]).toEqual(['routed', [{ fault: 'raise-failed' }]])
  })

  test('because the database refuses it holds up no other, is told at the end of the turn, and comes again', async () => {
    for (const id of ['b1', 'b2', 'b3', 'b4']) await stored(id)
    meets = { b1: fails(new StoreFault('store-full')), b3: fails(new StoreFault('store-full')) }
    await raise.run()
    // The last one went well: nothing says that the database is away.
    expect(routed()).toEqual(['b2', 'b4'])
    meets = { b3: fails(new StoreFault('store-full')) }
    await expect(raise.run()).rejects.toMatchObject({ code: 'store-full' })
    expect((await bleep('b1')).stage).toBe('routed')
    expect((await bleep('b3')).stage).toBe('received')
  })

  test.each([
    ['two in a row', 'store-full', ['b1', 'b2']],
    ['a busy one at once', 'store-busy', ['b1']],
  ] as const)('%s mean that the database is away: the rest waits', async (_, code, ids) => {
    for (const id of ['b1', 'b2', 'b3']) await stored(id)
    meets = Object.fromEntries(ids.map((id) => [id, fails(new StoreFault(code))]))
    await expect(raise.run()).rejects.toMatchObject({ code })
    expect(routed()).toEqual([])
    expect((await bleep('b3')).stage).toBe('received')
  })

  test('because another was first is left for the next turn, and nothing is told', async () => {
    for (const id of ['b1', 'b2']) await stored(id)
    meets = { b1: fails(new LostRace()) }
    await raise.run()
    expect([routed(), counted('faults')]).toEqual([['b2'], []])
    expect((await bleep('b1')).stage).toBe('received')
  })
})

describe('while we are apart', () => {
  test('what another node rings is noted as rung there, what is unsure waits, the rest rings here', async () => {
    const answers: Record<string, Rings> = { b1: 'there', b2: 'unsure', b3: 'here' }
    await raise.stop()
    raise = made({ elsewhere: async ({ id }) => answers[id] ?? 'here' })
    for (const id of ['b1', 'b2', 'b3']) await stored(id, 'URGENT')
    await raise.run()
    expect(await bleep('b1')).toMatchObject({
      ...{ stage: 'routed', meaning: { class: 'urgent' } },
      review: { reason: 'rung-elsewhere', waits: false },
    })
    expect((await bleep('b2')).stage).toBe('received')
    expect(routed()).toEqual(['b3'])
    expect(await alertOf('b1')).toBeUndefined()
  })

  test('a bleep that has been raised since it was looked for is none any more, and no defect', async () => {
    await raise.stop()
    raise = made({
      elsewhere: async ({ id }) => {
        await store.transact(async (tx) => tx.bleeps.save({ ...(await tx.bleeps.get(id))!, stage: 'routed' }))
        return 'here'
      },
    })
    await stored('b1')
    await raise.run()
    expect([routed(), counted('faults'), (await bleep('b1')).stage]).toEqual([[], [], 'routed'])
  })

  test('a bleep that was raised here meanwhile is not said to have rung there', async () => {
    await raise.stop()
    raise = made({
      elsewhere: async ({ id }) => {
        await store.transact(async (tx) => tx.bleeps.save({ ...(await tx.bleeps.get(id))!, stage: 'stuck' }))
        return 'there'
      },
    })
    await stored('b1')
    await raise.run()
    expect((await bleep('b1')).stage).toBe('stuck')
  })
})

describe('a bleep that rang nobody', () => {
  const role = asId<RoleId>('med-reg')
  const review = { reason: 'address-unknown', waits: true } as const

  test('is put to a role in its own class, waits no more, and is put to one only', async () => {
    await stored('b1', 'URGENT', { number: '9999', stage: 'stuck', review })
    held = []
    const asked = await raise.ask(asId('b1'), role)
    expect(asked).toMatchObject({ bleep: 'b1', plan: { class: 'urgent' } })
    expect(Object.keys(asked?.responders ?? {})).toEqual(['reg'])
    expect(await bleep('b1')).toMatchObject({
      ...{ stage: 'routed', meaning: { class: 'urgent' } },
      review: { reason: 'address-unknown', waits: false },
    })
    expect(counted('reasons')[0]).toEqual({ reason: 'review-asked' })
    // Two who put it to a role at one moment do so one after the other.
    expect(held).toEqual(['bleep/9999'])
    expect(rung).toContain('attempts')
    expect(await raise.ask(asId('b1'), role)).toBeUndefined()
  })

  test('keeps the meaning that it has', async () => {
    const meaning = { kind: 'arrest', class: 'emergency', rule: 'r', reason: 'first-sighting' } as const
    await stored('b1', 'ROUTINE', { stage: 'stuck', review, meaning })
    expect((await raise.ask(asId('b1'), role))?.plan.class).toBe('emergency')
  })

  test('is none where it is unknown or was never in front of anybody', async () => {
    await stored('b1')
    expect(await raise.ask(asId('b1'), role)).toBeUndefined()
    expect(await raise.ask(asId('nobody'), role)).toBeUndefined()
    expect([rung, counted('reasons')]).toEqual([[], []])
  })
})

describe('straight from the wire', () => {
  /** Whether it was, and what is stored of it then. */
  async function straight(by: Raise, text?: string) {
    const raised = await store.transact((tx) => by.straight(tx, aBleep('wire', text)))
    const stage = await store.transact(async (tx) => (await tx.bleeps.get(asId('wire')))?.stage)
    return [raised !== undefined, stage]
  }
  const yes = [true, 'routed']
  const no = [false, undefined]
  const open = { begins: Promise.resolve(), every: 1000 * SECOND }

  test.each([
    ['before the start is over', {}, no],
    ['while we are apart', { ...open, apart: () => true }, no],
    ['from then on', open, yes],
    ['while we have the database', { ...open, apart: () => false }, yes],
  ])('a bleep is raised or not: %s', async (_, parts, raised) => {
    await raise.stop()
    raise = made(parts)
    await clock.elapse(1)
    expect(await straight(raise, 'EMERGENCY')).toEqual(raised)
  })

  test('nothing is raised any more once we end', async () => {
    await raise.stop()
    raise = made(open)
    await clock.elapse(1)
    await raise.stop()
    expect(await straight(raise, 'EMERGENCY')).toEqual(no)
  })

  test('eight are under way at once; past that only an emergency is raised, and then routine work again', async () => {
    await raise.stop()
    raise = made(open)
    await clock.elapse(1)
    const texts = [...Array.from({ length: 9 }, () => 'ROUTINE'), 'EMERGENCY']
    const all = await store.transact((tx) =>
      Promise.all(texts.map((text, i) => raise.straight(tx, aBleep(`w${i}`, text)))),
    )
    expect(all.map((then) => then !== undefined)).toEqual(texts.map((_, i) => i !== 8))
    expect(await straight(raise)).toEqual(yes)
  })

  test('when they were durable is written fifty at a time, once, each held alone, and of none that is gone', async () => {
    await raise.stop()
    raise = made(open)
    await clock.elapse(1)
    const ids = Array.from({ length: 51 }, (_, i) => `w${i}`)
    for (const id of ids) {
      const then = await store.transact((tx) => raise.straight(tx, aBleep(id)))
      then?.(START + 7)
    }
    const stamps = async () => {
      held = []
      await raise.run()
      const all = await Promise.all(ids.map(bleep))
      return [held, all.filter(({ passed }) => passed?.stored === START + 7).length]
    }
    expect(await stamps()).toEqual([Array.from({ length: 50 }, () => 'bleep/1113'), 50])
    expect(await stamps()).toEqual([['bleep/1113'], 51])
    expect(await stamps()).toEqual([[], 51])
    let gone: ((at: number) => void) | undefined
    await store
      .transact(async (tx) => {
        gone = await raise.straight(tx, aBleep('gone'))
        throw new StoreFault('store-lost')
      })
      .catch(() => undefined)
    gone?.(START)
    expect(await stamps()).toEqual([['bleep/1113'], 51])
  })

  test('routine work is again, as soon as none waits', async () => {
    await raise.stop()
    raise = made(open)
    await clock.elapse(1)
    for (let i = 0; i < 52; i++) await stored(`b${i}`)
    await raise.run()
    expect(await straight(raise)).toEqual(no)
    await raise.run()
    expect(await straight(raise)).toEqual(yes)
  })
})

describe('the loop', () => {
  test('raises as soon as it is rung', async () => {
    await raise.stop()
    raise = made({ begins: Promise.resolve(), every: 1000 * SECOND })
    await clock.elapse(1)
    await stored('b1')
    await clock.elapse(SECOND)
    expect(routed()).toEqual([])
    store.wake.ring('bleeps')
    await clock.elapse(0)
    expect(routed()).toEqual(['b1'])
  })

  test('raises twice a second what another node left, and tells by its name what it meets', async () => {
    await raise.stop()
    raise = made({ begins: Promise.resolve() })
    await clock.elapse(1)
    meets = {
      b1: () => {
        throw new StoreFault('store-busy')
      },
    }
    await stored('b1')
    await clock.elapse(500)
    expect(said).toEqual(['error defect store-busy raise'])
    meets = {}
    await clock.elapse(500)
    expect(routed()).toEqual(['b1'])
  })
})
