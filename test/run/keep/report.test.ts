import { afterEach, expect, test } from 'vitest'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { asId, type BleepId, type FeedId, type NodeId, type PersonId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/instant.ts'
import { reportHtml } from '../../../src/io/report/html.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { packSome } from '../../../src/run/keep/packs.ts'
import { makeReport } from '../../../src/run/keep/report.ts'
import { SETTLED, settleFacts } from '../../../src/run/keep/settle-facts.ts'
import { aBleep } from '../../contract/store.ts'
import { HOSPITAL_SHIFTS, hospital, hospitalReport } from '../../support/hospital.ts'
import { smallSite } from '../../support/small-site.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const ZONE = 'Europe/London'
let store: Store
afterEach(() => store.close())

/** A clock whose turns come by themselves: reports wait for turns, not for time. */
class TurningClock extends VirtualClock {
  override after(ms: number, run: () => void) {
    if (ms > 0) return super.after(ms, run)
    setImmediate(run)
    return { cancel: () => undefined }
  }
}

test('packed or loose, the same rows make the same report as no store at all', async () => {
  const h = hospital({ seed: 5, extensions: 16, bleeps: 0.25 })
  store = await openSqlite(':memory:')
  const now = h.live.to + DAY
  await store.transact(async (tx) => {
    await tx.facts.put([...h.before, ...h.after])
    const rows = h.calls.map(({ arrived, record }, i) => ({
      id: `c${i}`,
      feed: asId<FeedId>('exchange'),
      node: asId<NodeId>('north'),
      arrived,
      record,
    }))
    for (let i = 0; i < rows.length; i += 500) await tx.calls.add(rows.slice(i, i + 500))
    await tx.notes.set('facts-until', now, now)
  })
  const directory = buildDirectory(smallSite())
  const make = () =>
    makeReport(
      { store, directory, clock: new TurningClock(now) },
      { site: 'demo', shifts: HOSPITAL_SHIFTS, from: h.live.from, to: h.live.to, baseline: h.baseline },
    )
  const loose = await make()
  const bare = hospitalReport(h, { made: now, roleNames: new Map() })
  expect(loose.saved.map((r) => r.minutesPerShift)).toEqual(bare.saved.map((r) => r.minutesPerShift))
  expect(loose.saved.some((r) => r.verdict === 'measured')).toBe(true)
  let packs = 0
  for (const kind of ['facts', 'calls'] as const)
    while (await packSome(store, kind, ZONE, now, now)) packs += 1
  expect(packs).toBeGreaterThan(5)
  const packed = await make()
  expect(packed.counts).toEqual(loose.counts)
  expect(packed.footnotes).toEqual(loose.footnotes)
  for (const [i, row] of packed.saved.entries()) {
    expect(row.before.n).toBe(loose.saved[i]!.before.n)
    expect(row.minutesPerShift).toBeCloseTo(loose.saved[i]!.minutesPerShift ?? Number.NaN, 1)
  }
})

test('every bleep is counted once, before it has settled, while it is digested, and after', async () => {
  store = await openSqlite(':memory:')
  const directory = buildDirectory(smallSite())
  const start = Date.UTC(2026, 10, 20, 9)
  await store.transact(async (tx) => {
    // More at one instant than are done in one transaction.
    for (let i = 0; i < 230; i++) {
      const received = start + (i < 150 ? 0 : i) * MINUTE
      const page = { ...aBleep('x').page, firstByte: received - 20, lastByte: received - 5 }
      await tx.bleeps.add(aBleep(`b${i}`, { received, page, stage: 'routed' }))
    }
  })
  const end = start + 300 * MINUTE
  const count = async () => {
    const clock = new TurningClock(end)
    const span = { from: start - DAY, to: end }
    const report = await makeReport(
      { store, directory, clock },
      { site: 'x', shifts: HOSPITAL_SHIFTS, ...span },
    )
    return report.counts.bleeps
  }
  expect(await count()).toBe(230)
  expect(await settleFacts(store, directory, start + 180 * MINUTE + SETTLED)).toBeGreaterThan(0)
  expect(await count()).toBe(230)
  for (let n = 1; n > 0; expect(n).toBeLessThanOrEqual(100))
    n = await settleFacts(store, directory, end + SETTLED)
  expect(await count()).toBe(230)
})

test('the slowest emergencies are drawn hop by hop, with nobody named', async () => {
  store = await openSqlite(':memory:')
  const directory = buildDirectory(smallSite())
  const start = Date.UTC(2026, 10, 20, 9)
  await store.transact(async (tx) => {
    for (let i = 1; i <= 5; i++) {
      const id = asId<BleepId>(`b${i}`)
      const at = start + i * MINUTE
      const page = { ...aBleep('x').page, firstByte: at, lastByte: at }
      const meaning = {
        kind: 'adult-arrest',
        class: 'emergency',
        reason: 'class-address',
        rule: 'x',
        place: `Ward ${i}`,
      } as const
      await tx.bleeps.add(aBleep(id, { received: at, page, stage: 'routed', meaning }))
      const hop = (name: string, after: number, person?: string) => ({
        ...{ bleep: id, hop: name, at: at + after, class: 'emergency' as const, clock: 'ours' as const },
        ...(person === undefined ? {} : { person: asId<PersonId>(person) }),
      })
      await tx.hops.stamp([
        hop('first-byte', 0),
        hop('routed', 40),
        hop('handed', 60, 'amelia'),
        hop('accepted', i * 1000, 'amelia'),
        hop('covered', i * 1000 + 1),
      ])
    }
  })
  const report = await makeReport(
    { store, directory, clock: new TurningClock(start + DAY) },
    { site: 'x', shifts: HOSPITAL_SHIFTS, from: start, to: start + HOUR },
  )
  // None of these phones ever said that it had the call: each is a miss, with its ward.
  expect(report.emergency).toMatchObject({ n: 5, withinTarget: 0, missed: 5 })
  expect(report.emergency.misses.map((m) => [m.place, m.why])).toContainEqual([
    'Ward 3',
    'no-phone-confirmed',
  ])
  const drawn = report.emergency.slowest
  expect(drawn.map(({ at }) => at.slice(11, 16))).toEqual(['09:05', '09:04', '09:03'])
  expect(new Set(drawn[0]?.stamps.map((s) => s.of))).toEqual(new Set([undefined, '1']))
  const html = reportHtml(report)
  expect(html.match(/aria-label="Time line of/g)).toHaveLength(3)
  expect(html).toContain('accepted – recipient 1')
  expect(JSON.stringify(report) + html).not.toContain('amelia')
})
