import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { asId, type BleepId, type DeviceId } from '../../../src/core/ids.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { systemRandom } from '../../../src/io/random.ts'
import { type Embedded, openEmbedded } from '../../../src/io/store/open.ts'
import { type OutlastingStore, openOutlasting } from '../../../src/io/store/outlast.ts'
import { rowsOf, setAside } from '../../../src/io/store/under-way.ts'
import { localWake } from '../../../src/io/store/wake.ts'
import { StoreFault } from '../../../src/ports/store.ts'
import type { Elsewhere } from '../../../src/run/alert/elsewhere.ts'
import { removeFolder } from '../../support/folders.ts'
import { aHolding, EVERYBODY, enrol, startWard, type Ward } from '../../support/ward.ts'

let folder: string
let shared: Embedded
let file: Embedded
let away: boolean
/** The way to the database goes just behind the next claim of a due row. */
let cutAtClaim: boolean
/** The next commit with an alert in it is made, and its answer is lost with the way. */
let unheard: boolean
/** The next piece of work takes this long there, and ends so. */
let hanging: Promise<never> | undefined
/** How many pieces of work were done there. */
let writes: number
let now: number
let store: OutlastingStore
let told: string[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outlast-'))
  shared = await openEmbedded(join(folder, 'shared.sqlite'), localWake(), 'each')
  file = await openEmbedded(join(folder, 'apart.sqlite'), localWake(), 'each')
  away = false
  cutAtClaim = false
  unheard = false
  hanging = undefined
  writes = 0
  now = Date.now() - 10_000.7
  told = []
  await enrol(shared, EVERYBODY)
  store = await opened()
})
afterEach(async () => {
  away = false
  await store.close()
  removeFolder(folder)
})

/** The database of all nodes, with a way to it that can be cut. */
function overTheWay(): Embedded {
  const cut =
    <A extends readonly unknown[], T>(act: (...given: A) => Promise<T>) =>
    (...given: A): Promise<T> =>
      away ? Promise.reject(new StoreFault('store-lost')) : act(...given)
  const claims = <T>(done: T): T => {
    const [first] = Array.isArray(done) ? done : []
    const isClaim = typeof first === 'object' && first !== null && 'alert' in first && 'name' in first
    if (cutAtClaim && isClaim) away = true
    const isRaised = typeof done === 'object' && done !== null && 'after' in done
    if (!unheard || !isRaised) return done
    unheard = false
    away = true
    now += 2500
    throw new StoreFault('store-lost')
  }
  return {
    ...shared,
    transact: cut(async (...given: Parameters<Embedded['transact']>) => {
      const slow = hanging
      hanging = undefined
      if (slow) return slow
      writes += 1
      return claims(await shared.transact(...given))
    }) as Embedded['transact'],
    rows: cut(shared.rows) as Embedded['rows'],
    // As PostgreSQL does, which takes no fraction of a cursor.
    inboxAfter: (tx, cursor) =>
      Number.isInteger(cursor) ? shared.inboxAfter(tx, cursor) : Promise.reject(new StoreFault('store-lost')),
  }
}

const opened = () =>
  openOutlasting({
    open: async () => (away ? Promise.reject(new StoreFault('store-lost')) : overTheWay()),
    file,
    node: 'one',
    now: () => now,
    onApart: (fault) => told.push(`apart ${fault}`),
    onTogether: (bleeps) => told.push(`together ${bleeps}`),
    onTrouble: (what, error) => told.push(`${what}: ${error}`),
  })

/** A database that has been away for longer than a line waits. */
async function goApart(): Promise<void> {
  away = true
  const look = () => store.transact((tx) => tx.notes.get('x'))
  await expect(look()).rejects.toThrow('store-lost')
  now += 2500
  expect(await look()).toBeUndefined()
}

async function comeTogether(): Promise<void> {
  away = false
  await expect.poll(() => store.apart()).toBeUndefined()
}

