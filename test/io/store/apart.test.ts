import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AlertEvent } from '../../../src/core/alert/alert.ts'
import { asId, type BleepId, type PersonId, uuid7, uuid8 } from '../../../src/core/ids.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { systemRandom } from '../../../src/io/random.ts'
import { redoThere } from '../../../src/io/store/bring-decided.ts'
import { type Embedded, openEmbedded } from '../../../src/io/store/open.ts'
import { type OutlastingStore, openOutlasting } from '../../../src/io/store/outlast.ts'
import { localWake } from '../../../src/io/store/wake.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { createAlerts } from '../../../src/run/alert/alerts.ts'
import { removeFolder } from '../../support/folders.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { aHolding, EVERYBODY, enrol, startWard, type Ward, wardDirectory } from '../../support/ward.ts'

/** One node of two, with a way to the database of both that can be cut. */
interface Node {
  readonly store: OutlastingStore
  readonly file: Embedded
  readonly rung: string[]
  readonly ward: Ward
  away: boolean
  now: number
  /** Each piece of work in the database of both, before it begins. */
  onRows: () => void
  /** The way goes before the next commit of another reading of a call. */
  losing: boolean
  stop(): Promise<void>
}

let folder: string
let shared: Embedded
let nodes: Node[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'apart-'))
  shared = await openEmbedded(join(folder, 'shared.sqlite'), localWake(), 'each')
  nodes = []
  await enrol(shared, EVERYBODY)
})
afterEach(async () => {
  for (const node of nodes) await node.stop()
  await shared.close()
  removeFolder(folder)
})

async function startNode(name: string, alike?: () => BleepId): Promise<Node> {
  const file = await openEmbedded(join(folder, `${name}.sqlite`), localWake(), 'each')
  const rung: string[] = []
  const way = { away: false, now: Date.now() - 10_000, onRows: (): void => undefined, losing: false }
  const passing = (): void => {
    if (way.away) throw new StoreFault('store-lost')
    way.onRows()
  }
  const over: Embedded = {
    ...shared,
    transact: async (work, ...given) => {
      passing()
      return shared.transact(
        async (tx) => {
          const done = await work(tx)
          const isReading =
            typeof done === 'object' && done !== null && 'kind' in done && done.kind === 'sighting'
          if (!way.losing || !isReading) return done
          Object.assign(way, { losing: false, away: true, now: way.now + 2500 })
          throw new StoreFault('store-lost')
        },
        ...given,
      )
    },
    rows: async (...given) => {
      passing()
      return shared.rows(...given)
    },
    // Other nodes go on with it.
    close: async () => undefined,
  }
  const store = await openOutlasting({
    ...{ open: async () => over, file, node: name, now: () => way.now },
    ...{ onApart: () => undefined, onTogether: () => undefined, onTrouble: () => undefined },
  })
  const tools = { store, clock: systemClock(() => undefined), random: systemRandom }
  const directory = () => wardDirectory(aHolding())
  store.redoBy(
    createAlerts({ ...tools, directory, log: quietLog, metrics: quietMetrics, radio: true }).applyIn,
  )
  const ward = startWard({
    ...{ ...tools, holding: aHolding(), tick: 50 },
    onSent: ({ person, purpose }) => rung.push(`${purpose} ${person}`),
    ...(alike ? { alike } : {}),
  })
  const node: Node = Object.assign(way, {
    ...{ store, file, rung, ward },
    async stop() {
      await ward.stop()
      await store.close()
    },
  })
  nodes.push(node)
  return node
}

/** Until the database has been away for longer than a line waits. */
async function cut(node: Node): Promise<void> {
  node.away = true
  const look = () => node.store.transact((tx) => tx.notes.get('x'))
  await expect(look()).rejects.toThrow('store-lost')
  node.now += 2500
  await look()
}

async function heal(node: Node): Promise<void> {
  node.away = false
  await expect.poll(() => node.store.apart()).toBeUndefined()
}

const openThere = () => shared.transact((tx) => tx.alerts.list({ phase: 'open', limit: 9 }))

