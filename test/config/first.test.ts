import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { type Answers, answersSchema, type FoundLine } from '../../src/config/first/answers.ts'
import { firstBridge } from '../../src/config/first/bridge.ts'
import { vapidPair } from '../../src/config/first/keys.ts'
import { firstSite } from '../../src/config/first/site.ts'
import { loadWhole } from '../../src/config/whole.ts'

const ANSWERS: Answers = {
  ...{ trust: `St "Osyn's", and others: a trust`, hospital: '#1 [Ysbyty] – Glân' },
  ...{ address: 'bleeps.example.nhs.uk', port: 8443, contact: 'bleeps@example.nhs.uk', operator: 'anna' },
}

/** The files as `bleepd init` leaves them, with a certificate that is still awaited. */
function written(answers: Answers, lines: readonly FoundLine[]) {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-first-'))
  const { publicKey, privateKey } = vapidPair()
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { mode: 0o600 })
  }
  put('bridge.yaml', firstBridge(answers, lines, publicKey, { data: join(folder, 'data'), certified: false }))
  for (const [path, text] of firstSite(answers)) put(`site/${path}`, text)
  const KEY = 'k'.repeat(43)
  for (const name of ['session', `operator-${answers.operator}`, 'operator-switchboard'])
    put(`secrets/${name}.key`, KEY)
  put('secrets/vapid.key', privateKey)
  return loadWhole(join(folder, 'bridge.yaml'), Date.UTC(2026, 10, 30))
}

test('the first files say what was answered, whatever signs are in it, and are good', () => {
  const whole = written(ANSWERS, [])
  if (!whole.ok) throw new Error(JSON.stringify(whole.fault))
  expect(whole.value.site).toMatchObject({ name: ANSWERS.trust, numbers: [{ number: '9000' }] })
  expect([...whole.value.site.hospitals.values()]).toEqual([ANSWERS.hospital])
  expect(whole.value.feeds).toEqual([])
  // The certificate is all that is missing.
  expect(whole.value.doubts.map(({ code }) => code)).toEqual(['certificate-bad', 'operator-keys'])
})

test('a line that the doctor knew is a feed; one that said nothing is written down and left out', () => {
  const whole = written(ANSWERS, [
    { id: 'line-1', path: '/dev/ttyUSB0', profile: 'espa444-tap' },
    { id: 'line-2', path: '192.0.2.10:4001', profile: 'scope' },
    { id: 'line-3', path: '/dev/ttyUSB1' },
  ])
  if (!whole.ok) throw new Error(JSON.stringify(whole.fault))
  expect(whole.value.config.feeds.map(({ id, port }) => [id, port])).toEqual([
    ['line-1', { kind: 'serial', path: '/dev/ttyUSB0' }],
    ['line-2', { kind: 'tcp', host: '192.0.2.10', port: 4001 }],
  ])
})

test.each([
  ['a trust of two lines', { trust: 'a\nb' }],
  ['an address with a path', { address: 'bleeps.example/x' }],
  ['an operator that is a path', { operator: '../x' }],
  ['no mail address', { contact: 'bleeps' }],
  ['no port', { port: Number.NaN }],
])('an answer that no file may hold is refused: %s', (_, answer) => {
  expect(answersSchema.safeParse({ ...ANSWERS, ...answer }).success).toBe(false)
})

test('a pair is 65 and 32 bytes, however many zeros its scalar begins with', () => {
  for (let i = 0; i < 600; i++) {
    const { publicKey, privateKey } = vapidPair()
    expect([publicKey.length, privateKey.length]).toEqual([87, 43])
  }
})
