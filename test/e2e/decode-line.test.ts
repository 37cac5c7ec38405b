import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { main } from '../../src/main.ts'
import { removeFolder } from '../support/folders.ts'
import { hex } from '../support/score.ts'

const bleepd = fileURLToPath(new URL('../../src/bleepd.js', import.meta.url))

/** Runs the command line as a shell would. */
function run(
  args: readonly string[],
  input: Uint8Array | string = '',
): { code: number | null; out: Buffer; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bleepd, ...args], { input })
  return { code: status, out: stdout, err: stderr.toString() }
}

function objects(out: Buffer): unknown[] {
  return out
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}

const SELECT = hex('04 31 05 32 05')
const CALL = hex(
  '01 31 02 31 1F 31 32 33 34 1E 32 1F 43 41 4C 4C 20 35 36 37 38 1E 33 1F 31 1E 34 1F 33 1E 35 1F 31 1E 36 1F 33 03 03',
)
const SHOWN = {
  header: '1',
  callAddress: '1234',
  displayMessage: 'CALL 5678',
  beepCoding: '1',
  callType: '3',
  numberOfTransmissions: '1',
  priority: '3',
}

test('espa444 with our answers between the pages, in order', () => {
  const { code, out } = run(
    ['decode', '--as', 'espa444', '--replies', '-'],
    Buffer.concat([SELECT, CALL, hex('04')]),
  )
  expect(objects(out)).toEqual([{ reply: '06' }, SHOWN, { reply: '06' }])
  expect(code).toBe(0)
})

test('espa444 from a file, one direction of a tap, another address', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bleep-decode-'))
  try {
    const file = join(folder, 'capture')
    writeFileSync(file, Buffer.concat([hex('04 31 05 33 05'), CALL, hex('04')]))
    expect(objects(run(['decode', '--as', 'espa444', file]).out)).toEqual([])
    expect(objects(run(['decode', '--as=espa444', '--address', '3', file]).out)).toEqual([SHOWN])
    const tap = run([
      'decode',
      '--as',
      'espa444',
      '--from',
      'switchboard',
      '--address',
      '3',
      '--replies',
      file,
    ])
    expect(objects(tap.out)).toEqual([SHOWN])
  } finally {
    removeFolder(folder)
  }
})

test('records outside the publication are under other; a status block is printed too', () => {
  const dialect = run(
    ['encode', '--as', 'espa444'],
    '{"callAddress":"01","other":{"D":"007"}}\n{"header":"2","systemStatus":"1"}\n',
  )
  expect(objects(run(['decode', '--as', 'espa444'], dialect.out).out)).toEqual([
    { header: '1', callAddress: '01', other: { D: '007' } },
    { header: '2', systemStatus: '1' },
  ])
})

test('a capture that ends inside a block is refused as the quiet line would be, and the loss is told', () => {
  const { code, out, err } = run(
    ['decode', '--as', 'espa444', '--replies'],
    Buffer.concat([SELECT, CALL.subarray(0, 9)]),
  )
  expect(objects(out)).toEqual([{ reply: '06' }, { reply: '3115' }])
  expect(err).toContain('frame-interrupted')
  expect(code).toBe(0)
})

test('tap: pages, further fields, and answers as text a person can read in hexadecimal', () => {
  const session = run(
    ['encode', '--as', 'tap'],
    '{"pagerId":"0028","message":"ONE","fields":["TWO","THREE"]}\n',
  )
  const { out } = run(['decode', '--as', 'tap', '--replies'], session.out)
  const [prompt, welcome, page, accepted, goodbye] = objects(out)
  expect(page).toEqual({ pagerId: '0028', message: 'ONE', fields: ['TWO', 'THREE'] })
  const words = [prompt, welcome, accepted, goodbye].map((o) =>
    Buffer.from((o as { reply: string }).reply, 'hex').toString('latin1'),
  )
  expect(words).toEqual([
    'ID=',
    '110 1.8\r\x06\r\x1b[p\r',
    '211 Page accepted\r\x06\r',
    '115 Goodbye\r\x1b\x04\r',
  ])
})

test('tap: a damaged block gets its negative answer at the end of the capture', () => {
  const { out } = run(['decode', '--as', 'tap', '--replies'], '\x02123\rABD\r\x0317;\r')
  expect(objects(out)).toEqual([{ reply: Buffer.from('514 Checksum does not fit\r\x15\r').toString('hex') }])
})

test('snpp: page with its level', () => {
  const { out } = run(['decode', '--as', 'snpp'], 'LEVE 3\r\nPAGE 1234\r\nMESS Call 5678\r\nSEND\r\n')
  expect(objects(out)).toEqual([{ pagerId: '1234', message: 'Call 5678', level: '3' }])
})

test('snpp: what decode prints, encode sends, and every command of it is answered well', () => {
  const pages = [
    { pagerId: '1234', message: 'Call 5678', level: '3', alert: '1' },
    { pagerId: '55', message: ' two lines\n.with a dot\n\n' },
  ]
  const sent = run(['encode', '--as', 'snpp'], pages.map((p) => `${JSON.stringify(p)}\n`).join(''))
  expect(sent).toMatchObject({ code: 0, err: '' })
  const got = objects(run(['decode', '--as', 'snpp', '--replies'], sent.out).out)
  expect(got.filter((o) => !('reply' in (o as object)))).toEqual(pages)
  const replies = got.flatMap((o) => Object.entries(o as object)).filter(([key]) => key === 'reply')
  for (const [, reply] of replies) expect(Buffer.from(reply as string, 'hex').toString()).toMatch(/^[23]/)
})

test.each([
  { pagerId: 'with space', message: 'x' },
  { pagerId: '1', message: '' },
  { pagerId: '1', message: 'x', level: '3\r\nPAGE 2' },
  { pagerId: '1', message: 'x', nonsense: 'y' },
])('snpp: %j cannot be sent', (record) => {
  expect(run(['encode', '--as', 'snpp'], JSON.stringify(record))).toMatchObject({ code: 1 })
})

/** A command line run inside this process: enough for exit codes, and much quicker. */
async function exitCode(...args: string[]): Promise<number> {
  const streams = [process.stdout, process.stderr].map((s) => vi.spyOn(s, 'write').mockReturnValue(true))
  try {
    return await main(args)
  } finally {
    for (const stream of streams) stream.mockRestore()
  }
}

test('exit codes: help 0, usage 64, a file that is not there 1', async () => {
  expect(await exitCode('decode', '--as', 'espa444', '--help')).toBe(0)
  expect(await exitCode('decode', '--help')).toBe(0)
  expect(await exitCode('encode', '--help')).toBe(0)
  expect(await exitCode('decode', '--as', 'morse')).toBe(64)
  expect(await exitCode('decode')).toBe(64)
  expect(await exitCode('encode', '--as', 'records')).toBe(64)
  expect(await exitCode('decode', '--as', 'tap', '--address', '3')).toBe(64)
  expect(await exitCode('decode', '--as', 'espa444', '--sideways')).toBe(64)
  expect(await exitCode('decode', '--as', 'espa444', '--from', 'heaven')).toBe(64)
  expect(await exitCode('decode', '--as', 'tap', '/no/such/file')).toBe(1)
  expect(run(['encode', '--as', 'tap'], 'not json\n')).toMatchObject({ code: 1 })
})