/** An open call that rang `reg`, and is in the node's copy. */
async function openCall(node: Node): Promise<{ id: string; revision: number }> {
  await node.ward.page('1113', 'PLEASE RING 4421')
  await expect.poll(() => node.rung).toEqual(['ask reg'])
  const taken = async () => {
    const [alert] = await openThere()
    const attempts = alert ? await shared.transact((tx) => tx.attempts.ofAlert(alert.id)) : []
    return attempts.map(({ state }) => state)
  }
  await expect.poll(taken).toEqual(['taken'])
  const [alert] = await openThere()
  const copied = () =>
    node.file.rows(async (tx) => {
      const { rows } = await sql<{ mark: string }>`select mark from open_calls`.execute(tx)
      return rows.map(({ mark }) => mark.split('/')[0])
    })
  await expect.poll(copied).toEqual([String(alert!.revision)])
  return alert!
}

test('a call that was open goes on here when the database goes: its step rings, an answer counts, and both come back once', async () => {
  const one = await startNode('one')
  const { id } = await openCall(one)
  await cut(one)
  expect(await one.store.adopt()).toBe(1)
  expect(await one.store.adopt()).toBe(0)
  await one.file.transact(async (tx) => {
    const alert = await tx.alerts.get(asId(id))
    const due = { ...alert!.due, 'step-1': Date.now() - 1 }
    await tx.alerts.save({ ...alert!, revision: alert!.revision + 1, due }, alert!.revision, [])
    await tx.due.set([{ alert: asId(id), name: 'step-1', at: due['step-1'] }])
  })
  one.store.wake.ring('due')
  const step = async () => (await one.file.transact((tx) => tx.alerts.get(asId(id))))?.step
  await expect.poll(step).toBe(1)
  const before = (await one.file.transact((tx) => tx.alerts.get(asId(id))))!.revision
  await one.ward.alerts.apply(asId(id), {
    ...{ kind: 'answered', at: Date.now(), person: asId('reg'), answer: 'accepted', version: 1 },
    by: { kind: 'person', person: asId('reg') },
  })
  await heal(one)
  const there = await openThere()
  expect(there.map((alert) => [alert.id, alert.phase])).toEqual([[id, 'covered']])
  expect(there[0]!.revision).toBeGreaterThan(before)
  expect(await shared.transact((tx) => tx.bleeps.count())).toMatchObject({ bleeps: 1 })
  expect(one.rung.filter((ring) => ring === 'ask reg')).toEqual(['ask reg'])
  expect(await one.file.rows((tx) => tx.selectFrom('alerts').selectAll().execute())).toEqual([])
})

/** What happens to a call on a node, by somebody who saw it as it stands in that store. */
async function decide(store: Store, ward: Ward, id: string, what: (version: number) => AlertEvent) {
  const alert = await store.transact((tx) => tx.alerts.get(asId(id)))
  return ward.alerts.apply(asId(id), what(alert?.version ?? 0))
}

const desk = { kind: 'switchboard', operator: 'desk' } as const
const accepts = (version: number): AlertEvent => ({
  ...{ kind: 'answered', at: Date.now(), person: asId('reg'), answer: 'accepted', version },
  by: { kind: 'person', person: asId('reg') },
})
const asksSho = (version: number): AlertEvent => ({
  ...{ kind: 'also-ask', at: Date.now(), by: desk, version, target: { kind: 'person', person: asId('sho') } },
})

/** Two nodes go on with one call: this one apart, the other in the database. */
async function bothGoOn(): Promise<{ readonly one: Node; readonly two: Node; readonly id: string }> {
  const one = await startNode('one')
  const { id } = await openCall(one)
  await cut(one)
  await one.store.adopt()
  return { one, two: await startNode('two'), id }
}