async function onWard<T>(
  act: (ward: Ward, rung: readonly string[]) => Promise<T>,
  elsewhere?: Elsewhere,
): Promise<T> {
  const rung: string[] = []
  const ward = startWard({
    store,
    clock: systemClock(() => undefined),
    random: systemRandom,
    holding: aHolding(),
    tick: 50,
    onSent: ({ person, purpose }) => rung.push(`${purpose} ${person}`),
    ...(elsewhere ? { elsewhere } : {}),
  })
  try {
    return await act(ward, rung)
  } finally {
    await ward.stop()
  }
}

test('a page while the database is away is stored here, rings, and is brought there once, as what it was', async () => {
  await onWard(async (ward, rung) => {
    await goApart()
    expect(told).toEqual(['apart store-lost'])
    const id = await ward.page('1113', 'PLEASE RING 4421')
    if (id === undefined) throw new Error('it was not stored')
    await expect.poll(() => rung).toEqual(['ask reg'])
    const before = await file.transact((tx) => tx.alerts.byBleep(id))
    await comeTogether()
    expect(told).toEqual(['apart store-lost', 'together 1'])
    const after = await shared.transact((tx) => tx.alerts.byBleep(id))
    expect(after).toEqual(before)
    expect(await shared.transact((tx) => tx.due.of(after!.id))).not.toEqual([])
    expect((await shared.transact((tx) => tx.attempts.ofAlert(after!.id))).map((a) => a.person)).toEqual([
      'reg',
    ])
    expect(await file.transact((tx) => tx.bleeps.get(id))).toBeUndefined()
    // It goes on where it was: an answer counts, and nobody is asked again for what they have been asked.
    expect(rung).toEqual(['ask reg'])
    await ward.alerts.apply(after!.id, {
      kind: 'answered',
      at: Date.now(),
      by: { kind: 'person', person: asId('reg') },
      person: asId('reg'),
      answer: 'accepted',
      version: after!.version,
    })
    expect((await shared.transact((tx) => tx.alerts.get(after!.id)))?.phase).toBe('covered')
  })
})

test('a commit of which nothing was heard is the same call as the one that rings from here, and rings once', async () => {
  await onWard(async (ward, rung) => {
    unheard = true
    const id = await ward.page('1113', 'PLEASE RING 4422')
    if (id === undefined) throw new Error('it was not stored')
    expect(told).toEqual(['apart store-lost'])
    await expect.poll(() => rung).toEqual(['ask reg'])
    const there = await shared.transact((tx) => tx.alerts.byBleep(id))
    const here = await file.transact((tx) => tx.alerts.byBleep(id))
    expect(here?.id).toBe(there?.id)
    // What was answered here counts, though the call stands there as it was raised.
    await ward.alerts.apply(here!.id, {
      kind: 'answered',
      at: Date.now(),
      by: { kind: 'person', person: asId('reg') },
      person: asId('reg'),
      answer: 'accepted',
      version: here!.version,
    })
    await comeTogether()
    const after = await shared.transact((tx) => tx.alerts.byBleep(id))
    expect(after?.phase).toBe('covered')
    const attempts = await shared.transact((tx) => tx.attempts.ofAlert(after!.id))
    expect(attempts.filter(({ person, purpose }) => person === 'reg' && purpose === 'ask')).toHaveLength(1)
    expect(attempts.filter(({ state }) => state === 'queued' || state === 'leased')).toEqual([])
    expect(rung.filter((one) => one === 'ask reg')).toHaveLength(1)
    expect(await shared.transact((tx) => tx.bleeps.sightings(id))).toHaveLength(1)
  })
})

