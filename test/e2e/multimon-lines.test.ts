import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toAudio } from '../../src/core/pocsag/audio.ts'
import { encodeTransmission, type OutgoingPage, placeTransmission } from '../../src/core/pocsag/encode.ts'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'

const RATE = 22_050
const bleepd = new URL('../../src/bleepd.js', import.meta.url).pathname

/** Half a second of plain carrier between transmissions, as samples. */
const pause = new Int16Array(RATE / 2)

function transmissions(...audio: Int16Array[]): Uint8Array {
  const parts = audio.flatMap((one) => [pause, one]).concat([pause])
  return Buffer.concat(parts.map((p) => Buffer.from(p.buffer, p.byteOffset, p.byteLength)))
}

function air(page: OutgoingPage): Int16Array {
  return toAudio(encodeTransmission([page], { padding: 'eot' }), 1200, RATE)
}

/** What multimon-ng prints for these samples, and what our profile makes of its lines. */
function hear(samples: Uint8Array, ...flags: string[]): unknown[] {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-air-'))
  try {
    const file = join(folder, 'air.raw')
    writeFileSync(file, samples)
    const decoder = spawnSync('multimon-ng', ['-t', 'raw', '-a', 'POCSAG1200', '-p', ...flags, file])
    const ours = spawnSync(process.execPath, [bleepd, 'decode', '--as', 'text', '--profile', 'multimon-ng'], {
      input: decoder.stdout,
    })
    expect(ours.status).toBe(0)
    return ours.stdout
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line))
  } finally {
    removeFolder(folder)
  }
}

test('pages on the air come through multimon-ng and our profile as they were sent', (ctx) => {
  if (!installed('multimon-ng')) return ctx.skip('needs multimon-ng')
  const samples = transmissions(
    air({ ric: 1_234_568, function: 3, type: 'alpha', text: 'FAST BLEEP EXT 4421' }),
    air({ ric: 200, function: 1, type: 'tone', text: '' }),
  )
  const page = { address: '1234568', function: 3, type: 'alpha', text: 'FAST BLEEP EXT 4421', complete: true }
  const tone = { address: '200', function: 1, type: 'tone', text: '', complete: true }
  expect(hear(samples)).toEqual([page, tone])
  expect(hear(samples, '--timestamp', '--label', 'UHX')).toEqual([
    { ...page, date: expect.any(String), time: expect.any(String) },
    { ...tone, date: expect.any(String), time: expect.any(String) },
  ])
})

test('a page with one codeword beyond repair is not lost: its first piece comes with its address', (ctx) => {
  if (!installed('multimon-ng')) return ctx.skip('needs multimon-ng')
  const text = 'CARDIAC ARREST WARD 7 BED 3 MAIN BUILDING'
  const sent = placeTransmission([{ ric: 1_234_568, function: 3, type: 'alpha', text }])
  const fourth = (sent.placed[0]?.addressBit ?? 0) + 4 * 32
  for (const bit of [3, 7, 9, 14, 20, 25, 28]) {
    const at = fourth + bit
    sent.bits[at >> 3] = (sent.bits[at >> 3] ?? 0) ^ (0x80 >> (at & 7))
  }
  expect(hear(transmissions(toAudio(sent, 1200, RATE)))[0]).toMatchObject({
    address: '1234568',
    function: 3,
    type: 'alpha',
    text: expect.stringMatching(/^CARDIAC /),
  })
})