test.each([
  { name: 'less', there: 3 },
  { name: 'as much', there: 1 },
])(
  'an answer given apart stands beside what was decided meanwhile, though it was $name',
  async ({ there }) => {
    const { one, two, id } = await bothGoOn()
    const here = await decide(one.store, one.ward, id, accepts)
    expect(here?.alert.responders[asId<PersonId>('reg')]?.state).toBe('accepted')
    const more = [
      asksSho,
      (version: number): AlertEvent => ({ ...{ kind: 'taken-over', at: Date.now(), by: desk, version } }),
    ]
    for (const what of [...more, accepts].slice(0, there)) await decide(shared, two.ward, id, what)
    await heal(one)
    const [alert] = await openThere()
    expect(alert?.responders[asId<PersonId>('reg')]?.state).toBe('accepted')
    expect(alert?.also).toEqual([{ kind: 'person', person: 'sho' }])
    const events = await shared.transact((tx) => tx.alerts.events(asId(id)))
    expect(events.filter(({ kind }) => kind === 'answered')).toHaveLength(1)
  },
)

test('who ended a call apart, and did not see that somebody comes, has not ended it', async () => {
  const { one, two, id } = await bothGoOn()
  const ended = await decide(one.store, one.ward, id, (version) => ({
    ...{ kind: 'closed', at: Date.now(), by: desk, version },
  }))
  expect(ended?.alert.phase).toBe('closed')
  await decide(shared, two.ward, id, accepts)
  await heal(one)
  expect((await openThere()).map((alert) => [alert.id, alert.phase])).toEqual([[id, 'covered']])
})

test('what was decided apart is done once, though nobody heard that it was brought', async () => {
  const one = await startNode('one')
  const { id } = await openCall(one)
  const said = { kind: 'said', at: Date.now(), by: desk, said: { kind: 'note', text: 'LIFT B' } } as const
  const brings = () => shared.transact((tx) => redoThere(tx, asId(id), [said], one.ward.alerts.applyIn))
  await brings()
  await brings()
  expect((await openThere())[0]?.thread.map(({ text }) => text)).toEqual(['LIFT B'])
})

test('a call with which nothing happened here stands as it has come further there', async () => {
  const one = await startNode('one')
  const { id, revision } = await openCall(one)
  await cut(one)
  await one.store.adopt()
  const two = await startNode('two')
  await two.ward.alerts.apply(asId(id), {
    ...{ kind: 'answered', at: Date.now(), person: asId('reg'), answer: 'accepted', version: 1 },
    by: { kind: 'person', person: asId('reg') },
  })
  await heal(one)
  const [there] = await openThere()
  expect(there).toMatchObject({ id, phase: 'covered' })
  expect(there!.revision).toBeGreaterThan(revision)
})

test('a push that was under way when we went apart is not sent again when we are back', async () => {
  const one = await startNode('one')
  const { id } = await openCall(one)
  // As though nothing had been heard of its end there.
  await shared.rows((tx) => tx.updateTable('attempts').set({ state: 'handed' }).execute())
  await cut(one)
  await one.store.adopt()
  await heal(one)
  const there = await shared.transact((tx) => tx.attempts.ofAlert(asId(id)))
  expect(there.map(({ state }) => state)).toEqual(['taken'])
})

test('a push that ended there after the last copy of its call is not sent again, though the call has come further here', async () => {
  const one = await startNode('one')
  const { id } = await openCall(one)
  await cut(one)
  await one.store.adopt()
  // As though the copy had been made while its provider was asked, and the other node had heard what that said.
  const underWay = { state: 'handed', owner: 'two/run', until: Date.now() + 30_000 }
  await one.file.rows((tx) => tx.updateTable('attempts').set(underWay).execute())
  await one.ward.alerts.apply(asId(id), {
    ...{ kind: 'answered', at: Date.now(), person: asId('reg'), answer: 'accepted', version: 1 },
    by: { kind: 'person', person: asId('reg') },
  })
  await heal(one)
  expect((await openThere()).map(({ phase }) => phase)).toEqual(['covered'])
  const there = await shared.transact((tx) => tx.attempts.ofAlert(asId(id)))
  expect(there[0]?.state).toBe('taken')
})

