import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store, Tx } from '../../../src/ports/store.ts'
import { removeFolder } from '../../support/folders.ts'

/*
 * What is asked for in parts is read in parts: SQLite finds the rows in order by an index, and sorts no more than those of
 * one instant. Where it must sort them all, each part costs what the whole does, and pages wait for it.
 */
let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-order-'))
  store = await openSqlite(join(folder, 'bleeps.sqlite'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await store.close()
  removeFolder(folder)
})

/** How SQLite goes about each statement of this work that has not been prepared before. */
async function plans(work: (tx: Tx) => Promise<unknown>): Promise<readonly string[]> {
  const prepared = vi.spyOn(DatabaseSync.prototype, 'prepare')
  await store.transact(work)
  const asked = prepared.mock.calls.map(([text]) => text).filter((text) => text.startsWith('select'))
  prepared.mockRestore()
  const beside = new DatabaseSync(join(folder, 'bleeps.sqlite'), { readOnly: true })
  const steps = asked.flatMap((text) => beside.prepare(`explain query plan ${text}`).all())
  beside.close()
  return steps.map(({ detail }) => String(detail))
}

const behind = { at: 5, id: 'a5' }
test.each<readonly [string, string, (tx: Tx) => Promise<unknown>]>([
  ['open alerts', 'alerts', (tx) => tx.alerts.list({ phase: 'open', limit: 50 })],
  [
    'open alerts behind a mark',
    'alerts',
    (tx) => tx.alerts.list({ phase: 'open', before: behind, limit: 50 }),
  ],
  ['closed alerts', 'alerts', (tx) => tx.alerts.list({ phase: 'closed', before: behind, limit: 50 })],
  ['all alerts', 'alerts', (tx) => tx.alerts.list({ since: 3, limit: 50 })],
  ['open alerts for the auditor', 'alerts', (tx) => tx.alerts.withoutFuture(200, behind)],
  ['asks of which somebody is to be told', 'asks', (tx) => tx.asks.owed(behind, 100)],
  ['asks of a ward', 'asks', (tx) => tx.asks.of({ ward: 'w' }, 3, 10)],
  ['asks of a device', 'asks', (tx) => tx.asks.of({ device: asId('d') }, 3, 10)],
  ['bleeps that wait to be raised', 'bleeps', (tx) => tx.bleeps.inStage('received', 9, 10)],
  ['bleeps that a person has to read', 'bleeps', (tx) => tx.bleeps.inStage('stuck', 9, 10)],
  ['attempts that wait', 'attempts', (tx) => tx.attempts.claim({ owner: 'n', now: 9, until: 10, limit: 5 })],
])('%s are found in order', async (_, table, work) => {
  const steps = await plans(work)
  const looks = steps.flatMap((step, i) =>
    /^(SEARCH|SCAN) /.test(step) && step.split(' ')[1] === table ? [i] : [],
  )
  expect(looks).not.toEqual([])
  for (const i of looks) expect(steps[i]).toMatch(/ USING INDEX /)
  // The sort of all rows is told right behind the look that it needs; those few that parts give may be.
  for (const i of looks) expect(steps[i + 1] ?? '').not.toBe('USE TEMP B-TREE FOR ORDER BY')
})
