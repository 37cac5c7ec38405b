import { StatementSync } from 'node:sqlite'
import { afterEach, expect, test, vi } from 'vitest'
import { classify } from '../../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../../src/core/bleep/rules.ts'
import type { Directory } from '../../../src/core/directory/directory.ts'
import { asId, type FeedId } from '../../../src/core/ids.ts'
import { policiesSchema } from '../../../src/core/route/policy.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { createAlerts } from '../../../src/run/alert/alerts.ts'
import { startRaise } from '../../../src/run/alert/raise.ts'
import { createIngest } from '../../../src/run/line/ingest.ts'
import { storedTimes } from '../../../src/run/line/stored-times.ts'
import { aPage } from '../../support/pages.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, wardDirectory } from '../../support/ward.ts'

const compiled = compileRules(rulesSchema.parse({}))
if (!compiled.ok) throw new Error('the starter rules do not compile')
const { rules } = compiled
const NUMBER = '20001'

afterEach(() => vi.restoreAllMocks())

/** A line whose pages are raised in the transaction that stores them. */
async function aLine(log = quietLog) {
  const store = await openSqlite(':memory:')
  const clock = new VirtualClock(Date.UTC(2026, 10, 30, 9))
  let n = 0
  const random = { bytes: (size: number) => new Uint8Array(size).map(() => n++ & 0xff) }
  const site: Directory & { readonly extensions: ReadonlyMap<string, string> } = {
    ...wardDirectory(aHolding()),
    extensions: new Map(),
    numbers: new Map([
      [NUMBER, { number: NUMBER, to: { kind: 'role', role: asId('med-reg') }, site: 's', description: '' }],
    ]),
  }
  const base = { store, clock, random, log, metrics: quietMetrics, directory: () => site }
  const kept = storedTimes()
  const raise = startRaise({
    ...base,
    alerts: createAlerts({ ...base, radio: false }),
    classify: (bleep, known) => classify(bleep.page, bleep.number, known, rules),
    policies: () => policiesSchema.parse({}),
    storedAt: kept.storedAt,
  })
  const ingest = createIngest({
    ...{ ...base, node: asId('n'), skewMs: 2000, lag: () => 0, hearsRePages: () => false },
    onStored: kept.onStored,
    straight: (tx, bleep) => raise.straight(tx, bleep),
  })
  const page = async (text: string, durable?: () => void) => {
    // So little that no other loop has its turn meanwhile.
    clock.advance(5)
    const at = clock.now()
    const source = { feed: asId<FeedId>('air'), tap: 'air', repeatMs: 0 }
    const said = aPage(text, { to: { scheme: 'number', number: NUMBER }, lastByte: at })
    expect(await ingest.store(source, said, undefined, at, durable)).toMatchObject({ ok: true })
  }
  return { store, page, stop: () => raise.stop() }
}

test('a page from the wire to its alert is one transaction of few statements, also to a number that is never quiet', async () => {
  const { store, page, stop } = await aLine()
  await page('CALL EXT 4000')
  await settle()
  const all = vi.spyOn(StatementSync.prototype, 'all')
  const run = vi.spyOn(StatementSync.prototype, 'run')
  await page('CALL EXT 4001')
  const first = all.mock.calls.length + run.mock.calls.length
  // Beginning and end among them. Every page pays for each: a new one has to be worth it.
  expect(first).toBeLessThanOrEqual(14)
  for (let i = 2; i < 40; i++) await page(`CALL EXT ${4000 + i}`)
  await settle()
  all.mockClear()
  run.mockClear()
  await page('CALL EXT 4999')
  expect(all.mock.calls.length + run.mock.calls.length).toBe(first)
  expect(await store.transact((tx) => tx.alerts.list({ limit: 100 }))).toHaveLength(41)
  await stop()
  await store.close()
})

test('the wire is answered before anything is done about the alert that was stored with it', async () => {
  const order: string[] = []
  const { store, page, stop } = await aLine({ ...quietLog, info: (event) => void order.push(event) })
  await page('CALL EXT 4000', () => order.push('answered'))
  expect(order).toEqual(['answered', 'bleep-routed'])
  await stop()
  await store.close()
})