test('two nodes that could ask neither each other nor the database ring one call', async () => {
  const alike = () => asId<BleepId>(uuid8(1_760_000_000_000, Buffer.alloc(10, 7)))
  const [one, two] = [await startNode('one', alike), await startNode('two', alike)]
  await cut(one)
  await cut(two)
  const ids = [
    await one.ward.page('1113', 'PLEASE RING 4421', { tap: 'air-one' }),
    await two.ward.page('1113', 'PLEASE RING 4421', { tap: 'air-two' }),
  ]
  expect(new Set(ids).size).toBe(1)
  await expect.poll(() => [one.rung, two.rung]).toEqual([['ask reg'], ['ask reg']])
  const shown = await Promise.all(
    [one, two].map(({ file }) => file.transact((tx) => tx.alerts.byBleep(ids[0]!))),
  )
  expect(new Set(shown.map((alert) => alert?.id)).size).toBe(1)
  // What was answered at the first counts, though the other brings its own behind it.
  await one.ward.alerts.apply(shown[0]!.id, {
    ...{ kind: 'answered', at: Date.now(), person: asId('reg'), answer: 'accepted', version: 1 },
    by: { kind: 'person', person: asId('reg') },
  })
  await heal(one)
  await heal(two)
  expect((await openThere()).map(({ phase }) => phase)).toEqual(['covered'])
  const there = await shared.transact((tx) => tx.bleeps.sightings(ids[0]!))
  expect(there.map(({ tap }) => tap).sort()).toEqual(['air-one', 'air-two'])
  expect(await shared.transact((tx) => tx.bleeps.count())).toMatchObject({ bleeps: 1 })
})

test('a reading of a call that was cut off before its commit rings from here as that call, not as one more', async () => {
  const alike = () => asId<BleepId>(uuid8(1_760_000_000_000, Buffer.alloc(10, 7)))
  const [one, two] = [await startNode('one', alike), await startNode('two', alike)]
  const id = await one.ward.page('1113', 'PLEASE RING 4421', { tap: 'air-one' })
  await expect.poll(() => one.rung).toEqual(['ask reg'])
  two.losing = true
  expect(await two.ward.page('1113', 'PLEASE RING 4421', { tap: 'air-two' })).toBe(id)
  expect(two.store.apart()).toBeDefined()
  await expect.poll(() => two.rung).toEqual(['ask reg'])
  const [there] = await openThere()
  expect((await two.file.transact((tx) => tx.alerts.byBleep(id!)))?.id).toBe(there?.id)
  await heal(two)
  expect((await openThere()).map((alert) => alert.id)).toEqual([there?.id])
  expect((await shared.transact((tx) => tx.bleeps.sightings(id!))).map(({ tap }) => tap).sort()).toEqual([
    'air-one',
    'air-two',
  ])
})

test('what a node read late, because it stood still, is no second call when it comes back: rung here or left to the other', async () => {
  const alike = () => asId<BleepId>(uuid8(1_760_000_000_000, Buffer.alloc(10, 7)))
  const [one, two] = [await startNode('one', alike), await startNode('two', alike)]
  await cut(two)
  const rung = await two.ward.page('1113', 'PLEASE RING 4421', { tap: 'air-two' })
  await expect.poll(() => two.rung).toEqual(['ask reg'])
  const left = await two.ward.page('1113', 'PLEASE RING 4422', { tap: 'air-two' })
  await two.ward.stop()
  const late = 20_000
  await two.file.transact(async (tx) => {
    for (const id of [rung!, left!]) {
      const bleep = (await tx.bleeps.get(id))!
      const page = {
        ...bleep.page,
        firstByte: bleep.page.firstByte + late,
        lastByte: bleep.page.lastByte + late,
      }
      await tx.bleeps.save({
        ...{ ...bleep, page },
        ...(id === left ? { stage: 'routed', review: { reason: 'rung-elsewhere', waits: false } } : {}),
      })
      await tx.bleeps.resight(id, (s) => ({ ...s, page, since: s.page.lastByte - 500 }))
    }
  })
  await one.ward.page('1113', 'PLEASE RING 4421', { tap: 'air-one' })
  await one.ward.page('1113', 'PLEASE RING 4422', { tap: 'air-one' })
  await expect.poll(async () => (await openThere()).length).toBe(2)
  await heal(two)
  expect(await shared.transact((tx) => tx.bleeps.count())).toMatchObject({ bleeps: 2 })
  expect(await openThere()).toHaveLength(2)
})

