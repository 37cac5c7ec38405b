import { once } from 'node:events'
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkpoints } from '../../../src/io/store/checkpoints.ts'
import { removeFolder } from '../../support/folders.ts'

let folder: string
let db: DatabaseSync
const path = () => join(folder, 'a.sqlite')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoints-'))
  db = new DatabaseSync(path())
  db.exec('pragma journal_mode = wal; pragma wal_autocheckpoint = 0; create table t (x)')
})
afterEach(() => {
  db.close()
  removeFolder(folder)
})

test('the thread that copies a log back ends once there is quiet, and a new one is made when there is work again', async () => {
  const copying = checkpoints(path(), 1)
  for (const round of [1, 2]) {
    const made = new Promise<Worker>((done) => process.once('worker', done))
    db.exec(`insert into t values (zeroblob(${2_000_000 * round}))`)
    const before = statSync(path()).size
    for (let commit = 0; commit < 16; commit++) copying.committed()
    const [code] = await once(await made, 'exit')
    // Ended by us; and what it was made for is done.
    expect([code, statSync(path()).size > before], `round ${round}`).toEqual([1, true])
  }
  await copying.close()
})

test('a log that is only as large as it once was is left until much was written', async () => {
  const copying = checkpoints(path(), 1)
  let threads = 0
  const count = () => (threads += 1)
  process.on('worker', count)
  const made = new Promise<Worker>((done) => process.once('worker', done))
  db.exec('insert into t values (zeroblob(2000000))')
  for (let commit = 0; commit < 16; commit++) copying.committed()
  await once(await made, 'exit')
  // Written from its beginning again, and no larger.
  db.exec('insert into t values (1)')
  for (let commit = 0; commit < 112; commit++) copying.committed()
  expect(threads).toBe(1)
  const again = new Promise<Worker>((done) => process.once('worker', done))
  for (let commit = 0; commit < 16; commit++) copying.committed()
  await once(await again, 'exit')
  process.off('worker', count)
  await copying.close()
})
