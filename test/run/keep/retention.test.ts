import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { CHAIN_START, followChain } from '../../../src/core/govern/audit.ts'
import type { Keeps } from '../../../src/core/govern/retain.ts'
import { type AlertId, asId, type BleepId, type PersonId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import type { Report } from '../../../src/core/measure/report/report.ts'
import { sha256 } from '../../../src/io/store/audit.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { startChores } from '../../../src/run/keep/chores.ts'
import { packedUntil, packSome } from '../../../src/run/keep/packs.ts'
import { makeReport } from '../../../src/run/keep/report.ts'
import { createRetention } from '../../../src/run/keep/retention.ts'
import { settleFacts } from '../../../src/run/keep/settle-facts.ts'
import { aBleep, anAlert, anAttempt } from '../../contract/store.ts'
import { HOSPITAL_SHIFTS, hospital } from '../../support/hospital.ts'
import { USUAL_KEEPS } from '../../support/keeps.ts'
import { listeningMetrics, quietLog, quietMetrics } from '../../support/quiet.ts'
import { smallSite } from '../../support/small-site.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const START = Date.UTC(2026, 8, 7, 9)
const ZONE = 'Europe/London'
const directory = buildDirectory(smallSite())

/** Turns come by themselves, time does not. */
class TurningClock extends VirtualClock {
  override after(ms: number, run: () => void) {
    if (ms >= MINUTE) return super.after(ms, run)
    setImmediate(run)
    return { cancel: () => undefined }
  }
}

let store: Store
let clock: TurningClock
beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new TurningClock(START)
})
afterEach(() => store.close())

const retention = (keeps: Partial<Keeps> = {}, metrics = quietMetrics) =>
  createRetention({
    ...{ store, clock, wake: store.wake, log: quietLog, metrics, directory: () => directory },
    keeps: { ...USUAL_KEEPS, ...keeps },
  })
/** One whole purge, at an age of everything stored so far. */
const purge = async (days: number, keeps: Partial<Keeps> = {}) => {
  await clock.elapse(START + days * DAY - clock.now())
  const one = retention(keeps)
  for (let i = 0; i < 20; i++) await one.turn()
}

/** A call for help, answered and closed, with everything that is stored on the way. */
async function called(
  id: string,
  at: number,
  more: { callBack?: string; phase?: 'closed' | 'covered' } = {},
) {
  const phase = more.phase ?? 'closed'
  const text = `MR JONES WARD 7B RING ${more.callBack ?? ''}`
  const page = { ...aBleep(id).page, text, firstByte: at - 400, lastByte: at - 20 }
  const meaning = {
    ...({ kind: 'call-back', class: 'routine', rule: 'r', reason: 'class-text' } as const),
    ...{ place: 'WARD 7B', ...(more.callBack === undefined ? {} : { callBack: more.callBack }) },
  }
  const bleep = asId<BleepId>(id)
  const alert = asId<AlertId>(`a-${id}`)
  const person = asId<PersonId>('ada')
  const by = { kind: 'person', person } as const
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep(id, { received: at, page, meaning, stage: 'routed', number: '2210' }))
    await tx.bleeps.sight({
      ...{ id: asId(`s-${id}`), bleep, feed: asId('f'), tap: 't', node: asId('n'), page },
      ...{ begun: at, reason: 'first-sighting' },
    })
    await tx.alerts.add(
      anAlert(`a-${id}`, id, {
        ...{ phase, raised: at, revision: 3 },
        thread: [{ at: at + MINUTE, by: person, kind: 'note', text: 'MR JONES IS IN BED 3' }],
      }),
      [
        { kind: 'raised', at },
        { kind: 'answered', at: at + 20 * SECOND, by, person, answer: 'accepted', version: 1, note: 'JONES' },
        { kind: 'said', at: at + MINUTE, by, said: { kind: 'note', text: 'MR JONES IS IN BED 3' } },
      ],
    )
    await tx.attempts.add([anAttempt(`t-${id}`, `a-${id}`, { created: at, due: at, expires: at + HOUR })])
    const hop = (name: string, after: number) => ({
      ...{
        bleep,
        alert,
        hop: name,
        at: at + after,
        class: 'routine' as const,
        clock: 'ours' as const,
        person,
      },
    })
    await tx.hops.stamp([
      ...[hop('first-byte', -400), hop('handed', 60), hop('on-device', 900), hop('accepted', 20 * SECOND)],
    ])
  })
}

