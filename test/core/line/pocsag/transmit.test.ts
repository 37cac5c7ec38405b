import { expect, test } from 'vitest'
import type { Address, Page } from '../../../../src/core/bleep/bleep.ts'
import type { LineEffect, LineInput } from '../../../../src/core/line/kit/protocol.ts'
import { pocsagOptions } from '../../../../src/core/line/pocsag/options.ts'
import { pocsag } from '../../../../src/core/line/pocsag/pocsag.ts'

const ARREST: Address = { scheme: 'ric', ric: 1310720, fn: 3 }

function pageTo(to: Address, text: string): Page {
  return {
    to,
    type: text === '' ? 'tone' : 'alpha',
    text,
    quality: 'clean',
    corrected: 0,
    fields: {},
    firstByte: 0,
    lastByte: 0,
  }
}

/** One line after another input, as the feed drives it. */
function line(options: object) {
  let state = pocsag.start(pocsagOptions.parse(options))
  return (input: LineInput): readonly LineEffect[] => {
    const [next, effects] = pocsag.step(state, input)
    state = next
    return effects
  }
}

const transmit = (more: object = {}) => line({ role: 'transmit', baud: 1200, ...more })
const send = (ref: number, at: number, text = 'CARDIAC ARREST WARD 7B', to: Address = ARREST): LineInput => ({
  kind: 'send',
  ref,
  page: pageTo(to, text),
  at,
})
const written = (effects: readonly LineEffect[]) =>
  Uint8Array.from(effects.flatMap((e) => (e.kind === 'reply' ? [...e.bytes] : [])))

test('a page of one tone is the bits of the recommendation: reversals, sync, idle words, address in its frame', () => {
  // RIC 8, function 0 stands in frame 0. Its word by M.584-2, worked by hand: the address 8 / 8 = 1 before two function
  // bits is x^12, whose remainder by the generator 11101101001 is 1101110110, and the number of ones is even.
  const bytes = written(transmit()(send(1, 0, '', { scheme: 'ric', ric: 8, fn: 0 })))
  expect(bytes).toHaveLength(72 + 68)
  expect(new Set(bytes.subarray(0, 72))).toEqual(new Set([0xaa]))
  expect(Buffer.from(bytes.subarray(72, 76)).toString('hex')).toBe('7cd215d8')
  expect(Buffer.from(bytes.subarray(76, 80)).toString('hex')).toBe('000026ec')
  expect(Buffer.from(bytes.subarray(80)).toString('hex')).toBe('7a89c197'.repeat(15))
})

test('every form of the line is heard again as the same page', () => {
  const forms = [
    {},
    { bitOrder: 'lsb' },
    { input: 'oversampled', samplesPerBit: 8 },
    { input: 'oversampled', samplesPerBit: 4, bitOrder: 'lsb' },
    { polarity: 'inverted' },
    { preambleBits: 1152 },
  ]
  for (const form of forms) {
    const bits = written(transmit(form)(send(1, 0)))
    const { preambleBits: _, ...heardBy } = { preambleBits: 0, ...form }
    const hear = line({ baud: 1200, ...heardBy })
    const effects = [...hear({ kind: 'bytes', bytes: bits, at: 2000 }), ...hear({ kind: 'closed', at: 2100 })]
    const pages = effects.flatMap((e) => (e.kind === 'page' ? [e.page] : []))
    expect(pages, JSON.stringify(form)).toHaveLength(1)
    expect(pages[0]).toMatchObject({ to: ARREST, text: 'CARDIAC ARREST WARD 7B', quality: 'clean' })
  }
})

test('it is sent when its time on the air has passed, not before, and the next waits for that', () => {
  const step = transmit()
  const first = step(send(1, 1000))
  const air = (written(first).length * 8 * 1000) / 1200
  expect(first.at(-1)).toEqual({ kind: 'wake', after: expect.closeTo(air, 6) })
  expect(step(send(2, 1100))).toEqual([{ kind: 'wake', after: expect.closeTo(air - 100, 6) }])
  expect(step({ kind: 'silence', at: 1000 + air - 1 })).toEqual([
    { kind: 'wake', after: expect.closeTo(1, 6) },
  ])
  const over = step({ kind: 'silence', at: 1000 + air + 0.001 })
  expect(over.map((e) => e.kind)).toEqual(['sent', 'reply', 'wake'])
  expect(over[0]).toEqual({ kind: 'sent', ref: 1, outcome: 'taken' })
  expect(step({ kind: 'silence', at: 1000 + 3 * air })).toEqual([{ kind: 'sent', ref: 2, outcome: 'taken' }])
})

test('copies take their time as well', () => {
  const once = written(transmit()(send(1, 0))).length
  const twice = transmit({ copies: 2 })(send(1, 0))
  expect(written(twice).length).toBeGreaterThan(once)
  const air = (written(twice).length * 8 * 1000) / 1200
  expect(twice.at(-1)).toEqual({ kind: 'wake', after: expect.closeTo(air, 6) })
})

test('a page without a radio address is refused, and so is one too many', () => {
  const step = transmit()
  const number = step(send(1, 0, 'X', { scheme: 'number', number: '2201' }))
  expect(number).toEqual([{ kind: 'sent', ref: 1, outcome: 'refused', fault: 'page-unsendable' }])
  for (let ref = 2; ref < 2 + 65; ref++) expect(step(send(ref, 0)).some((e) => e.kind === 'sent')).toBe(false)
  expect(step(send(99, 0))).toContainEqual({
    kind: 'sent',
    ref: 99,
    outcome: 'refused',
    fault: 'send-queue-full',
  })
})

test('a line that closes leaves nothing sent, and starts clean', () => {
  const step = transmit()
  step(send(1, 0))
  step(send(2, 0))
  expect(step({ kind: 'closed', at: 10 })).toEqual(
    [1, 2].map((ref) => ({ kind: 'sent', ref, outcome: 'no-answer', fault: 'line-closed' })),
  )
  expect(written(step(send(3, 20))).length).toBeGreaterThan(0)
})

test('what comes back is counted and never answered', () => {
  const step = transmit()
  expect(step({ kind: 'bytes', bytes: Uint8Array.of(1, 2), at: 0 })).toEqual([
    { kind: 'discard', bytes: Uint8Array.of(1, 2), fault: 'record-unmatched' },
  ])
})

test('listening is the default and never writes; transmitting must know its rate', () => {
  expect(pocsag.listensOnly(pocsagOptions.parse({}))).toBe(true)
  expect(pocsag.sends?.(pocsagOptions.parse({}))).toBeUndefined()
  const o = pocsagOptions.parse({ role: 'transmit', baud: 512 })
  expect(pocsag.listensOnly(o)).toBe(false)
  expect(pocsag.sends?.(o)).toBe('ric')
  expect(pocsagOptions.safeParse({ role: 'transmit' }).success).toBe(false)
  const audio = { role: 'transmit', baud: 512, input: 'pcm16', sampleRate: 22_050 }
  expect(pocsagOptions.safeParse(audio).success).toBe(false)
  expect(line({})(send(1, 0))).toEqual([
    { kind: 'sent', ref: 1, outcome: 'refused', fault: 'role-cannot-send' },
  ])
})