test('what a phone has seen apart has cursors behind all that it had seen before, and so have later rows', async () => {
  await onWard(async (ward) => {
    await ward.page('1113', 'ONE')
    const device = asId<DeviceId>('webpush-reg')
    const cursors = () =>
      store.transact(async (tx) => (await tx.inbox.since(device, 0, 50)).map((row) => row.cursor))
    await expect.poll(async () => (await cursors()).length).toBe(1)
    const [first = 0] = await cursors()
    await goApart()
    await ward.page('1113', 'TWO')
    await expect.poll(async () => (await cursors()).length).toBe(1)
    const [second = 0] = await cursors()
    expect(second).toBeGreaterThan(first)
    await comeTogether()
    await ward.page('1113', 'THREE')
    await expect.poll(async () => (await cursors()).length).toBe(3)
    const all = await cursors()
    // Another node may have given later ones meanwhile: it is given again, and screens know it by its attempt.
    // So is what it may not have fetched before.
    expect(all[0]).toBeGreaterThan(second)
    expect(all.toSorted((a, b) => a - b)).toEqual(all)
  })
})

test('what a phone is told does not grow when its node goes apart and comes together again and again', async () => {
  await onWard(async (ward) => {
    const told = () => shared.rows((tx) => tx.selectFrom('inbox').select('attempt').execute())
    await ward.page('1113', 'ONE')
    await expect.poll(async () => (await told()).length).toBe(1)
    for (const text of ['TWO', 'THREE', 'FOUR']) {
      await goApart()
      await ward.page('1113', text)
      const rang = () => file.rows((tx) => tx.selectFrom('inbox').select('attempt').execute())
      await expect.poll(async () => (await rang()).length).toBeGreaterThan(0)
      await comeTogether()
    }
    const attempts = (await told()).map(({ attempt }) => attempt)
    expect(attempts).toHaveLength(4)
    expect(new Set(attempts).size).toBe(4)
  })
})

test('a phone that enrols just before the database goes is rung', async () => {
  await store.transact((tx) =>
    tx.devices.add(
      {
        ...{
          id: asId('new'),
          owner: { kind: 'person', person: asId('reg') },
          label: 'new',
          channel: 'webpush',
        },
        ...{ address: '{}', state: 'active', enrolled: 0 },
      },
      'token-new',
    ),
  )
  const known = () => file.transact((tx) => tx.devices.byToken('token-new'))
  await expect.poll(known).toMatchObject({ label: 'new' })
})

test('what our file does not know may be in the database that is away: asked for, it is refused, not unknown', async () => {
  await goApart()
  const ask = (id: string) => store.transact((tx) => tx.alerts.get(asId(id)))
  await expect(ask('from-before')).rejects.toThrow('store-lost')
  await expect(store.transact((tx) => tx.devices.byToken('enrolled-since'))).rejects.toThrow('store-lost')
  expect(await store.transact((tx) => tx.devices.byToken('token-webpush-reg'))).toMatchObject({
    label: 'reg',
  })
})

test('a page that rang from a neighbour is brought back as another sighting of its bleep, and rings nobody', async () => {
  const { mine, theirs } = await onWard(async (ward) => {
    const theirs = await ward.page('1113', 'PLEASE RING 4421')
    await ward.stop()
    await goApart()
    return { theirs, mine: await ward.page('1113', 'PLEASE RING 4421', { tap: 'air-two' }) }
  })
  if (mine === undefined || theirs === undefined) throw new Error('it was not stored')
  await comeTogether()
  expect(told.at(-1)).toBe('together 0')
  expect(await bleepsThere(mine)).toBe(0)
  const twin = await shared.transact(async (tx) => ({
    bleep: await tx.bleeps.get(theirs),
    taps: (await tx.bleeps.sightings(theirs)).map(({ tap, bleep }) => [tap, bleep]),
  }))
  expect(twin.bleep).toMatchObject({ sightings: 2 })
  expect(twin.taps).toEqual([
    ['tap', theirs],
    ['air-two', theirs],
  ])
})

