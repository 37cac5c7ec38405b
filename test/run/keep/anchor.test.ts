import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { linkDigest, SEALED } from '../../../src/core/govern/audit.ts'
import { thinned } from '../../../src/core/govern/places.ts'
import { HOUR, MINUTE } from '../../../src/core/instant.ts'
import { macOf } from '../../../src/io/seal/audit-key.ts'
import { anchorFile } from '../../../src/io/store/anchors.ts'
import { sha256 } from '../../../src/io/store/audit.ts'
import { openEmbedded, type RowStore } from '../../../src/io/store/open.ts'
import { localWake } from '../../../src/io/store/wake.ts'
import type { Anchors, Place } from '../../../src/ports/anchors.ts'
import { heldOf, startAnchors, writeDown } from '../../../src/run/keep/anchor.ts'
import { verifyAudit } from '../../../src/run/keep/audit-verify.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const START = Date.UTC(2026, 10, 30, 9)
const mac = macOf('the key of this site')
let store: RowStore
let clock: VirtualClock
let path: string
let apart: boolean
let places: Place[]
beforeEach(async () => {
  store = await openEmbedded(':memory:', localWake(), 'each')
  clock = new VirtualClock(START)
  path = join(mkdtempSync(join(tmpdir(), 'anchors-')), 'audit-anchors.jsonl')
  apart = false
  places = []
})
afterEach(() => store.close())

/** The second place without a disk: on a virtual clock nothing waits for one. */
const anchors: Anchors = {
  list: async () => ({ places, forged: 0 }),
  add: async (place) => void places.push(place),
}
const parts = () => ({ store, anchors, mac })
const start = () =>
  startAnchors({
    ...{ ...parts(), clock, wake: store.wake, log: quietLog, metrics: quietMetrics },
    apart: () => apart,
  })
const act = (action: string) =>
  store.transact((tx) =>
    tx.audit.append({ at: clock.now(), actor: 'op', action, subject: 'a', outcome: 'done' }),
  )
const acts = async (n: number) => {
  for (let i = 0; i < n; i++) await act(`act-${i}`)
}
const rows = () => store.transact((tx) => tx.audit.since(0, 1000))
/** As somebody who has the database file, and not the key. */
const cutAfter = (seq: number) => store.rows((tx) => tx.deleteFrom('audit').where('seq', '>', seq).execute())
const verify = () => verifyAudit({ store, clock, digest: sha256, held: () => heldOf(parts()) })

/** Every link made to fit again, as nobody could who has the key alone on another machine. */
async function madeAnew(from: number): Promise<void> {
  let before = ''
  for (const { seq, entry } of await rows()) {
    before = linkDigest(before, seq, entry, sha256)
    const digest = before
    if (seq >= from)
      await store.rows((tx) => tx.updateTable('audit').set({ digest }).where('seq', '=', seq).execute())
  }
}

test('the chain is sealed and written down by itself, and fits', async () => {
  const loop = start()
  await acts(5)
  await clock.elapse(15 * MINUTE)
  expect((await rows()).map(({ action }) => action).at(-1)).toBe(SEALED)
  await clock.elapse(HOUR)
  // Nothing was done since, so nothing is sealed again.
  expect(await rows()).toHaveLength(6)
  expect(places.at(-1)?.seq).toBe(6)
  expect(loop.troubles()).toEqual([])
  expect((await verify()).broken).toBeUndefined()
  await loop.stop()
  expect(clock.pending).toBe(0)
})

describe('is found within a minute:', () => {
  test.each([
    ['the last entries cut off', () => cutAfter(4)],
    ['all entries cut off', () => cutAfter(0)],
    [
      'an entry taken out and the chain behind it made anew',
      async () => {
        await store.rows((tx) => tx.deleteFrom('audit').where('seq', '=', 6).execute())
        await madeAnew(1)
      },
    ],
  ])('%s', async (_, tamper) => {
    const loop = start()
    await acts(6)
    await clock.elapse(3 * MINUTE)
    expect(loop.troubles()).toEqual([])
    await tamper()
    await clock.elapse(MINUTE)
    expect(loop.troubles()).toMatchObject([{ code: 'audit-broken', subject: 'anchor' }])
    // What was done since is no cover: it is neither sealed nor written down.
    await acts(20)
    await clock.elapse(HOUR)
    expect(loop.troubles()).toMatchObject([{ code: 'audit-broken' }])
    expect((await verify()).broken).toBeDefined()
    await loop.stop()
    const again = start()
    await clock.elapse(MINUTE)
    expect(again.troubles()).toMatchObject([{ code: 'audit-broken' }])
    await again.stop()
  })
})

