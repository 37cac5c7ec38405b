import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SEALED } from '../../src/core/govern/audit.ts'
import { asId, type BleepId } from '../../src/core/ids.ts'
import { macOf } from '../../src/io/seal/audit-key.ts'
import { checkCopy, placeCopy, sqliteBackups } from '../../src/io/store/backups.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Backups, Copy } from '../../src/ports/backups.ts'
import type { Store } from '../../src/ports/store.ts'
import { aBleep, anAlert } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'

const AT = Date.UTC(2026, 10, 22, 3)
let folder = ''
let store: Store
let backups: Backups
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bleepd-backup-'))
  store = await openSqlite(join(folder, 'bleeps.sqlite'))
  backups = sqliteBackups(join(folder, 'bleeps.sqlite'), join(folder, 'copies'))
})
afterEach(async () => {
  await store.close()
  removeFolder(folder)
})

const fill = (from: number, to: number) =>
  store.transact(async (tx) => {
    for (let i = from; i < to; i++)
      await tx.bleeps.add(aBleep(`b${i}`, { page: { ...aBleep('x').page, text: `MR JONES ${i}` } }))
  })
const make = async (at = AT): Promise<Copy> => {
  const made = await backups.make(at)
  if (!made.ok) throw new Error(made.fault.detail)
  return made.value
}

test('a copy made while the store works is whole, of one moment, and starts as a store', async () => {
  await fill(0, 500)
  await store.transact((tx) => tx.alerts.add(anAlert('a1', 'b1'), [{ kind: 'raised', at: 1 }]))
  await store.transact((tx) =>
    tx.audit.append({ at: 1, actor: 'op', action: 'x', subject: 'y', outcome: 'done' }),
  )
  const making = make()
  // The daemon goes on storing: the copy is of the moment it began.
  for (let i = 500; i < 540; i++) await fill(i, i + 1)
  const copy = await making
  expect(await checkCopy(copy.path)).toMatchObject({ troubles: [], note: { made: AT, audit: { seq: 1 } } })
  const place = join(folder, 'restored.sqlite')
  await placeCopy(copy.path, place)
  expect(statSync(place).mode & 0o777).toBe(0o600)
  const restored = await openSqlite(place)
  const all = await restored.transact((tx) => tx.bleeps.page({ at: 0, id: '' }, 1e15, 999))
  expect(all.length).toBeGreaterThanOrEqual(500)
  expect(await restored.transact((tx) => tx.alerts.countByPhase())).toMatchObject({ ringing: 1 })
  await fill(540, 541)
  await restored.close()
  await expect(placeCopy(copy.path, place)).rejects.toThrow('EEXIST')
})

test('what root restores belongs to whom its folder belongs to, and no log of another database lies beside it', async (ctx) => {
  if (process.getuid?.() !== 0) ctx.skip('needs root')
  await fill(0, 3)
  const copy = await make()
  const [owned, left] = [join(folder, 'owned'), join(folder, 'left')]
  for (const one of [owned, left]) mkdirSync(one)
  chownSync(owned, 65_534, 65_534)
  await placeCopy(copy.path, join(owned, 'bleeps.sqlite'))
  const files = readdirSync(owned).map((name) => statSync(join(owned, name)))
  expect(files.map(({ uid, gid }) => [uid, gid])).toEqual([[65_534, 65_534]])
  writeFileSync(join(left, 'bleeps.sqlite-wal'), 'of another database')
  await expect(placeCopy(copy.path, join(left, 'bleeps.sqlite'))).rejects.toThrow('EEXIST')
  expect(readdirSync(left)).toEqual(['bleeps.sqlite-wal'])
})

test('copies and their notes are the owner’s alone, listed, and removed together', async () => {
  await fill(0, 3)
  const first = await make()
  const second = await make(AT + 60_000)
  const files = readdirSync(join(folder, 'copies')).sort()
  expect(files).toEqual([
    'bleeps.2026-11-22T030000000Z.json',
    'bleeps.2026-11-22T030000000Z.sqlite',
    'bleeps.2026-11-22T030100000Z.json',
    'bleeps.2026-11-22T030100000Z.sqlite',
  ])
  for (const name of files) expect(statSync(join(folder, 'copies', name)).mode & 0o777).toBe(0o600)
  expect((await backups.list()).map(({ made }) => made).sort()).toEqual([first.made, second.made])
  await backups.remove(first)
  expect(readdirSync(join(folder, 'copies'))).toHaveLength(2)
})

