import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { asId } from '../../src/core/ids.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { indexSome } from '../../src/run/keep/search-index.ts'
import { aBleep, anAlert } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'

/* What is erased on request is in no file any more: database and its log, copies, captures; and a restored copy erases it again. */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-erased-'))
afterAll(() => removeFolder(folder))
const file = join(folder, 'bridge.yaml')
const database = join(folder, 'data', 'bleeps.sqlite')
const WORD = 'ZEBEDEE'
const hex = (text: string) => Buffer.from(text).toString('hex')

function bleepd(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['src/bleepd.js', ...args, '--config', file],
    { env: { ...process.env, SUDO_USER: 'jane' }, encoding: 'utf8' },
  )
  return { status, stderr, stdout, json: () => JSON.parse(stdout) }
}
/** Files under a folder in which the word stands, plainly or as captured bytes. */
function holding(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .filter((one) => {
      const bytes = readFileSync(one)
      return bytes.includes(WORD) || bytes.includes(hex(WORD))
    })
}

test('words erased on request leave database, log, captures and copies, and stay erased in a restored copy', async () => {
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: database },
      feeds: [],
      backup: { folder: join(folder, 'copies') },
      capture: { folder: join(folder, 'captures') },
    }),
  )
  for (const one of ['data', 'captures', 'aside']) mkdirSync(join(folder, one))
  const at = Date.now() - 3 * 86_400_000
  const store = await openSqlite(database)
  const page = { ...aBleep('b1').page, text: `MR ${WORD} WARD 7B`, firstByte: at, lastByte: at + 400 }
  await store.transact(async (tx) => {
    for (const [id, text] of [
      ['b1', page.text],
      ['b2', 'MRS BROWN'],
    ] as const) {
      const own = { ...page, text }
      const received = id === 'b1' ? at + 500 : at + 60_500
      await tx.bleeps.add(aBleep(id, { page: own, stage: 'routed', received }))
      await tx.bleeps.sight({
        ...{ id: asId(`s-${id}`), bleep: asId(id), feed: asId('air'), tap: 't', node: asId('n') },
        ...{ page: own, begun: at, reason: 'first-sighting' },
      })
    }
    const note = { kind: 'note' as const, text: `${WORD} IS WORSE` }
    const by = { kind: 'switchboard', operator: 'op' } as const
    await tx.alerts.add(
      anAlert('a1', 'b1', { phase: 'closed', raised: at, thread: [{ at, by: 'switchboard', ...note }] }),
      [{ kind: 'said', at, by, said: note }],
    )
    await tx.notes.set('facts-until', Date.now(), Date.now())
  })
  while ((await indexSome(store, Date.now())) > 0);
  await store.close()
  const line = (when: number, text: string) => `${JSON.stringify({ at: when, wire: 'a', in: hex(text) })}\n`
  writeFileSync(
    join(folder, 'captures', 'air.20261127T000000000Z.capture.jsonl'),
    line(at - 60_000, 'MR ANOTHER') + line(at + 100, `MR ${WORD} WARD 7B`) + line(at + 60_000, 'LATER'),
  )

  expect(bleepd(['backup']).status).toBe(0)
  const [copy = ''] = readdirSync(join(folder, 'copies')).filter((one) => one.endsWith('.sqlite'))
  for (const one of [copy, copy.replace('.sqlite', '.json')])
    copyFileSync(join(folder, 'copies', one), join(folder, 'aside', one))
  expect(holding(folder)).toHaveLength(4)

  const planned = bleepd(['subject', 'erase', '--bleep', 'b1', '--reason', 'IG-1'])
  const done = bleepd(['subject', 'erase', '--do', planned.json().id])
  expect(done.json()).toMatchObject({ state: 'done', erased: 1 })
  expect([...holding(join(folder, 'data')), ...holding(join(folder, 'captures'))]).toEqual([])
  const captured = readFileSync(join(folder, 'captures', 'air.20261127T000000000Z.capture.jsonl'), 'utf8')
  expect(captured).toContain(hex('MR ANOTHER'))
  expect(captured).toContain(hex('LATER'))

  // The daemon does this by itself; the command does it as well.
  const drilled = bleepd(['drill', 'restore'])
  expect(drilled.status, drilled.stderr).toBe(0)
  expect(drilled.json()).toMatchObject({ good: true, counts: { bleeps: 2, erasedAgain: 0 } })
  expect(drilled.stderr).toContain('too: 1')
  expect(holding(join(folder, 'copies'))).toEqual([])
  expect(bleepd(['restore', '--check', join(folder, 'copies', copy)]).json()).toMatchObject({ good: true })

  // A copy that was taken away before comes back.
  renameSync(database, join(folder, 'old.sqlite'))
  for (const ending of ['-wal', '-shm']) rmSync(`${database}${ending}`, { force: true })
  const restored = bleepd(['restore', join(folder, 'aside', copy)])
  expect(restored.status, restored.stderr).toBe(0)
  expect(restored.stderr).toContain('Erased again in it')
  expect(holding(join(folder, 'data'))).toEqual([])
  const found = bleepd(['subject', 'find', '--text', 'brown', '--reason', 'check'])
  expect(found.stdout).toContain('"b2"')
})

test('a drill of a copy that was spoilt fails and says so', () => {
  const copies = join(folder, 'copies')
  const [copy = ''] = readdirSync(copies).filter((one) => one.endsWith('.sqlite'))
  const bytes = readFileSync(join(copies, copy))
  bytes.fill(7, bytes.length - 2000)
  writeFileSync(join(copies, copy), bytes)
  const drilled = bleepd(['drill', 'restore'])
  expect(drilled.status).toBe(1)
  expect(drilled.json()).toMatchObject({ good: false })
  expect(drilled.stderr).toContain('drill-failed')
  expect(readdirSync(copies).filter((one) => one.startsWith('drill-'))).toEqual([])
})
