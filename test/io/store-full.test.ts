import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openSqlite } from '../../src/io/store/open.ts'
import { sqlite } from '../../src/io/store/sqlite.ts'
import { removeFolder } from '../support/folders.ts'

test('a database without space says that it is full, although it has rolled back by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'full-'))
  const path = join(folder, 'bridge.db')
  await (await openSqlite(path)).close()
  const seam = sqlite(path)
  try {
    await sql`pragma max_page_count = 1`.execute(seam.db)
    const words = 'x'.repeat(2_000_000)
    const full = seam.db.transaction().execute(async (tx) => {
      await sql`create table filled (words text)`.execute(tx)
      await sql`insert into filled values (${words})`.execute(tx)
    })
    const why: unknown = await full.then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(seam.fault(why)).toBe('store-full')
  } finally {
    await seam.close()
    removeFolder(folder)
  }
})
