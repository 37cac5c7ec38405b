import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openStore } from '../../../src/app/store.ts'
import { loadWhole } from '../../../src/config/whole.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { macOf } from '../../../src/io/seal/audit-key.ts'
import { checkCopy } from '../../../src/io/store/backups.ts'
import { examine } from '../../../src/io/store/examine.ts'
import { NEWEST_SCHEMA } from '../../../src/io/store/open.ts'
import { upgradeAhead } from '../../../src/io/store/upgrade.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'

/* What an upgrade does to a database that an earlier version left half-answered, and the way back from it. */
const OLD = new URL('../../golden/databases/2026-11-25.sqlite.gz', import.meta.url)
const SITE = fileURLToPath(new URL('../../../config/sites/demo', import.meta.url))
const tools = { log: quietLog, metrics: quietMetrics, clock: systemClock(() => undefined) }

function bed(more = '', old = true) {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-upgrade-'))
  const file = join(folder, 'bridge.yaml')
  writeFileSync(
    file,
    `version: 1\nsite: { id: demo, folder: ${SITE} }\nstore: { kind: sqlite, path: data/b.sqlite }\nfeeds: []\n${more}`,
  )
  const database = join(folder, 'data/b.sqlite')
  mkdirSync(dirname(database))
  if (old) writeFileSync(database, gunzipSync(readFileSync(OLD)))
  const whole = loadWhole(file, Date.now())
  if (!whole.ok) throw new Error(JSON.stringify(whole.fault))
  return { folder, database, whole: whole.value }
}
const copiesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.sqlite'))

test('before an older schema is brought to ours it is copied whole, once, and the start says what it did', async () => {
  const { folder, database, whole } = bed()
  const from = examine(database).schema
  expect(from < NEWEST_SCHEMA).toBe(true)
  const first = await openStore(whole, tools)
  expect(first.upgraded).toEqual({ from, to: NEWEST_SCHEMA })
  const [copy = ''] = copiesIn(join(folder, 'data/before-upgrade'))
  expect(examine(join(folder, 'data/before-upgrade', copy))).toMatchObject({ schema: from, troubles: [] })
  await first.store.close()

  const second = await openStore(whole, tools)
  expect(second.upgraded).toBeUndefined()
  expect(copiesIn(join(folder, 'data/before-upgrade'))).toEqual([copy])
  await second.store.close()
})

test('the copy goes among the other copies where the site keeps some, which its rule holds in bounds', async () => {
  const { folder, whole } = bed('backup: { folder: copies }\n')
  const opened = await openStore(whole, tools)
  expect(copiesIn(join(folder, 'copies'))).toHaveLength(1)
  await opened.store.close()
})

test('its note is signed by the key of the audit, without which restoring would not take it', async () => {
  const { folder, whole } = bed()
  writeFileSync(join(folder, 'data/audit-key'), 'the-key-of-this-site', { mode: 0o600 })
  const opened = await openStore(whole, tools)
  await opened.store.close()
  const beside = join(folder, 'data/before-upgrade')
  const copy = join(beside, copiesIn(beside)[0] ?? '')
  expect(await checkCopy(copy, macOf('the-key-of-this-site'))).toMatchObject({ troubles: [] })
  expect((await checkCopy(copy, macOf('of another'))).troubles).toHaveLength(1)
})

test('where no copy can be made the bridge starts all the same', async () => {
  const { folder, whole } = bed('backup: { folder: copies }\n')
  writeFileSync(join(folder, 'copies'), 'no folder')
  const opened = await openStore(whole, tools)
  expect(opened.upgraded).toBeDefined()
  await opened.store.close()
})

test('a new database, one of ours and one that is none are left to whoever opens them', async () => {
  const { database, whole } = bed('', false)
  expect(upgradeAhead(database)).toBeUndefined()
  const opened = await openStore(whole, tools)
  expect(opened.upgraded).toBeUndefined()
  await opened.store.close()
  expect(upgradeAhead(database)).toBeUndefined()
  writeFileSync(database, 'no database at all')
  expect(upgradeAhead(database)).toBeUndefined()
})

test('a schema that is newer than ours is refused, and the file is left as it is', async () => {
  const { database, whole } = bed()
  const db = new DatabaseSync(database)
  db.exec("insert into kysely_migration (name, timestamp) values ('9999-later', '2027-01-01')")
  db.close()
  await expect(openStore(whole, tools)).rejects.toMatchObject({ code: 'store-newer' })
  expect(examine(database).schema).toBe('9999-later')
})
