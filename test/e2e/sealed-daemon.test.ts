import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { openPty } from '../../hardware/simulators/pty.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { captureReader } from '../../src/io/line/capture-read.ts'
import { captureKeys } from '../../src/io/store/capture-keys.ts'
import { openSqlite, openSqliteBeside } from '../../src/io/store/open.ts'
import { keyFolder } from '../../src/io/store/word-key-folder.ts'
import type { Store } from '../../src/ports/store.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'
import { runDaemon, statusOf } from '../support/real-daemon.ts'

/*
 * The daemon with `encryption` set: nothing of a patient, of a caller or of an operator's name is to be read from any of
 * its files while it runs; after an erasure not even with every key there is, from copies that were carried away either.
 */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-sealed-run-'))
const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  removeFolder(folder)
})

const [TOKEN, GOVERNANCE] = ['switchboard-e2e-operator', 'governance-e2e-operator']
const OPERATOR = 'marigold'
const SITE_KEY = 'the key of this site, thirty-two characters or more'
const NHS = '9434765919'
const [WORD, OTHER] = ['ZEBEDEE', 'ARMITAGE']
const at = (...parts: string[]) => join(folder, ...parts)
const file = at('bridge.yaml')
const database = at('data', 'bleeps.sqlite')
const environment = { ...process.env, TOKEN, GOVERNANCE, BLEEPD_CONFIG: file }

function bleepd(args: readonly string[]) {
  const done = spawnSync(process.execPath, ['src/bleepd.js', ...args], { env: environment, encoding: 'utf8' })
  return { ...done, json: () => JSON.parse(done.stdout) }
}
const until = <T>(look: () => T | Promise<T>) => expect.poll(look, { interval: 100 })
const keysNow = () =>
  keyFolder({ folder: at('data', 'word-keys'), siteKey: SITE_KEY, former: [], now: Date.now() }, false)
/** Beside the daemon, with every key there is. */
async function looked<T>(work: (store: Store) => Promise<T>, path = database): Promise<T> {
  const keys = await keysNow()
  const store = await (path === database ? openSqliteBeside(path, keys) : openSqlite(path, keys))
  try {
    return await work(store)
  } finally {
    await store.close()
    await keys.close()
  }
}
async function heard(captures: string): Promise<string> {
  const keys = await keysNow()
  const spans = [{ feed: 'air', from: 0, to: Number.MAX_SAFE_INTEGER }]
  const lines = await captureReader(captures, captureKeys(keys))(spans)
  await keys.close()
  return lines.map(({ bytes }) => Buffer.from(bytes, 'hex').toString('latin1')).join('')
}
/** Files in which one of these stands: as letters, as their digits, or in the lower case of the index. */
function holding(path: string, ...texts: readonly string[]): string[] {
  const forms = texts.flatMap((text) => [text, text.toLowerCase(), Buffer.from(text).toString('hex')])
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .filter((one) => {
      const bytes = readFileSync(one)
      return forms.some((form) => bytes.includes(form))
    })
}

