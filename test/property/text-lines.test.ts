import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readProfile } from '../../src/config/profile.ts'
import type { LineEffect } from '../../src/core/line/kit/protocol.ts'
import { type Line, PROTOCOLS } from '../../src/core/line/registry.ts'

const SEED = { seed: 20261122, numRuns: 20 }

const PROFILES = [
  'multimon-ng',
  'multimon-ng-json',
  'portapack',
  'scope',
  'comp1',
  'comp2',
  'waveware',
  'ascom-line',
  'salcom',
  'jtech',
  'arm-nurse-call',
  'avaya-ip-office',
  'mitel-smdr',
  'panasonic-a',
]

function open(name: string, over: Record<string, unknown> = {}): Line {
  const profile = readProfile(name)
  if (!profile.ok) throw new Error(profile.fault.detail)
  const line = PROTOCOLS.get(profile.value.protocol)?.open({ ...profile.value.options, ...over })
  if (!line?.ok) throw new Error('options')
  return line.value
}

/** Every effect but wake-ups, whose number may depend on the chunks; each page counts as stored at once. */
function run(line: Line, chunks: readonly Uint8Array[]): string[] {
  const said: string[] = []
  const use = (effects: readonly LineEffect[]): void => {
    for (const effect of effects) {
      if (effect.kind === 'wake') continue
      said.push(JSON.stringify(effect, (_, v) => (v instanceof Uint8Array ? [...v] : v)))
      if (effect.kind === 'page') use(line.step({ kind: 'stored', ref: effect.ref, at: 0 }))
    }
  }
  use(line.step({ kind: 'opened', at: 0 }))
  for (const bytes of chunks) use(line.step({ kind: 'bytes', bytes, at: 0 }))
  use(line.step({ kind: 'closed', at: 0 }))
  return said
}

/** Bytes that look like the real thing: pieces of records, their delimiters, and anything at all. */
const pieces = fc.constantFrom(
  'A0012300A This is a message \r',
  'AN0046180DThis is a test\r',
  '101A\rCALL 4421\r',
  '\x7f\x7f\x7f',
  '\x01A,1,1234567,\x02HELLO\x03\x04\r\n',
  '<123/BP 120/80/2/3/1/7/0>',
  'CA1234567 1 text\r',
  '\xff\xff\xff\x010001234\x0ahello\r',
  '\x1b   8    2 174 13:30 19/11 BED 2              EMERGENCY         ALM\n\r',
  'POCSAG1200: Address: 1234568  Function: 3  Alpha:   CARDIAC ARREST W\n',
  'POCSAG1200: Address:       -  Function: -  Alpha:   ARD 7<EOT>\n',
  '{"demod_name":"POCSAG1200","address":8,"function":3,"alpha":"HI"}\n',
  'POCSAG 1200 1234567 3 N alpha+ " WARD 7" hex:20\r\n',
  '2008/06/26 10:27:44,00:00:44,4,4688,O,4207,4207,,1,1000013898,0,E4688,A,E4207,B,0,0\r\n',
  ' 07/09 10:54  00:03:02 5356  000 5334                      I 5334\r\n',
  '\r',
  '\n',
  '\x00',
)
const stream = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: pieces.map((p) => Uint8Array.from(Buffer.from(p, 'latin1'))) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map((b) => new Uint8Array(700).fill(b)) },
    ),
    { maxLength: 8 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((p) => [...p])))

describe.each(PROFILES)('%s', (name) => {
  test('any chunking gives the same pages, replies and discards', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 40 }), (bytes, sizes) => {
        const chunks: Uint8Array[] = []
        let at = 0
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, at + size))
          at += size
        }
        chunks.push(bytes.subarray(at))
        expect(run(open(name), chunks)).toEqual(run(open(name), [bytes]))
      }),
      SEED,
    )
  })

  test('what is discarded never outgrows what was heard', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        const line = open(name)
        let discarded = 0
        for (const effect of [
          ...line.step({ kind: 'bytes', bytes, at: 0 }),
          ...line.step({ kind: 'closed', at: 0 }),
        ])
          if (effect.kind === 'discard' && effect.fault !== 'parity-bad') discarded += effect.bytes.length
        // Joined lines have a line feed between them that may not have been on the wire.
        expect(discarded).toBeLessThanOrEqual(bytes.length * 2)
      }),
      SEED,
    )
  })
})

test('a passive link never writes, whatever it hears', () => {
  fc.assert(
    fc.property(fc.constantFrom('scope', 'waveware', 'ascom-line', 'salcom'), stream, (name, bytes) => {
      const line = open(name, { passive: true })
      expect(line.listensOnly).toBe(true)
      expect(run(line, [bytes]).filter((e) => e.includes('"kind":"reply"'))).toEqual([])
    }),
    SEED,
  )
})

test('a line that says it listens only never replies', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PROFILES), stream, (name, bytes) => {
      const line = open(name)
      fc.pre(line.listensOnly)
      expect(run(line, [bytes]).filter((e) => e.includes('"kind":"reply"'))).toEqual([])
    }),
    SEED,
  )
})
