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
import { asId, type BleepId } from '../../src/core/ids.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { keyFolder } from '../../src/io/store/word-key-folder.ts'
import { indexSome } from '../../src/run/keep/search-index.ts'
import { aBleep, anAlert } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'

/* Words stand sealed in database and copies; erasing a bleep destroys its key, and so reaches copies that nobody can reach. */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-sealed-'))
afterAll(() => removeFolder(folder))
const file = join(folder, 'bridge.yaml')
const database = join(folder, 'data', 'bleeps.sqlite')
const WORD = 'ZEBEDEE'
const SITE_KEY = 'the key of this site, thirty-two characters or more'
const DAYS = 86_400_000

const keysNow = (siteKey = SITE_KEY) =>
  keyFolder({ folder: join(folder, 'data', 'word-keys'), siteKey, former: [], now: Date.now() }, false)
function bleepd(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['src/bleepd.js', ...args, '--config', file],
    { encoding: 'utf8' },
  )
  return { status, stderr, stdout, json: () => JSON.parse(stdout) }
}
const holding = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .filter((one) => readFileSync(one).includes(WORD) || readFileSync(one).includes(WORD.toLowerCase()))

test('an erased bleep cannot be read from a copy that was carried away, even with every key there is', async () => {
  for (const one of ['data', 'aside']) mkdirSync(join(folder, one))
  writeFileSync(join(folder, 'site-key'), SITE_KEY)
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: database },
      feeds: [],
      backup: { folder: join(folder, 'copies') },
      encryption: { siteKey: `file:${join(folder, 'site-key')}` },
    }),
  )
  const giving = await keyFolder(
    { folder: join(folder, 'data', 'word-keys'), siteKey: SITE_KEY, former: [], now: Date.now() },
    true,
  )
  const store = await openSqlite(database, giving)
  const at = Date.now() - 3 * DAYS
  await store.transact(async (tx) => {
    for (const [i, [id, text]] of [
      ['b1', `MR ${WORD} 943 476 5919`],
      ['b2', `MRS BROWN NEXT TO ${WORD}`],
    ].entries()) {
      const page = { ...aBleep('x').page, text: text ?? '', firstByte: at, lastByte: at + 400 }
      await tx.bleeps.add(aBleep(id ?? '', { page, stage: 'routed', received: at + i * 60_000 }))
      await tx.bleeps.sight({
        ...{ id: asId(`s-${id}`), bleep: asId(id ?? ''), feed: asId('air'), tap: 't', node: asId('n') },
        ...{ page, begun: at, reason: 'first-sighting' },
      })
    }
    const note = { kind: 'note' as const, text: `${WORD} IS WORSE` }
    const by = { kind: 'switchboard', operator: 'op' } as const
    await tx.alerts.add(
      anAlert('a1', 'b1', { phase: 'closed', raised: at, thread: [{ at, by: 'switchboard', ...note }] }),
      [{ kind: 'said', at, by, said: note }],
    )
    await tx.words.noteUse(Date.now(), 0)
    await tx.notes.set('facts-until', Date.now(), Date.now())
  })
  while ((await indexSome(store, Date.now())) > 0);
  const [patient = ''] = await store.rows(async (tx) =>
    (await tx.selectFrom('subject_bleeps').select('subject').execute()).map(({ subject }) => subject),
  )
  await store.close()
  await giving.close()

  // Nobody reads a word from the disk, the index of words and the copies included.
  expect(bleepd(['backup']).status).toBe(0)
  expect(holding(folder)).toEqual([])
  const seen = bleepd(['subject', 'find', '--text', WORD, '--reason', 'check'])
  for (const id of ['"b1"', '"b2"']) expect(seen.stdout).toContain(id)

  const [copy = ''] = readdirSync(join(folder, 'copies')).filter((one) => one.endsWith('.sqlite'))
  for (const one of [copy, copy.replace('.sqlite', '.json')])
    copyFileSync(join(folder, 'copies', one), join(folder, 'aside', one))
  const textsIn = async (path: string, siteKey = SITE_KEY) => {
    const open = join(folder, 'look.sqlite')
    copyFileSync(path, open)
    const keys = await keysNow(siteKey)
    const looked = await openSqlite(open, keys)
    try {
      return await looked.transact(async (tx) => {
        const ids = ['b1', 'b2'].map((id) => asId<BleepId>(id))
        const bleeps = await Promise.all(ids.map((id) => tx.bleeps.get(id)))
        const readings = await tx.bleeps.sightingsOf(ids)
        const alert = await tx.alerts.byBleep(asId('b1'))
        return [
          ...bleeps.map((b) => b?.page.text),
          ...readings.map((r) => r.page.text),
          alert?.thread[0]?.text,
        ]
      })
    } finally {
      await looked.close()
      await keys.close()
      for (const ending of ['', '-wal', '-shm']) rmSync(open + ending, { force: true })
    }
  }
  const [one, two] = [`MR ${WORD} 943 476 5919`, `MRS BROWN NEXT TO ${WORD}`]
  expect(await textsIn(join(folder, 'aside', copy))).toEqual([one, two, one, two, `${WORD} IS WORSE`])
  for (const text of await textsIn(join(folder, 'aside', copy), 'another key'))
    expect(text).toContain('key is missing')

  const planned = bleepd(['subject', 'erase', '--bleep', 'b1', '--reason', 'IG-1'])
  expect(bleepd(['subject', 'erase', '--do', planned.json().id]).json()).toMatchObject({ state: 'done' })
  expect(await textsIn(join(folder, 'aside', copy))).toEqual(['', two, '', two, ''])

  const after = await keysNow()
  expect(after.get(patient)).toBe('destroyed')
  await after.close()

  // It comes back as a database, and so it stays.
  renameSync(database, join(folder, 'old.sqlite'))
  for (const ending of ['-wal', '-shm']) rmSync(`${database}${ending}`, { force: true })
  const restored = bleepd(['restore', join(folder, 'aside', copy)])
  expect(restored.status, restored.stderr).toBe(0)
  expect(holding(folder)).toEqual([])
  const found = bleepd(['subject', 'find', '--text', WORD, '--reason', 'check'])
  expect(found.stdout).toContain('"b2"')
  expect(found.stdout).not.toContain('"b1"')
})