test('no file of a running daemon holds a word or a name, and what was erased is nowhere', async () => {
  for (const one of ['data', 'aside', 'logs']) mkdirSync(at(one))
  const line = openPty()
  closers.push(line.close)
  const port = await ownPort()
  writeFileSync(at('data', 'site-key'), SITE_KEY)
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: database },
      feeds: [
        {
          ...{ id: 'air', profile: 'pocsag-packed', port: { kind: 'serial', path: line.path } },
          options: { baud: 2400 },
        },
      ],
      http: {
        port,
        operators: [
          { name: OPERATOR, role: 'switchboard', token: 'env:TOKEN' },
          { name: 'hollyhock', role: 'governance', token: 'env:GOVERNANCE' },
        ],
      },
      backup: { folder: at('copies') },
      capture: { folder: at('captures') },
      encryption: { siteKey: `file:${at('data', 'site-key')}` },
    }),
  )
  const url = `http://localhost:${port}`
  const begin = async () => {
    const daemon = runDaemon(file, closers, environment)
    await until(() => statusOf(`${url}/readyz`)).toBe(200)
    return daemon
  }
  const first = await begin()
  const api = async (path: string, body?: object) => {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${path.startsWith('subjects') ? GOVERNANCE : TOKEN}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: JSON.parse(await answer.text()) }
  }

  // Two calls in one transmission: in the capture they stand under one key.
  const alpha = { function: 3, type: 'alpha' } as const
  line.write(
    encodeTransmission([
      { ...alpha, ric: 1_311_040, text: `MR ${WORD} ${NHS} FELL` },
      { ...alpha, ric: 1_311_048, text: `MRS ${OTHER} CALL 70123` },
    ]).bits,
  )
  const texts = (path = database) =>
    looked(async (store) => {
      const bleeps = await store.transact((tx) => tx.bleeps.page({ at: 0, id: '' }, Date.now() + 1000, 9))
      return bleeps.map(({ id, page }) => ({ id, text: page.text }))
    }, path)
  await until(async () => (await texts()).length).toBe(2)
  const [one, two] = await texts()
  await until(async () => (await api('alerts?phase=open')).body.alerts?.length).toBe(2)
  for (const { id, version } of (await api('alerts?phase=open')).body.alerts)
    expect(
      await api(`alerts/${id}/actions`, { action: 'close', version, note: 'PATIENT MOVED' }),
    ).toMatchObject({
      status: 200,
    })
  expect(
    (
      await api('subjects/find', {
        ...{ text: WORD, reason: 'IG-1' },
        ...{ from: '2026-01-01T00:00:00Z', to: '2036-01-01T00:00:00Z' },
      })
    ).status,
  ).toBeLessThan(300)
  first.child.kill('SIGTERM')
  expect(await first.exit).toBe(0)
  const { child, exit, log } = await begin()
  // The first names its patient: from the next look on it stands under the key of that patient as well.
  const keyOf = (id?: string) => {
    const raw = new DatabaseSync(database, { readOnly: true })
    const row = raw.prepare('select key from bleeps where id = ?').get(id ?? '')
    raw.close()
    return String(row?.key)
  }
  await until(() => keyOf(one?.id)).toContain('+')
  expect(keyOf(two?.id)).not.toContain('+')
  const patient = keyOf(one?.id).split('+')[1] ?? ''
  expect(bleepd(['backup']).status).toBe(0)

  // While it runs: database, its log, index, captures, copies and what it said.
  const everything = [WORD, OTHER, NHS, OPERATOR, 'hollyhock']
  const clear = () => holding(folder, ...everything).filter((path) => !path.endsWith('bridge.yaml'))
  await until(clear).toEqual([])
  expect(first.log() + log()).not.toMatch(/ZEBEDEE|ARMITAGE|9434765919/)
  expect([await texts(), await heard(at('captures'))]).toEqual([
    [expect.objectContaining({ text: expect.stringContaining(WORD) }), expect.anything()],
    expect.anything(),
  ])

  // Somebody carries it all away, but for the keys.
  for (const one of ['copies', 'captures']) cpSync(at(one), at('aside', one), { recursive: true })
  // The daemon makes one by itself as it starts: the newest has the calls.
  const copy =
    readdirSync(at('aside', 'copies'))
      .filter((name) => name.endsWith('.sqlite'))
      .toSorted()
      .at(-1) ?? ''
  const away = at('aside', 'copies', copy)
  const heardThen = await heard(at('aside', 'captures'))
  expect(heardThen.length).toBeGreaterThan(100)

  // Half an hour later, as far as the figures are concerned; then the first call is erased by the daemon.
  await looked((store) => store.transact((tx) => tx.notes.set('facts-until', Date.now() + 1000, Date.now())))
  const planned = await api('subjects/erasures', { bleeps: [one?.id], reason: 'IG-1' })
  const done = await api(`subjects/erasures/${planned.body.id}/do`, {})
  expect([planned.status, done.body]).toMatchObject([expect.any(Number), { state: 'done', erased: 1 }])
  expect(await texts()).toEqual([{ id: one?.id, text: '' }, two])
  expect(await texts(away)).toEqual([{ id: one?.id, text: '' }, two])
  // Bytes of both calls came in one piece, and stood under one key: both are gone, here and in what was carried away.
  expect(await heard(at('aside', 'captures'))).toBe('')
  const after = await keysNow()
  expect(after.get(patient)).toBe('destroyed')
  await after.close()
  await until(clear).toEqual([])

  child.kill('SIGTERM')
  expect(await exit).toBe(0)
  expect(clear()).toEqual([])
  // Whatever the site exports of it holds nothing of the erased call either.
  const exported = bleepd(['subject', 'copy', '--text', OTHER, '--reason', 'IG-2'])
  expect(exported.stdout).toContain(OTHER)
  expect(exported.stdout).not.toContain(WORD)
  expect(bleepd(['audit', '--verify']).json()).toMatchObject({ sound: true })

  // The keys are lost: told, and nothing else stops.
  renameSync(at('data', 'word-keys'), at('aside', 'word-keys'))
  const blind = bleepd(['subject', 'find', '--text', OTHER, '--reason', 'IG-3'])
  expect(blind.stdout).not.toContain(OTHER)
  expect(bleepd(['audit', '--verify']).json()).toMatchObject({ sound: true, unread: expect.any(Number) })
}, 300_000)
