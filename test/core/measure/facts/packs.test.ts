import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildDirectory } from '../../../../src/core/directory/build.ts'
import { callColumns, packCalls, unpackCalls } from '../../../../src/core/measure/facts/call-columns.ts'
import { type Fact, factOf } from '../../../../src/core/measure/facts/fact.ts'
import { factColumns, packFacts, unpackFacts } from '../../../../src/core/measure/facts/fact-columns.ts'
import { packColumns, unpackColumns } from '../../../../src/core/measure/facts/packed.ts'
import { zoneTable } from '../../../../src/core/measure/zone.ts'
import { aBleep } from '../../../contract/store.ts'
import { smallSite } from '../../../support/small-site.ts'

const NOON = Date.UTC(2026, 10, 22, 12)
const zone = zoneTable('Europe/London', NOON - 1e9, NOON + 1e9)

test('columns come back as they were, wherever the bytes lie', () =>
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.double(), { maxLength: 20 }),
      fc.array(fc.oneof(fc.integer(), fc.integer({ min: -200, max: 200 })), { maxLength: 20 }),
      fc.nat({ max: 15 }),
      (said, exact, whole, offset) => {
        const packed = packColumns(
          { said },
          { exact: Float64Array.from(exact), whole: Int32Array.from(whole) },
        )
        const elsewhere = new Uint8Array(packed.length + offset)
        elsewhere.set(packed, offset)
        const back = unpackColumns<{ said: string }>(elsewhere.subarray(offset))
        expect(back.head).toEqual({ said })
        expect([...back.exact('exact')]).toEqual(exact)
        expect([...back.whole('whole')]).toEqual(whole)
      },
    ),
  ))

test('small numbers take one byte each', () => {
  const sized = (n: number) => packColumns({}, { n: new Int32Array(1000).fill(n) }).length
  expect(sized(40_000) - sized(100)).toBe(3000)
  expect(sized(4000) - sized(100)).toBe(1000 + 0)
})

const FACTS: readonly Fact[] = [
  { bleep: 'b1', at: NOON + 0.25, class: 'routine', kind: 'call-back', number: '0028', callBack: '4213' },
  {
    ...{
      bleep: 'b2',
      at: NOON + 10.5,
      class: 'emergency',
      kind: 'adult-arrest',
      number: '2222',
      role: 'reg',
    },
    ...{ staffGroup: 'doctor', person: 'x', handed: NOON + 100.25, covered: NOON + 60_000, by: 'person' },
  },
]

test('facts come back with parts of a millisecond at their start, and the ids of emergencies alone', () => {
  const back = unpackFacts(packFacts(FACTS))
  expect(back).toEqual(factColumns(FACTS))
  expect([...back.at]).toEqual([NOON + 0.25, NOON + 10.5])
  expect([...back.times.handed]).toEqual([-1, 90])
  expect([...back.bleeps]).toEqual([[1, 'b2']])
  expect([...back.texts.role].map((i) => back.names[i])).toEqual([undefined, 'reg'])
})

test('facts packed by the first schema are read as they were kept', () => {
  const texts = [
    [0, 0],
    [1, 1],
    [2, 3],
    [-1, 4],
    [-1, -1],
    [-1, -1],
    [5, -1],
    [-1, -1],
  ]
  const none = [-1, -1]
  const names = ['routine', 'call-back', '0028', '1113', 'reg', '4213']
  const times = [[-1, 90], none, none, none, none, none, none, none]
  const back = unpackFacts(JSON.stringify({ from: NOON, names, at: [0, 11], texts, times }))
  expect([...back.at]).toEqual([NOON, NOON + 11])
  expect([...back.texts.number].map((i) => names[i])).toEqual(['0028', '1113'])
  expect([...back.texts.callBack]).toEqual([5, -1])
  expect([...back.times.handed]).toEqual([-1, 90])
  expect(back.bleeps.size).toBe(0)
})

test('call records come back, a stamp that cannot be read among them; so do those of the first schema', () => {
  const record = {
    ...{ from: '5001', to: '4213', internal: true, answered: true, mailbox: false, precisionSeconds: 60 },
    ...{ ringSeconds: 4, talkSeconds: 70_000 },
  }
  const calls = [
    { feed: 'pbx', arrived: NOON + 0.5, record: { ...record, end: '2026-11-22T12:00:00' } },
    { feed: 'pbx', arrived: NOON + 9, record: { ...record, end: 'soon', dialled: '213', answered: false } },
  ]
  const back = unpackCalls(packCalls(calls, zone))
  expect(back).toEqual(callColumns(calls, zone))
  expect([...back.end]).toEqual([NOON, Number.NaN])
  expect([...back.talk]).toEqual([70_000, 70_000])
  const { names, length: _, arrived, end, ...whole } = back
  const older = {
    ...Object.fromEntries(Object.entries(whole).map(([name, column]) => [name, [...column]])),
    ...{ names, from: NOON, arrived: [...arrived].map((at) => Math.round(at - NOON)) },
    end: [...end].map((at, i) => (Number.isNaN(at) ? null : Math.round(at - arrived[i]!))),
  }
  expect(unpackCalls(JSON.stringify(older))).toMatchObject({ names, talk: back.talk, flags: back.flags })
})

test('whom somebody called outside the house is in no pack, nor where outside a call-back was asked for', () => {
  const record = {
    ...{ from: '5001', to: '07700900123', dialled: '907700900123', internal: false, answered: true },
    ...{ mailbox: false, precisionSeconds: 1, end: '2026-11-22T12:00:00' },
  }
  const inside = { ...record, to: '4213', dialled: '213', internal: true }
  const packed = packCalls(
    [record, inside].map((one, i) => ({ feed: 'pbx', arrived: NOON + i, record: one })),
    zone,
  )
  expect(Buffer.from(packed).toString('latin1')).not.toContain('7700900')
  expect(unpackCalls(packed).names).toEqual(expect.arrayContaining(['4213', '213']))
  const callBack = (asked: string) => {
    const bleep = aBleep('b1', { meaning: { class: 'routine', kind: 'call-back', callBack: asked } as never })
    return factOf(bleep, undefined, [], [], buildDirectory(smallSite())).callBack
  }
  for (const here of ['70123', '0123', '4213', '2345 678']) expect(callBack(here)).toBe(here)
  for (const outside of ['07700 900123', '+44 7700 900123', '020 7946 0018', '01234', '12345678'])
    expect(callBack(outside)).toMatch(/^outside\/[a-z0-9]+$/)
})