test('what a neighbour rings does not stand in the way of what is ours, however much it is', async () => {
  const theirs = new Set<string>()
  const elsewhere: Elsewhere = async (bleep) => (theirs.has(bleep.id) ? 'there' : 'here')
  await goApart()
  await onWard(async (ward, rung) => {
    await file.transact(async (tx) => {
      for (let n = 0; n < 600; n += 1) {
        const at = now - 600 + n
        const page: Page = {
          to: { scheme: 'number', number: '1113' },
          ...{ type: 'alpha', text: `RING ${n}`, quality: 'clean' },
          ...{ corrected: 0, fields: {}, firstByte: at, lastByte: at },
        }
        const id = asId<BleepId>(`air-${n}`)
        theirs.add(id)
        await tx.bleeps.add({
          ...{ id, number: '1113', page, received: at, stage: 'received', sightings: 1, repeats: 0 },
        })
      }
    })
    await ward.page('1113', 'OURS')
    await expect.poll(() => rung).toEqual(['ask reg'])
    expect(await file.transact((tx) => tx.bleeps.inStage('received', now, 1))).toEqual([])
  }, elsewhere)
})

test('what a neighbour was to ring and never brought rings when we are together again', async () => {
  await onWard(
    async (ward, rung) => {
      await goApart()
      const id = await ward.page('1113', 'PLEASE RING 4421')
      const stage = () => file.transact(async (tx) => (await tx.bleeps.get(id!))?.review?.reason)
      await expect.poll(stage).toBe('rung-elsewhere')
      expect(rung).toEqual([])
      away = false
      await expect.poll(() => store.apart()).toBeUndefined()
      await expect.poll(() => rung).toEqual(['ask reg'])
    },
    async () => (store.apart() ? 'there' : 'here'),
  )
})

test('steps that were claimed before the database went away hold up nothing that is due here', async () => {
  await onWard(async (ward, rung) => {
    await ward.page('1113', 'BEFORE')
    await expect.poll(() => rung).toEqual(['ask reg'])
    const alert = (await shared.transact((tx) => tx.alerts.list({ phase: 'open', limit: 1 })))[0]
    // Due at this moment, and claimed as the way to the database goes.
    cutAtClaim = true
    await shared.transact((tx) => tx.due.set([{ alert: alert!.id, name: 'step:1', at: Date.now() }]))
    store.wake.ring('due')
    await expect.poll(() => away).toBe(true)
    now += 2500
    await ward.page('1113', 'APART')
    const mine = async () => (await file.transact((tx) => tx.alerts.list({ phase: 'open', limit: 1 })))[0]
    await expect.poll(mine).toBeDefined()
    const id = (await mine())!.id
    await file.transact((tx) => tx.due.set([{ alert: id, name: 'step:1', at: Date.now() }]))
    store.wake.ring('due')
    const stepped = async () =>
      (await file.transact((tx) => tx.due.of(id))).every((row) => row.name !== 'step:1')
    await expect.poll(stepped, { timeout: 20_000 }).toBe(true)
  })
})

test('a crash while apart, and one between bringing and leaving the file, bring everything once', async () => {
  await goApart()
  const id = await onWard((ward) => ward.page('1113', 'PLEASE RING 4421'))
  if (id === undefined) throw new Error('it was not stored')
  const rows = await file.rows((tx) => tx.selectFrom('bleeps').selectAll().execute())
  await reopen()
  await comeTogether()
  expect(await bleepsThere(id)).toBe(1)
  // As though the file had not been left.
  await file.rows((tx) => tx.insertInto('bleeps').values(rows).execute())
  await reopen()
  await comeTogether()
  expect(await bleepsThere(id)).toBe(1)
  expect(await file.rows((tx) => tx.selectFrom('bleeps').selectAll().execute())).toEqual([])
})

