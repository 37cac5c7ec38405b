import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { systemClock } from '../../src/io/clock.ts'
import { systemRandom } from '../../src/io/random.ts'
import { ageSealer } from '../../src/io/seal/age.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { createRequests } from '../../src/run/keep/requests.ts'
import { aBleep, anAlert } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'
import { smallSite } from '../support/small-site.ts'

/* A request for a copy by the command line, from the first letter to the locked pack. */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-request-'))
afterAll(() => removeFolder(folder))
const file = join(folder, 'bridge.yaml')
const database = join(folder, 'bleeps.sqlite')

function bleepd(args: readonly string[], user = 'jane', input = '') {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['src/bleepd.js', 'subject', 'request', ...args, '--config', file],
    { input, env: { ...process.env, SUDO_USER: user }, encoding: 'utf8' },
  )
  return { status, stderr, json: () => JSON.parse(stdout) }
}

/** The second person, who is another user of the machine. */
async function approvedBy(actor: string, id: string) {
  const store = await openSqlite(database)
  const requests = createRequests({
    ...{ store, clock: systemClock(() => undefined), random: systemRandom, sealer: ageSealer },
    ...{ directory: () => buildDirectory(smallSite()), rules: { twoPeople: true } },
    ...{ ledger: undefined, captures: undefined },
  })
  try {
    return await requests.step(actor, id, { kind: 'approved' })
  } finally {
    await store.close()
  }
}

test('opened, proved, found, reviewed, approved by a second person, packed and opened again', async () => {
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: database },
      feeds: [],
      privacy: { requests: { twoPeople: true } },
    }),
  )
  const store = await openSqlite(database)
  const page = { ...aBleep('b1').page, text: 'MR JONES FELL, RING WIFE JANE ON 020 7946 0018' }
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1', { page, stage: 'routed' }))
    await tx.alerts.add(anAlert('a1', 'b1', { phase: 'closed' }), [{ kind: 'raised', at: 2000 }])
  })
  await store.close()

  const opened = bleepd(['open', '--kind', 'access', '--text', '-', '--reason', 'SAR-7'], 'jane', 'jones')
  expect(opened.status, opened.stderr).toBe(0)
  const { id } = opened.json()
  expect(bleepd(['find', id]).stderr).toContain('request-unverified')
  bleepd(['verify', id, '--how', 'identity-document'])
  expect(bleepd(['find', id]).json()).toMatchObject({ count: 1, items: [{ bleep: 'b1', undecided: 2 }] })
  bleepd(['decide', id, '--give', 'b1'])
  expect(bleepd(['approve', id]).stderr).toContain('request-second')
  const { places } = bleepd(['review', id, 'b1']).json()
  const named = places.map((one: { place: string }) => one.place)
  bleepd(['review', id, 'b1', '--hide', ...named, '--because', 'not theirs'])
  // Who somebody is, is not for the environment to say: nobody approves what they decided by another name.
  expect(bleepd(['approve', id], 'sam').stderr).toContain('request-second')
  expect(await approvedBy('cli:sam', id)).toMatchObject({ value: { state: 'approved' } })

  const to = join(folder, 'pack')
  mkdirSync(to)
  const packed = bleepd(['pack', id, '--to', to])
  expect(packed.status, packed.stderr).toBe(0)
  const passphrase = packed.stderr.trim().split(' ').at(-1) ?? ''
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  const path = join(to, 'data.html.age')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const html = await decrypter.decrypt(readFileSync(path), 'text')
  expect(html).toContain('MR JONES FELL, RING [relative or friend] ON [telephone number]')
  expect(html).not.toMatch(/JANE|7946/)
  expect(bleepd(['do', id]).json()).toMatchObject({ state: 'done' })
  expect(bleepd(['list']).json()).toMatchObject({ id, state: 'done' })
  expect(bleepd(['open', '--kind', 'access', '--reason', 'SAR-8']).status).toBe(64)
  expect(bleepd(['open', '--kind', 'nonsense', '--reason', 'SAR-8']).status).toBe(64)
})
