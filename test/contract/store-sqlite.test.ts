import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqlite } from '../../src/io/store/open.ts'
import { storeContract } from './store.ts'

const aFile = () => join(mkdtempSync(join(tmpdir(), 'bleepd-store-')), 'bleeps.sqlite')

storeContract('SQLite in memory', () => openSqlite(':memory:'))
storeContract('SQLite on file', () => openSqlite(aFile()))

test('the database file is readable by its owner alone', async () => {
  const path = aFile()
  const store = await openSqlite(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await store.close()
})

test('a path that cannot be opened is a store fault, not a crash', async () => {
  await expect(openSqlite('/proc/no/such/place.sqlite')).rejects.toMatchObject({ code: 'store-lost' })
})