test('a crash while calls are on their way brings them, and a start with pages in its file pages first', async () => {
  await goApart()
  const id = await onWard((ward) => ward.page('1113', 'PLEASE RING 4421'))
  if (id === undefined) throw new Error('it was not stored')
  // A phone that has signed in at another node meanwhile is rung from here as well.
  await enrol(shared, ['newcomer'])
  await file.rows(async (tx) => setAside(tx, await rowsOf(tx, [id])))
  expect(await bleepsHere()).toBe(0)
  away = false
  await reopen()
  expect(store.apart()).toMatchObject({ fault: 'store-lost' })
  expect(await bleepsHere()).toBe(1)
  expect(await bleepsThere(id)).toBe(0)
  const phones = await file.rows((tx) => tx.selectFrom('devices').select('id').execute())
  expect(phones).toContainEqual({ id: 'webpush-newcomer' })
  await onWard(async (ward, rung) => {
    await ward.page('2222', 'CARDIAC ARREST')
    await expect.poll(() => [...new Set(rung)].sort()).toEqual(['ask gas', 'ask nurse', 'ask reg'])
  })
  await comeTogether()
  expect(told.at(-1)).toBe('together 2')
  expect(await bleepsThere(id)).toBe(1)
  expect(await bleepsHere()).toBe(0)
})

test('a start while the database is away pages from the file, with the phones of the last copy', async () => {
  away = true
  await reopen()
  expect(store.apart()).toMatchObject({ fault: 'store-lost' })
  await onWard(async (ward, rung) => {
    await ward.page('2222', 'CARDIAC ARREST')
    await expect.poll(() => [...new Set(rung)].sort()).toEqual(['ask gas', 'ask nurse', 'ask reg'])
  })
  await comeTogether()
  expect(told.at(-1)).toBe('together 1')
})

test('one failure among successes sends nobody apart; a fault that is no absence is passed on', async () => {
  const fail = () => store.transact(() => Promise.reject(new StoreFault('lead-lost')))
  await expect(fail()).rejects.toThrow('lead-lost')
  now += 10_000
  await expect(fail()).rejects.toThrow('lead-lost')
  away = true
  await expect(store.transact((tx) => tx.notes.get('x'))).rejects.toThrow()
  away = false
  await store.transact((tx) => tx.notes.get('x'))
  now += 10_000
  away = true
  await expect(store.transact((tx) => tx.notes.get('x'))).rejects.toThrow()
  expect(store.apart()).toBeUndefined()
})

test('a piece of work that was slow and failed while others went well sends nobody apart, unless a write fails as well', async () => {
  const slow = () => {
    const ends = Promise.withResolvers<never>()
    hanging = ends.promise
    return {
      failed: store.transact(async () => undefined),
      end: () => ends.reject(new StoreFault('store-lost')),
    }
  }
  const one = slow()
  await store.transact((tx) => tx.notes.get('x'))
  now += 5000
  one.end()
  await expect(one.failed).rejects.toThrow('store-lost')
  expect(store.apart()).toBeUndefined()
  const other = slow()
  await store.transact((tx) => tx.notes.get('x'))
  now += 5000
  away = true
  other.end()
  // It is done here instead.
  await other.failed
  expect(store.apart()).toMatchObject({ fault: 'store-lost' })
})

test('a database that was back for a moment only must take more writes before it is believed', async () => {
  const proofs = async () => {
    writes = 0
    await comeTogether()
    return writes
  }
  await goApart()
  const first = await proofs()
  await goApart()
  expect(await proofs()).toBe(2 * first)
  now += 61_000
  await goApart()
  expect(await proofs()).toBe(first)
})

async function reopen(): Promise<void> {
  await store.close()
  shared = await openEmbedded(join(folder, 'shared.sqlite'), localWake(), 'each')
  file = await openEmbedded(join(folder, 'apart.sqlite'), localWake(), 'each')
  store = await opened()
}

const bleepsHere = async () => (await file.transact((tx) => tx.bleeps.count())).bleeps
const bleepsThere = async (id: BleepId) =>
  (await shared.rows((tx) => tx.selectFrom('bleeps').select('id').where('id', '=', id).execute())).length
