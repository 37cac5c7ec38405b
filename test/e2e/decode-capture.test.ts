import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROTOCOLS } from '../../src/core/line/registry.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { rollingCapture } from '../../src/io/line/capture.ts'
import { removeFolder } from '../support/folders.ts'

const bleepd = new URL('../../src/bleepd.js', import.meta.url).pathname

test('a capture of the daemon decodes with its pauses, as the line was heard', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-decode-'))
  try {
    const capture = rollingCapture(
      { folder, feed: 'ward', maxBytes: 8000, segmentBytes: 2000 },
      () => undefined,
    )
    const at = Date.UTC(2026, 10, 22, 3, 0, 0)
    const heard = (text: string, after: number) => capture.bytes('in', 'a', Buffer.from(text), at + after)
    capture.event('opened', 'a', at)
    heard('A0012300AFIRST\r', 10)
    capture.bytes('out', 'a', Buffer.from('ignored'), at + 20)
    // The end of this one was lost; what comes seconds later is another record.
    heard('A0012301BSEC', 1000)
    heard('OND', 1100)
    heard('A0012302CTHIRD\r', 5000)
    await capture.close()
    const file = join(folder, readdirSync(folder)[0] ?? '')
    const out = spawnSync(process.execPath, [bleepd, 'decode', '--as', 'text', '--profile', 'scope', file])
    const shown = out.stdout
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(shown).toMatchObject([{ text: 'FIRST' }, { text: 'SECOND' }, { text: 'THIRD' }])
  } finally {
    removeFolder(folder)
  }
})

test('a capture of a radio feed decodes too: bits as they were heard, in pieces', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-decode-'))
  try {
    const { bits } = encodeTransmission([{ ric: 1_310_720, function: 3, type: 'alpha', text: 'TEST CALL' }])
    const capture = rollingCapture(
      { folder, feed: 'air', maxBytes: 80_000, segmentBytes: 20_000 },
      () => undefined,
    )
    const at = Date.UTC(2026, 10, 22, 3, 0, 0)
    capture.event('opened', 'a', at)
    for (let i = 0; i < bits.length; i += 7) capture.bytes('in', 'a', bits.subarray(i, i + 7), at + i)
    await capture.close()
    const file = join(folder, readdirSync(folder)[0] ?? '')
    const out = spawnSync(process.execPath, [bleepd, 'decode', '--as', 'pocsag', '--baud', '1200', file])
    expect(JSON.parse(out.stdout.toString('utf8'))).toMatchObject({ ric: 1_310_720, text: 'TEST CALL' })
    // Known by how it begins: under another name, and through a pipe.
    const renamed = join(folder, 'sent-to-the-maker.txt')
    copyFileSync(file, renamed)
    for (const [name, input] of [
      [renamed, ''],
      ['-', readFileSync(file)],
    ] as const) {
      const args = [bleepd, 'decode', '--as', 'pocsag', '--baud', '1200', name]
      expect(spawnSync(process.execPath, args, { input }).stdout.toString('utf8')).toContain('TEST CALL')
    }
  } finally {
    removeFolder(folder)
  }
})

const TAP = '\r\x1bPG1\r\x022201\rFIRE ZONE 3\r\x033;9\r\x04\r'

const CAPTURES = [
  ['snpp', [], 'PAGE 2201\r\nMESS FIRE ZONE 3\r\nSEND\r\n', 'FIRE ZONE 3'],
  ['espa444', [], '\x011\x021\x1f2201\x1e2\x1fFIRE ZONE 3\x03', 'FIRE ZONE 3'],
  ['text', ['--profile', 'comp2'], '2201A\rFIRE ZONE 3\r', 'FIRE ZONE 3'],
  [
    'records',
    ['--profile', 'meridian-cdr'],
    'L 004 00 7001 7002 06/28 11:16:21 00:00:30.5\r\n',
    '"from":"7001","to":"7002"',
  ],
  ['tap', [], TAP, 'FIRE ZONE 3'],
] as const

test('each protocol there is has its capture here', () => {
  expect(['pocsag', ...CAPTURES.map(([protocol]) => protocol)].toSorted()).toEqual(
    [...PROTOCOLS.keys()].toSorted(),
  )
})

test.each(CAPTURES)(
  'a capture of %s gives what its bytes give, in pieces of three',
  async (protocol, more, bytes, told) => {
    const folder = mkdtempSync(join(tmpdir(), 'bleepd-decode-'))
    try {
      const heard = Buffer.from(protocol === 'espa444' ? withCheck(bytes) : bytes, 'latin1')
      const capture = rollingCapture(
        { folder, feed: 'line', maxBytes: 80_000, segmentBytes: 20_000 },
        () => undefined,
      )
      const at = Date.UTC(2026, 10, 22, 3, 0, 0)
      capture.event('opened', 'a', at)
      for (let i = 0; i < heard.length; i += 3) capture.bytes('in', 'a', heard.subarray(i, i + 3), at + i)
      await capture.close()
      const file = join(folder, readdirSync(folder)[0] ?? '')
      const decoded = (from: string, input?: Buffer) =>
        spawnSync(process.execPath, [bleepd, 'decode', '--as', protocol, ...more, from], {
          input,
        }).stdout.toString()
      expect(decoded(file)).toContain(told)
      expect(decoded(file)).toBe(decoded('-', heard))
    } finally {
      removeFolder(folder)
    }
  },
)

/** The block check of ESPA 4.4.4: exclusive or of all behind SOH. */
function withCheck(block: string): string {
  let check = 0
  for (const byte of Buffer.from(block.slice(1), 'latin1')) check ^= byte
  return block + String.fromCharCode(check & 0x7f)
}