test('an id that is another call’s there is given up: that call stands, and ours rings as its own', async () => {
  const alike = () => asId<BleepId>(uuid8(1_760_000_000_000, Buffer.alloc(10, 7)))
  const one = await startNode('one', alike)
  const first = await one.ward.page('1113', 'PLEASE RING 4421')
  await expect.poll(() => one.rung).toEqual(['ask reg'])
  const before = await shared.transact((tx) => tx.bleeps.sightings(first!))
  await shared.transact((tx) =>
    tx.bleeps.resight(first!, (s) => ({ ...s, page: { ...s.page, lastByte: s.page.lastByte - 20_000 } })),
  )
  const bleep = await shared.transact((tx) => tx.bleeps.get(first!))
  await shared.transact((tx) =>
    tx.bleeps.save({ ...bleep!, page: { ...bleep!.page, lastByte: bleep!.page.lastByte - 20_000 } }),
  )
  await cut(one)
  expect(await one.ward.page('1113', 'PLEASE RING 4421')).toBe(first)
  await heal(one)
  await expect.poll(async () => (await openThere()).length).toBe(2)
  expect((await shared.transact((tx) => tx.bleeps.sightings(first!))).map(({ id }) => id)).toEqual(
    before.map(({ id }) => id),
  )
})

test('a call that two nodes bring at one moment, one with its alert and one as it was left, rings once', async () => {
  const one = await startNode('one')
  const { id } = await openCall(one)
  await shared.transact(async (tx) => {
    const bleep = await tx.bleeps.get((await tx.alerts.get(asId(id)))!.bleep)
    const { meaning: _, ...left } = bleep!
    await tx.bleeps.save({ ...left, stage: 'received' })
  })
  one.store.wake.ring('bleeps')
  const stages = async () =>
    (await shared.transact((tx) => tx.bleeps.recent('1113', 0, 9))).map(({ stage, meaning }) => [
      stage,
      meaning?.class,
    ])
  await expect.poll(stages).toEqual([['routed', 'routine']])
  expect((await openThere()).map((alert) => alert.id)).toEqual([id])
  expect(one.rung).toEqual(['ask reg'])
})

test('what came apart comes back in turns, and a page that comes meanwhile is stored between them', async () => {
  const one = await startNode('one')
  await one.ward.stop()
  await cut(one)
  const began = one.now - 600_000
  await one.file.transact(async (tx) => {
    for (let n = 0; n < 130; n += 1) {
      const at = began + n
      const page = { to: { scheme: 'number', number: '4000' }, type: 'alpha', text: `RING ${n}` } as const
      await tx.bleeps.add({
        ...{ id: asId(uuid7(at, systemRandom.bytes(10))), number: '4000', received: at, stage: 'routed' },
        page: { ...page, quality: 'clean', corrected: 0, fields: {}, firstByte: at, lastByte: at },
        ...{ sightings: 1, repeats: 0 },
      })
    }
  })
  const stored: string[] = []
  let turns = 0
  one.onRows = () => {
    if (turns === 6 || !one.store.apart()) return
    turns += 1
    const turn = turns
    void one.store
      .transact(async (tx) => tx.notes.set(`page-${turn}`, turn, Date.now()))
      .then(() => stored.push(one.store.apart() ? 'between' : 'behind'))
  }
  await heal(one)
  one.onRows = () => undefined
  expect(stored).toContain('between')
  expect(await shared.transact((tx) => tx.bleeps.count())).toMatchObject({ bleeps: 130 })
  expect(await one.file.transact((tx) => tx.bleeps.count())).toMatchObject({ bleeps: 0 })
})
