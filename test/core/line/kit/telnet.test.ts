import { expect, test } from 'vitest'
import { openLine } from '../../../support/score.ts'

const control = () => {
  const line = openLine('espa444', { role: 'control', poll: ['2'] })
  line.step({ kind: 'opened', at: 0 })
  return line
}
const wakes = (effects: readonly { kind: string }[]): boolean => effects.some((e) => e.kind === 'wake')

test.each([
  ['nothing at all', []],
  ['the beginning of a negotiation', [0xff]],
  ['a whole negotiation', [0xff, 0xfb, 0x01]],
])('a station is woken again after %s came', (_, bytes) => {
  const line = control()
  expect(wakes(line.step({ kind: 'bytes', bytes: Uint8Array.from(bytes), at: 5 }))).toBe(true)
})

test.each([
  ['a negotiation', [0xff, 0xfd, 0x03]],
  ['what keeps a connection alive', [0xff, 0xf1, 0xff, 0xf9]],
  ['a subnegotiation', [0xff, 0xfa, 0x2c, 0x01, 0x00, 0x00, 0x25, 0x80, 0xff, 0xf0]],
])('%s in pieces is taken off, and what follows is read', (_, front) => {
  const line = openLine('text', { patterns: [{ match: '^(?P<address>[0-9]+) (?P<text>.*)' }] })
  line.step({ kind: 'opened', at: 0 })
  const sent = [...front, ...Buffer.from('2201 CARDIAC ARREST WARD 7B\n')]
  const effects = sent.flatMap((byte, at) =>
    line.step({ kind: 'bytes', bytes: Uint8Array.of(byte), at: at + 1 }),
  )
  expect(effects.flatMap((e) => (e.kind === 'page' ? [e.page.text] : []))).toEqual(['CARDIAC ARREST WARD 7B'])
})