test('a chain made anew with a seal of another key is found by the seal, with no second place left', async () => {
  const loop = start()
  await acts(3)
  await clock.elapse(15 * MINUTE)
  await loop.stop()
  places = []
  const other = { ...parts(), mac: macOf('another') }
  const forger = startAnchors({
    ...{ ...other, clock, wake: store.wake, log: quietLog, metrics: quietMetrics, apart: () => false },
  })
  await acts(2)
  await clock.elapse(15 * MINUTE)
  await forger.stop()
  places = []
  expect((await verify()).broken).toMatchObject({ why: 'forged' })
})

test('the second place in a file: a changed line is not ours, a half written one is passed over', async () => {
  const file = anchorFile(path, mac)
  expect(await file.list()).toEqual({ places: [], forged: 0 })
  await file.add({ at: START, seq: 3, digest: 'abc' })
  await file.add({ at: START, seq: 4, digest: 'def', begun: true })
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"at":1,"seq"`)
  await file.add({ at: START, seq: 5, digest: 'fed' })
  const written = await file.list()
  expect(written.places.map(({ seq }) => seq)).toEqual([3, 4, 5])
  expect(written.places[1]?.begun).toBe(true)
  writeFileSync(path, readFileSync(path, 'utf8').replace('"seq":3', '"seq":2'))
  expect(await file.list()).toMatchObject({ forged: 1 })
  const loop = startAnchors({
    ...{ ...parts(), clock, wake: store.wake, log: quietLog, metrics: quietMetrics, apart: () => false },
    anchors: { ...anchors, list: async () => ({ places: [], forged: 1 }) },
  })
  await clock.elapse(MINUTE)
  expect(loop.troubles()).toMatchObject([
    { code: 'audit-broken', detail: 'lines of the second place that are not ours: 1' },
  ])
  await loop.stop()
})

test('old places are thinned to one a day, and what somebody answered for stays', () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({
    at: START + i * MINUTE,
    seq: i + 1,
    digest: `${i}`,
  }))
  const begun = many.map((one, i) => (i === 700 ? { ...one, begun: true } : one))
  const few = thinned(begun)
  expect(few.slice(-600)).toEqual(begun.slice(-600))
  expect(few.length).toBeLessThan(610)
  expect(few).toContainEqual(begun[700])
})

test('on the file that outlasts the database nothing is compared, sealed or written down', async () => {
  const loop = start()
  await acts(3)
  await clock.elapse(3 * MINUTE)
  apart = true
  await cutAfter(0)
  await clock.elapse(HOUR)
  expect(loop.troubles()).toEqual([])
  expect(await rows()).toEqual([])
  await loop.stop()
})

test('after a restore somebody answers for the chain as it stands, and it is held to that', async () => {
  const loop = start()
  await acts(6)
  await clock.elapse(3 * MINUTE)
  await cutAfter(4)
  await act('audit.accept')
  await writeDown(parts(), (await rows()).at(-1), clock.now(), true)
  await clock.elapse(MINUTE)
  expect(loop.troubles()).toEqual([])
  expect((await verify()).broken).toBeUndefined()
  await cutAfter(3)
  await clock.elapse(MINUTE)
  expect(loop.troubles()).toMatchObject([{ code: 'audit-broken', detail: 'entry 5' }])
  await loop.stop()
})

test('a second place that cannot be read is told as that, and as no defect of ours', async () => {
  const defects: string[] = []
  let gone = true
  const loop = startAnchors({
    ...{ ...parts(), clock, wake: store.wake, metrics: quietMetrics, apart: () => false },
    log: { ...quietLog, error: (event) => void defects.push(event) },
    anchors: {
      ...anchors,
      list: () =>
        gone
          ? Promise.reject(Object.assign(new Error('not a directory'), { syscall: 'open' }))
          : anchors.list(),
    },
  })
  await acts(1)
  await clock.elapse(3 * MINUTE)
  expect(loop.troubles()).toMatchObject([{ code: 'audit-unanchored', subject: 'audit' }])
  expect(defects).toEqual(['audit-unanchored'])
  gone = false
  await acts(1)
  await clock.elapse(3 * MINUTE)
  expect(loop.troubles()).toEqual([])
  await loop.stop()
})

test('a second place that cannot be written is told until it can', async () => {
  const loop = startAnchors({
    ...{ ...parts(), clock, wake: store.wake, log: quietLog, metrics: quietMetrics, apart: () => false },
    anchors: {
      ...anchors,
      add: () => Promise.reject(Object.assign(new Error('no space'), { syscall: 'write' })),
    },
  })
  await acts(1)
  await clock.elapse(3 * MINUTE)
  expect(loop.troubles()).toMatchObject([{ code: 'audit-unanchored' }])
  await loop.stop()
})