const call = (id: string, at: number, to: string) => ({
  ...{ id, feed: asId<never>('pbx'), node: asId<never>('n'), arrived: at },
  record: {
    ...{ from: '7001', to, internal: true, answered: true, mailbox: false, precisionSeconds: 1 },
    ...{ end: new Date(at + HOUR).toISOString().slice(0, 19), talkSeconds: 30, ringSeconds: 4 },
  },
})

async function report(): Promise<Partial<Report>> {
  const made = await makeReport(
    { store, directory, clock: new TurningClock(START) },
    {
      ...{ site: 'x', shifts: HOSPITAL_SHIFTS, from: START - HOUR, to: START + 20 * DAY },
      baseline: { from: START - 20 * DAY, to: START - HOUR },
    },
  )
  return made
}

const everything = async () =>
  JSON.stringify(
    await store.transact(async (tx) => {
      const bleeps = await tx.bleeps.page({ at: 0, id: '' }, Number.MAX_SAFE_INTEGER, 999)
      const alerts = await tx.alerts.page({ at: 0, id: '' }, 999)
      return [
        bleeps,
        await tx.bleeps.sightingsOf(bleeps.map(({ id }) => id)),
        alerts,
        await Promise.all(alerts.map(({ id }) => tx.alerts.events(id))),
      ]
    }),
  )

test('the report gives the same figures before the purge, without words, and without the skeleton', async () => {
  for (let i = 0; i < 120; i++) {
    await called(`b${i}`, START + i * 2 * HOUR, { callBack: '4421' })
    await called(`c${i}`, START - 19 * DAY + i * 2 * HOUR, { callBack: '4421' })
    await store.transact((tx) =>
      tx.calls.add([
        call(`k${i}`, START + i * 2 * HOUR + 3 * MINUTE, '4421'),
        call(`l${i}`, START - 19 * DAY + i * 2 * HOUR + 5 * MINUTE, '4421'),
      ]),
    )
  }
  const before = await report()
  expect(before.counts).toMatchObject({ bleeps: 120, acknowledged: 120 })
  const now = START + 21 * DAY
  while ((await settleFacts(store, directory, now)) > 0);
  expect(await report()).toEqual(before)
  expect(await everything()).toContain('JONES')

  await purge(30, { words: 5 })
  expect(await everything()).not.toMatch(/JONES|WARD 7B|4421/)
  expect(await report()).toEqual(before)

  await purge(100, { words: 5, alerts: 40, calls: 60 })
  expect(JSON.parse(await everything())).toEqual([[], [], [], []])
  expect(await store.transact((tx) => tx.calls.page({ at: 0, id: '' }, now, 100))).toEqual([])
  expect(await report()).toEqual(before)
})

test('call records go once they are packed, however few, and time saved is the same', async () => {
  const h = hospital({ seed: 5, extensions: 16, bleeps: 0.25 })
  const now = h.live.to + DAY
  await store.transact(async (tx) => {
    await tx.facts.put([...h.before, ...h.after])
    const rows = h.calls.map(({ arrived, record }, i) => ({ ...call(`c${i}`, arrived, ''), record }))
    for (let i = 0; i < rows.length; i += 500) await tx.calls.add(rows.slice(i, i + 500))
    await tx.notes.set('facts-until', now, now)
  })
  const make = () =>
    makeReport(
      { store, directory, clock: new TurningClock(now) },
      { site: 'demo', shifts: HOSPITAL_SHIFTS, from: h.live.from, to: h.live.to, baseline: h.baseline },
    )
  const before = await make()
  expect(before.saved.some((row) => row.verdict === 'measured')).toBe(true)
  while (await packSome(store, 'calls', ZONE, now, now));
  const loose = await store.transact(async (tx) =>
    tx.calls.page({ at: await packedUntil(tx, 'calls'), id: '' }, now, 999),
  )
  expect(loose.length).toBeGreaterThan(0)
  await purge((now - START) / DAY + 400)
  expect(await store.transact((tx) => tx.calls.page({ at: 0, id: '' }, now, 100))).toEqual([])
  const after = await make()
  for (const [i, row] of before.saved.entries()) {
    expect(after.saved[i]!.before.n).toBe(row.before.n)
    // Packed times are whole milliseconds.
    expect(after.saved[i]!.minutesPerShift).toBeCloseTo(row.minutesPerShift ?? Number.NaN, 1)
  }
})

