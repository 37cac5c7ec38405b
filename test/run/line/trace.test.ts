import { expect, test } from 'vitest'
import { shapeOf } from '../../../src/core/line/kit/shape.ts'
import type { Capture } from '../../../src/ports/capture.ts'
import { allOf, lineTrace } from '../../../src/run/line/trace.ts'
import { quietLog } from '../../support/quiet.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

test.each([
  ['', ''],
  ['\x02ARREST WARD 7\x03K', '<STX>[13]<ETX>[1]'],
  ['\x061\x05', '<ACK>[1]<ENQ>'],
  ['ARREST\r\n', '[6]<CR><LF>'],
  // with odd parity in bit 7: STX 1 ETX
  ['\x02\x31\x83', '<STX>[1]<ETX>'],
  ['\x00\xff\x7f', '[3]'],
])('the shape of %j is %s', (text, shape) => {
  expect(shapeOf(bytes(text))).toBe(shape)
})

test('a trace tells both directions of a line, and none of its words', () => {
  const said: unknown[] = []
  const trace = lineTrace({ ...quietLog, debug: (event, fields) => said.push({ event, ...fields }) }, 'pbx')
  trace.event('opened', 'a', 0)
  trace.bytes('in', 'a', bytes('\x02CARDIAC ARREST WARD 7\x03'), 1)
  trace.bytes('out', 'b', bytes('\x06'), 2)
  expect(said).toEqual([
    { event: 'line-event', feed: 'pbx', wire: 'a', is: 'opened' },
    { event: 'line-bytes', feed: 'pbx', wire: 'a', direction: 'in', count: 23, shape: '<STX>[21]<ETX>' },
    { event: 'line-bytes', feed: 'pbx', wire: 'b', direction: 'out', count: 1, shape: '<ACK>' },
  ])
  expect(JSON.stringify(said)).not.toMatch(/ARREST|415252455354/i)
})

test('what goes over a line reaches the trace and the capture alike, and both are closed', async () => {
  const heard: string[] = []
  const one = (name: string): Capture => ({
    bytes: (direction, wire, b, at) => heard.push(`${name} ${direction} ${wire} ${b.length} ${at}`),
    event: (event, wire, at) => heard.push(`${name} ${event} ${wire} ${at}`),
    close: async () => void heard.push(`${name} closed`),
  })
  const both = allOf([one('trace'), one('raw')])
  both.event('opened', 'a', 1)
  both.bytes('out', 'a', bytes('xy'), 2)
  await both.close()
  expect(heard).toEqual([
    ...[
      'trace opened a 1',
      'raw opened a 1',
      'trace out a 2 2',
      'raw out a 2 2',
      'trace closed',
      'raw closed',
    ],
  ])
})

test('of several captures one that fails is told, whichever it is, and a trace never does', () => {
  const raw = (code?: 'capture-unwritable'): Capture => ({
    ...{ bytes: () => {}, event: () => {}, close: async () => {} },
    failing: () => code,
  })
  const trace = lineTrace(quietLog, 'pbx')
  expect(allOf([trace, raw('capture-unwritable')]).failing?.()).toBe('capture-unwritable')
  expect(allOf([trace, raw()]).failing?.()).toBeUndefined()
})
