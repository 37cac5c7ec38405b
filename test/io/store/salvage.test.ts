import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { salvaged } from '../../../src/io/store/carried.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { removeFolder } from '../../support/folders.ts'

/** Leases are of the runs that held them; the rest is the migrator's own and made anew. */
const LEFT = /^(leases|kysely_|sqlite_)/

test('every table is brought out of a damaged file, a new one too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'salvage-'))
  const path = join(folder, 'whole.sqlite')
  await (await openSqlite(path)).close()
  const raw = new DatabaseSync(path)
  const tables = raw.prepare("select name from sqlite_master where type = 'table'").all()
  raw.close()
  removeFolder(folder)
  const kept = tables.map(({ name }) => String(name)).filter((name) => !LEFT.test(name))
  const carried = new Set<string>([...salvaged('first'), ...salvaged('behind')])
  expect(kept.filter((name) => !carried.has(name))).toEqual([])
})