test('what figures have not been made of is not touched, however old', async () => {
  await called('b1', START)
  await purge(200, { words: 5, alerts: 40 })
  expect(await everything()).toContain('JONES')
  await settleFacts(store, directory, START + HOUR)
  await purge(201, { words: 5 })
  expect(await everything()).not.toContain('JONES')
})

test('an open alert stays whole, and so does a bleep that joined it; then they go together', async () => {
  await called('b1', START, { phase: 'covered' })
  await called('b2', START + DAY)
  await store.transact((tx) =>
    tx.bleeps.add(
      aBleep('b3', {
        ...{ received: START + MINUTE, stage: 'routed', number: '2210' },
        page: { ...aBleep('x').page, text: 'MR JONES AGAIN' },
        related: { bleep: asId('b1'), reason: 'echo-bleep' },
      }),
    ),
  )
  while ((await settleFacts(store, directory, START + 2 * DAY)) > 0);
  await purge(2000, { words: 5, alerts: 40 })
  const left = () =>
    store
      .transact((tx) => tx.bleeps.page({ at: 0, id: '' }, clock.now(), 9))
      .then((all) => all.map(({ id, page }) => [id, page.text.slice(0, 14)]))
  expect(await left()).toEqual([
    ['b1', 'MR JONES WARD '],
    ['b3', 'MR JONES AGAIN'],
  ])
  await store.transact(async (tx) => {
    const alert = await tx.alerts.get(asId<AlertId>('a-b1'))
    await tx.alerts.save({ ...alert!, phase: 'closed', revision: 4 }, 3, [
      { kind: 'closed', at: clock.now(), by: { kind: 'switchboard', operator: 'op' }, version: 3 },
    ])
  })
  await purge(2001, { words: 5, alerts: 40 })
  expect(await left()).toEqual([])
})

test('a hold keeps everything of its span, call records, rota and audit too, until it is released', async () => {
  await called('b1', START)
  await called('b2', START + DAY)
  const leave = { kind: 'leave', person: 'cat', from: START, to: START + HOUR }
  await store.transact(async (tx) => {
    await tx.calls.add([call('k1', START + MINUTE, '4421'), call('k2', START + DAY, '4421')])
    await tx.directory.add({ id: 'e1', at: START, by: 'op', edit: leave })
    await tx.audit.append({ at: START, actor: 'op', action: 'x', subject: 'y', outcome: 'done' })
    await tx.holds.add(
      {
        ...{ id: 'h1', kind: 'span', span: { from: START - HOUR, to: START + HOUR } },
        ...{ reason: 'inquest', by: 'op', at: START },
      },
      [],
    )
  })
  while ((await settleFacts(store, directory, START + 2 * DAY)) > 0);
  const left = () =>
    store.transact(async (tx) => [
      ...(await tx.bleeps.page({ at: 0, id: '' }, clock.now(), 9)).map(({ id }) => id),
      ...(await tx.calls.page({ at: 0, id: '' }, clock.now(), 1000)).map(({ id }) => id),
      ...(await tx.directory.list()).map(({ id }) => id),
      (await tx.audit.since(0, 1))[0]!.salt === undefined ? 'aged' : 'told',
    ])
  await purge(4000)
  expect(await left()).toEqual(['b1', 'k1', 'e1', 'told'])
  expect(await everything()).toContain('JONES')
  await store.transact((tx) => tx.holds.release('h1', clock.now()))
  await purge(4001)
  expect(await left()).toEqual(['aged'])
})