test('what was erased before a copy was made is not in it', async () => {
  await fill(0, 200)
  for (let i = 0; i < 200; i++) await store.transact((tx) => tx.purge.bleeps([asId<BleepId>(`b${i}`)]))
  const { path } = await make()
  expect(readFileSync(path).includes('JONES')).toBe(false)
})

test('a copy that cannot be made says why, and leaves nothing half made', async () => {
  await make()
  expect(await backups.make(AT + 1)).toMatchObject({ ok: true })
  const gone = sqliteBackups(join(folder, 'nothing.sqlite'), join(folder, 'copies'))
  expect(await gone.make(AT + 2)).toMatchObject({ ok: false, fault: { code: 'backup-failed' } })
  writeFileSync(join(folder, 'file'), '')
  const blocked = sqliteBackups(join(folder, 'bleeps.sqlite'), join(folder, 'file'))
  expect(await blocked.make(AT)).toMatchObject({ ok: false, fault: { code: 'backup-failed' } })
  expect(readdirSync(join(folder, 'copies')).filter((n) => n.endsWith('.part'))).toEqual([])
})

test('what a crash left half made goes with the next copy, but not what another program is making', async () => {
  await make()
  const part = (name: string) => join(folder, 'copies', `bleeps.${name}.sqlite.part`)
  writeFileSync(part('old'), 'JONES')
  utimesSync(part('old'), new Date(AT - 864e5), new Date(AT - 864e5))
  writeFileSync(part('new'), 'x')
  utimesSync(part('new'), new Date(AT), new Date(AT))
  await make(AT + 1000)
  expect(readdirSync(join(folder, 'copies')).filter((n) => n.endsWith('.part'))).toEqual([
    'bleeps.new.sqlite.part',
  ])
})

test('a copy that was changed, cut short or is none is found out', async () => {
  await fill(0, 300)
  const { path } = await make()
  const bytes = readFileSync(path)
  const spoil = async (change: (b: Buffer) => Buffer) => {
    writeFileSync(path, change(Buffer.from(bytes)))
    return (await checkCopy(path)).troubles
  }
  expect(await spoil((b) => b)).toEqual([])
  const flipped = await spoil((b) => {
    b[b.length - 100] = (b[b.length - 100] ?? 0) ^ 1
    return b
  })
  expect(flipped[0]).toContain('not what its note says')
  expect(await spoil((b) => b.subarray(0, b.length / 2))).not.toEqual([])
  expect(await spoil(() => Buffer.from('no database'))).not.toEqual([])
  expect((await checkCopy(join(folder, 'nowhere.sqlite'))).troubles).not.toEqual([])
})

test('a copy with a reference to nothing is found out', async () => {
  await fill(0, 3)
  const { path } = await make()
  const raw = new DatabaseSync(path)
  raw.exec(`pragma foreign_keys = off; insert into due values ('nobody', 'step-1', 1, null, null)`)
  raw.close()
  expect((await checkCopy(path)).troubles).toContain('due refers to nothing')
})

test('a note that was changed or remade beside a sealed copy is found out, by whoever has the key', async () => {
  const mac = macOf('the key of this site')
  const sealing = sqliteBackups(join(folder, 'bleeps.sqlite'), join(folder, 'copies'), mac)
  await fill(0, 3)
  await store.transact((tx) =>
    tx.audit.append({ at: 1, actor: 'audit', action: SEALED, subject: '', outcome: 'done' }),
  )
  const made = await sealing.make(AT)
  if (!made.ok) throw new Error(made.fault.detail)
  const { path } = made.value
  const file = readdirSync(join(folder, 'copies')).find((name) => !name.endsWith('.sqlite')) ?? ''
  const note = JSON.parse(readFileSync(join(folder, 'copies', file), 'utf8'))
  const rewritten = async (next: object) => {
    writeFileSync(join(folder, 'copies', file), `${JSON.stringify(next)}\n`)
    return (await checkCopy(path, mac)).troubles.join()
  }
  expect(await rewritten(note)).toBe('')
  const { mac: _, ...unsigned } = note
  const forged = { ...unsigned, mac: macOf('another key')(JSON.stringify(unsigned)) }
  const back = { ...note, audit: { ...note.audit, seq: note.audit.seq - 1 } }
  for (const other of [unsigned, forged, back, { ...note, made: AT + 1 }])
    expect(await rewritten(other)).toContain('was not written by this site, or was changed')
})
