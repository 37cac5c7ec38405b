import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { removeFolder } from '../support/folders.ts'

const bleepd = fileURLToPath(new URL('../../src/bleepd.js', import.meta.url))
const offAir = (baud: number) =>
  fileURLToPath(new URL(`../golden/pocsag/offair-${baud}.wav`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bleepd-pocsag-'))
afterAll(() => removeFolder(folder))

function run(command: 'decode' | 'encode', args: readonly string[], input: string | Uint8Array = '') {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [bleepd, command, '--as', 'pocsag', ...args],
    { input },
  )
  return { status, stdout, text: stdout.toString(), stderr: stderr.toString() }
}

const page = { ric: 1234560, function: 3, type: 'alpha', text: 'CARDIAC ARREST WARD 7B' }
const line = `${JSON.stringify(page)}\n`

test('a page is one JSON object a line, its keys in the order of the contract', () => {
  const { stdout } = run('encode', [], line)
  const decoded = run('decode', [], stdout)
  expect(decoded.text).toBe(
    '{"ric":1234560,"function":3,"type":"alpha","text":"CARDIAC ARREST WARD 7B","quality":"clean","corrected":0,"baud":1200,"addressBit":608,"endBit":896,"emittedBit":928}\n',
  )
  expect(decoded.status).toBe(0)
  expect(decoded.stderr).toBe('')
})

test('--replies is taken as for every protocol; a transmission has none', () => {
  const { stdout } = run('encode', [], line)
  expect(run('decode', ['--replies', '-'], stdout)).toMatchObject({
    status: 0,
    text: run('decode', ['-'], stdout).text,
  })
})

test('a .wav file is read as one, its rate found', () => {
  const { text } = run('decode', [offAir(2400)])
  expect(
    text
      .split('\n')
      .filter(Boolean)
      .map((l) => JSON.parse(l)),
  ).toMatchObject([{ ric: 1022869, function: 1, baud: 2400, quality: 'clean' }])
})

test.each([
  {
    name: 'oversampled',
    out: ['--output', 'oversampled', '--samples-per-bit', '4'],
    as: ['--samples-per-bit', '4'],
  },
  { name: 'pcm16', out: ['--output', 'pcm16', '--baud', '512'], as: ['--sample-rate', '22050'] },
  { name: 'wav', out: ['--output', 'wav', '--baud', '2400', '--snr', '3', '--invert'], as: [] },
])('$name goes round', ({ name, out, as }) => {
  const { stdout } = run('encode', out, line)
  const [got] = run('decode', ['--input', name, ...as, '-'], stdout).text.split('\n')
  expect(JSON.parse(got!)).toMatchObject(page)
})

test('pages go out in the order they are given, whatever their frames; packed, a short one fills a gap', () => {
  const rics = [15, 8, 23, 2000000, 9]
  const lines = rics.map((ric) => JSON.stringify({ ...page, ric })).join('\n')
  const back = (flags: readonly string[]): number[] =>
    run('decode', [], run('encode', flags, lines).stdout)
      .text.split('\n')
      .filter(Boolean)
      .map((l) => z.object({ ric: z.number() }).parse(JSON.parse(l)).ric)
  expect(back([])).toEqual(rics)
  const packed = back(['--pack'])
  expect(packed).not.toEqual(rics)
  expect(packed.toSorted()).toEqual(rics.toSorted())
})

test('a list of addresses gives types and marks strangers', () => {
  const rics = join(folder, 'rics.jsonl')
  writeFileSync(rics, '{"ric":16,"function":1,"type":"numeric"}\n\n')
  const { stdout } = run('encode', [], `${line}{"ric":16,"function":1,"type":"numeric","text":"4711"}\n`)
  const got = run('decode', ['--rics', rics], stdout).text.split('\n').filter(Boolean)
  expect(got.map((l) => JSON.parse(l))).toMatchObject([
    { ric: 1234560, unknownRic: true },
    { ric: 16, type: 'numeric', text: '4711' },
  ])
})

test('exit codes: help, usage, configuration, fault', () => {
  const bad = join(folder, 'bad.jsonl')
  writeFileSync(bad, '{"ric":16}\n{"ric":99999999}\n')
  expect(run('decode', ['--help']).status).toBe(0)
  expect(run('encode', ['--help']).text).toContain('--output')
  expect(run('decode', ['--baud', '300']).status).toBe(64)
  expect(run('decode', ['--charset', 'klingon']).status).toBe(64)
  expect(run('decode', ['a', 'b']).status).toBe(64)
  expect(run('decode', ['--rics', bad])).toMatchObject({
    status: 78,
    stderr: expect.stringContaining(`${bad}:2: ric`),
  })
  expect(run('decode', [join(folder, 'absent')]).status).toBe(1)
  expect(run('decode', ['--input', 'wav'], 'no audio at all').status).toBe(1)
  expect(run('encode', [], '{"ric":"x"}\n')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('line 1'),
  })
})

test('sound that gives no page says why, aside', () => {
  const at24 = run('encode', ['--output', 'pcm16', '--sample-rate', '24000'], line).stdout
  const wrong = run('decode', ['--input', 'pcm16'], at24)
  expect(wrong).toMatchObject({ status: 0, text: '' })
  expect(wrong.stderr).toMatch(/about 24000 samples a second — say --input pcm16 --sample-rate 24000/)
  const sound = run('encode', ['--output', 'pcm16'], line).stdout
  const upsideDown = run('decode', ['--input', 'pcm16', '--polarity', 'inverted'], sound)
  expect(upsideDown.stderr).toMatch(/upside down — leave out --polarity inverted/)
  expect(run('decode', ['--input', 'pcm16'], sound).stderr).toBe('')
})
