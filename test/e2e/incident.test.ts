import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { asId } from '../../src/core/ids.ts'
import { MINUTE } from '../../src/core/instant.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { aBleep, anAlert, anAttempt } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'

/* An incident pack by the command line, and the small tool that anybody can check it with. */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-incident-'))
afterAll(() => removeFolder(folder))
const file = join(folder, 'bridge.yaml')
const at = Date.UTC(2026, 10, 20, 3, 14, 10)
const OPERATOR = { kind: 'switchboard', operator: 'marigold' } as const

function run(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    ...{ env: { ...process.env, SUDO_USER: 'jane' }, encoding: 'utf8' },
  })
  return { status, stdout, stderr }
}
const pack = (name: string, ...more: string[]) =>
  run([
    'src/bleepd.js',
    'incident',
    'a1',
    '--reason',
    'SI-1',
    '--to',
    join(folder, name),
    ...more,
    '--config',
    file,
  ])
const lines = (name: string): Record<string, unknown>[] =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const check = (name: string, ...more: string[]) =>
  run(['config/check-incident.js', join(folder, name), ...more])

beforeAll(async () => {
  const database = join(folder, 'bleeps.sqlite')
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: database },
      feeds: [],
      capture: { folder: join(folder, 'captures') },
    }),
  )
  mkdirSync(join(folder, 'captures'))
  const heard = { at: at + 100, wire: 'a', in: Buffer.from('MR JONES').toString('hex') }
  writeFileSync(
    join(folder, 'captures', 'air.20261120T000000000Z.capture.jsonl'),
    `${JSON.stringify(heard)}\n`,
  )
  const store = await openSqlite(database)
  const page = { ...aBleep('b1').page, text: 'MR JONES 943 476 5919', firstByte: at, lastByte: at + 300 }
  const person = asId<never>('p003')
  const by = { kind: 'person', person } as const
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1', { page, stage: 'routed', received: at + 400 }))
    await tx.bleeps.sight({
      ...{ id: asId('s1'), bleep: asId('b1'), feed: asId('air'), tap: 'air', node: asId('n'), page },
      ...{ begun: at + 400, reason: 'first-sighting' },
    })
    await tx.alerts.add(
      anAlert('a1', 'b1', {
        ...{ phase: 'closed', raised: at + 500, closed: { at: at + 3 * MINUTE, by: 'switchboard' } as never },
        responders: {
          [person]: {
            person,
            roles: ['med-reg'],
            state: 'coming',
            asked: at,
            rung: at,
            path: 0,
            since: at,
            changed: 1,
          },
        } as never,
      }),
      [
        { kind: 'raised', at: at + 500 },
        { kind: 'answered', at: at + MINUTE, by, person, answer: 'accepted', version: 1 },
        {
          kind: 'said',
          at: at + MINUTE + 1,
          by: OPERATOR,
          said: { kind: 'note', text: 'HIS WIFE SAYS WORSE' },
        },
        { kind: 'closed', at: at + MINUTE + 2, by: OPERATOR, version: 2, note: 'JONES MOVED' },
      ],
    )
    await tx.attempts.add([anAttempt('t1', 'a1', { person, created: at + 600 })])
    await tx.hops.stamp([
      {
        bleep: asId('b1'),
        alert: asId('a1'),
        hop: 'presented',
        at: at + 5000,
        clock: 'ours',
        person,
        device: asId('d1'),
      },
    ])
    await tx.audit.append({
      at: at + 2 * MINUTE,
      actor: 'sam',
      action: 'alert.read',
      subject: 'a1',
      outcome: 'done',
    })
  })
  await store.close()
})

test('people are their roles, words are left out, and each minute says what phones had and who looked', () => {
  const made = pack('plain.jsonl')
  expect(made.status, made.stderr).toBe(0)
  const all = lines('plain.jsonl')
  expect(all[0]).toMatchObject({ sort: 'head', alert: 'a1', names: false, reason: 'SI-1' })
  const text = readFileSync(join(folder, 'plain.jsonl'), 'utf8')
  expect(text).not.toMatch(/943 476|p003|"bytes"|JONES|WORSE|marigold/)
  expect(text).toContain('left out, words: 5')
  expect(readFileSync(join(folder, 'plain.jsonl.html'), 'utf8')).not.toMatch(/JONES|WORSE|marigold/)
  const minutes = all.filter(({ sort }) => sort === 'minute')
  expect(minutes.map(({ minute }) => minute)).toEqual([
    ...['2026-11-20T03:14:00.000Z', '2026-11-20T03:15:00.000Z', '2026-11-20T03:16:00.000Z'],
  ])
  expect(minutes[0]).toMatchObject({ call: 'raised', phones: { d1: 'presented' }, board: [] })
  expect(minutes[2]).toMatchObject({ call: 'closed', board: ['console'] })
  expect(all.find(({ what }) => what === 'answered')).toMatchObject({
    roles: [expect.stringMatching(/reg/i)],
  })
  expect(statSync(join(folder, 'plain.jsonl')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, 'plain.jsonl.html'), 'utf8')).toContain('<h2>03:14:00</h2>')
  expect(check('plain.jsonl').stdout).toMatch(/^SOUND: \d+ records/)
})

test('with names: every word, and what was heard on the line as its capture holds it', () => {
  expect(pack('named.jsonl', '--names').status).toBe(0)
  const all = lines('named.jsonl')
  expect(all.find(({ sort }) => sort === 'bytes')).toMatchObject({
    feed: 'air',
    bytes: Buffer.from('MR JONES').toString('hex'),
  })
  expect(JSON.stringify(all)).toContain('943 476 5919')
  for (const word of ['p003', 'marigold', 'HIS WIFE SAYS WORSE']) expect(JSON.stringify(all)).toContain(word)
})

test('whatever is changed, put in, taken out, cut off or signed by another shows', () => {
  const whole = readFileSync(join(folder, 'plain.jsonl'), 'utf8').trimEnd().split('\n')
  const tampered: readonly (readonly [string, readonly string[]])[] = [
    ['changed', whole.map((line, i) => (i === 2 ? line.replace('03:14', '03:44') : line))],
    ['taken out', whole.filter((_, i) => i !== 3)],
    ['put in', [...whole.slice(0, 2), whole[1]!, ...whole.slice(2)]],
    ['cut off', whole.slice(0, -1)],
    ['end changed', [...whole.slice(0, -1), whole.at(-1)!.replace(/"signature":"../, '"signature":"AA')]],
  ]
  for (const [what, some] of tampered) {
    writeFileSync(join(folder, 'bad.jsonl'), `${some.join('\n')}\n`)
    const said = check('bad.jsonl')
    expect(said.status, what).toBe(1)
    expect(said.stderr, what).toContain('NOT SOUND')
  }
  const key = String(lines('plain.jsonl').at(-1)?.key)
  expect(check('plain.jsonl', key).status).toBe(0)
  expect(check('plain.jsonl', 'another').status).toBe(1)
})

test('the key is made once and kept by its owner alone; a call that is not there is refused', () => {
  expect(statSync(join(folder, 'signing-key.pem')).mode & 0o777).toBe(0o600)
  expect(lines('plain.jsonl').at(-1)?.key).toBe(lines('named.jsonl').at(-1)?.key)
  const none = run([
    'src/bleepd.js',
    'incident',
    'zz',
    '--reason',
    'SI-1',
    '--to',
    join(folder, 'x'),
    '--config',
    file,
  ])
  expect(none.status).toBe(1)
  expect(none.stderr).toContain('bleep-unknown')
})