test('aged entries lose their content, the chain holds and accounts for them', async () => {
  for (let i = 0; i < 450; i++)
    await store.transact((tx) =>
      tx.audit.append({
        ...{ at: START + i * HOUR, actor: 'op', action: 'alert.read', subject: 'a1', outcome: 'done' },
      }),
    )
  await purge(USUAL_KEEPS.audit + 10)
  const rows = await store.transact((tx) => tx.audit.since(0, 999))
  const end = rows.reduce((state, row) => followChain(state, row, sha256), CHAIN_START)
  expect(end.broken).toBeUndefined()
  // Nine in the morning of the first day to midnight before the tenth day after.
  expect(end).toMatchObject({ erased: 15 + 9 * 24, unaccounted: [] })
  expect(rows[0]).toMatchObject({ seq: 1, actor: '', subject: '' })
  await purge(USUAL_KEEPS.audit + 30)
  const all = (await store.transact((tx) => tx.audit.since(0, 999))).reduce(
    (state, row) => followChain(state, row, sha256),
    CHAIN_START,
  )
  expect(all).toMatchObject({ erased: 450, unaccounted: [] })
})

test('a backlog is worked off turn by turn in small transactions, and how far behind is told', async () => {
  for (let i = 0; i < 90; i++) await called(`b${i}`, START + i * MINUTE)
  while ((await settleFacts(store, directory, START + DAY)) > 0);
  await clock.elapse(100 * DAY)
  const most: number[] = []
  const metrics = listeningMetrics()
  const counting: Store = {
    ...store,
    transact: (work) =>
      store.transact(async (tx) => {
        let n = 0
        const done = await work({
          ...tx,
          bleeps: {
            ...tx.bleeps,
            save(bleep) {
              n += 1
              return tx.bleeps.save(bleep)
            },
          },
        })
        most.push(n)
        return done
      }),
  }
  const one = createRetention({
    ...{ store: counting, clock, wake: store.wake, log: quietLog, metrics, directory: () => directory },
    keeps: { ...USUAL_KEEPS, words: 5 },
  })
  await one.turn()
  expect(Math.max(...most)).toBeLessThanOrEqual(20)
  expect(metrics.counted).toContainEqual(['bleepbridge_retention_erased_total', { data: 'words' }, 90])
  expect(metrics.gauges.at(-1)).toEqual(['bleepbridge_retention_behind_seconds', 0, undefined])
  const audit = await store.transact((tx) => tx.audit.since(0, 9))
  expect(audit.map(({ actor, action, detail }) => [actor, action, detail])).toEqual([
    ['bleepd', 'retention.erased', { words: 90 }],
  ])
  // Nothing is due again within the hour.
  const before = most.length
  await one.turn()
  expect(most).toHaveLength(before)
})

test('the purge is one of the chores, and stops with them in the middle of a backlog', async () => {
  const virtual = new VirtualClock(START)
  for (let i = 0; i < 60; i++) await called(`b${i}`, START + i * MINUTE)
  while ((await settleFacts(store, directory, START + DAY)) > 0);
  while (await packSome(store, 'facts', ZONE, START + DAY, START + DAY));
  await virtual.elapse(100 * DAY)
  const chores = startChores({
    ...{ store, clock: virtual, wake: store.wake, log: quietLog, metrics: quietMetrics },
    ...{ directory: () => directory, settings: { site: 'x', shifts: HOSPITAL_SHIFTS } },
    keeps: { ...USUAL_KEEPS, words: 5 },
  })
  await virtual.elapse(10)
  await chores.stop()
  expect(virtual.pending).toBe(0)
  const erased = (await everything()).match(/"erased":/g)?.length ?? 0
  expect(erased).toBeGreaterThan(0)
  expect(erased).toBeLessThan(60)
})
