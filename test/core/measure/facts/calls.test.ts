import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/instant.ts'
import type { CallRecord } from '../../../../src/core/line/kit/call-record.ts'
import { callColumns } from '../../../../src/core/measure/facts/call-columns.ts'
import { ANSWERED, CallIntake, type Calls } from '../../../../src/core/measure/facts/calls.ts'
import { Names } from '../../../../src/core/measure/facts/columns.ts'
import { Footnotes } from '../../../../src/core/measure/facts/footnotes.ts'
import { readCivil, zoneTable } from '../../../../src/core/measure/zone.ts'

const NOON = Date.UTC(2026, 10, 22, 12)

/** An exchange in Greenwich time, `ahead` of us by so much; one call a minute to 4213 unless told otherwise. */
function bench(start = NOON) {
  const names = new Names()
  names.id('4213')
  const notes = new Footnotes()
  const zone = zoneTable('Europe/London', start - 2 * DAY, start + 2 * DAY)
  const intake = new CallIntake(zone, names, notes)
  const add = (
    end: number,
    more: { ahead?: number; arrived?: number; record?: Partial<CallRecord> } = {},
  ) => {
    const { ahead = 0, arrived = end + 400, record = {} } = more
    const call = {
      feed: 'pbx',
      arrived,
      record: {
        end: new Date(zone.civil(end + ahead)).toISOString().slice(0, 19),
        ringSeconds: 4,
        talkSeconds: 30,
        from: '5001',
        to: '4213',
        internal: true,
        answered: true,
        mailbox: false,
        precisionSeconds: 1,
        ...record,
      },
    }
    intake.add(callColumns([call], zone))
  }
  const picked = () => {
    const calls = finished(intake)
    return {
      calls,
      times: [...calls.picked.subarray(calls.start[0], calls.start[1])].filter(
        (_, i) => calls.answer[i] === ANSWERED,
      ),
      notes: Object.fromEntries(notes.list().map((n) => [n.code, n.count])),
    }
  }
  return { add, picked }
}

function finished(intake: CallIntake): Calls {
  const steps = intake.finish()
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}

test('a person picked up when the call ended less what was talked', () => {
  const { add, picked } = bench()
  for (let i = 0; i < 50; i++) add(NOON + i * MINUTE)
  const { times } = picked()
  expect(times[0]! - (NOON - 30 * SECOND)).toBeLessThan(SECOND)
})

test('the exchange’s clock is told from arrivals, whichever way and however far it is off', () => {
  for (const ahead of [-HOUR, -47 * SECOND, 3 * SECOND, HOUR + 12 * SECOND]) {
    const { add, picked } = bench()
    for (let i = 0; i < 150; i++) add(NOON + i * MINUTE, { ahead })
    const { calls, times, notes } = picked()
    expect(Math.abs((calls.offsets.get('pbx') ?? 0) + ahead)).toBeLessThan(SECOND)
    expect(Math.abs(times[7]! - (NOON + 7 * MINUTE - 30 * SECOND))).toBeLessThan(SECOND)
    expect(notes['call-clock-hours'] ?? 0).toBe(Math.abs(ahead) >= HOUR ? 1 : 0)
  }
})

test('two records from the future do not set the clock, and are left out', () => {
  const { add, picked } = bench()
  for (let i = 0; i < 100; i++) add(NOON + i * MINUTE, i === 40 || i === 60 ? { ahead: 3 * HOUR } : {})
  const { calls, times, notes } = picked()
  expect(Math.abs(calls.offsets.get('pbx') ?? 0)).toBeLessThan(SECOND)
  expect(notes['call-future']).toBe(2)
  expect(times).toHaveLength(98)
})

test('around a clock that was set, stamps are not used; before and after they are', () => {
  const { add, picked } = bench()
  for (let i = 0; i < 1000; i++) add(NOON + i * MINUTE, { ahead: i < 450 ? 0 : 90 * SECOND })
  const { times, notes } = picked()
  expect(notes['call-clock-moved']).toBeGreaterThanOrEqual(100)
  expect(notes['call-clock-moved']).toBeLessThanOrEqual(300)
  for (const at of times) {
    const off = (at - (NOON - 30 * SECOND)) % MINUTE
    expect(Math.min(off, MINUTE - off)).toBeLessThan(SECOND)
  }
})

test('what a buffer held back is used with the clock of the live records around it', () => {
  const { add, picked } = bench()
  for (let i = 0; i < 100; i++) add(NOON + i * MINUTE, { ahead: 20 * SECOND })
  const back = NOON + 400 * MINUTE
  for (let i = 100; i < 400; i++)
    add(NOON + i * MINUTE, { ahead: 20 * SECOND, arrived: back + (i - 100) * 10 })
  for (let i = 400; i < 600; i++) add(NOON + i * MINUTE, { ahead: 20 * SECOND })
  const { times, notes } = picked()
  expect(times).toHaveLength(600)
  expect(notes['call-late']).toBeGreaterThan(280)
  expect(Math.abs(times[250]! - (NOON + 250 * MINUTE - 30 * SECOND))).toBeLessThan(SECOND)
})

test('a feed that only ever sends files has no measurable clock; it is taken to be right, and that is said', () => {
  const { add, picked } = bench()
  for (let hour = 1; hour <= 5; hour++)
    for (let i = 0; i < 100; i++)
      add(NOON + (hour * 100 + i) * 30 * SECOND, { arrived: NOON + (hour + 1) * HOUR + i })
  const { times, notes } = picked()
  expect(times).toHaveLength(500)
  expect(notes['call-clock-unknown']).toBe(500)
})

test('doubled, unstamped, disordered and wrongly dated records are each counted, never silently dropped', () => {
  const { add, picked } = bench()
  for (let i = 0; i < 60; i++) add(NOON + i * MINUTE)
  add(NOON + 59 * MINUTE)
  add(NOON + 61 * MINUTE, { record: { end: 'soon' } })
  add(NOON + 62 * MINUTE, { record: { end: '2019-01-01T10:00:00' } })
  add(NOON + 40 * MINUTE, { arrived: NOON + 63 * MINUTE, record: { from: '5002' } })
  const { notes } = picked()
  expect(notes).toEqual({
    'call-unstamped': 1,
    'call-date-wrong': 1,
    'call-doubled': 1,
    'call-late': 1,
    'call-out-of-order': 1,
  })
})

test('where stamps are whole minutes, the arrival of a prompt record is the better clock', () => {
  const { add, picked } = bench()
  for (let i = 0; i < 120; i++) {
    const end = NOON + i * 61 * SECOND
    const stamp = new Date(Math.floor(end / MINUTE) * MINUTE).toISOString().slice(0, 16)
    add(end, { record: { end: stamp, precisionSeconds: 60 } })
  }
  const { times } = picked()
  for (const [i, at] of times.entries())
    expect(Math.abs(at - (NOON + i * 61 * SECOND - 30 * SECOND))).toBeLessThan(SECOND)
})

describe('civil times', () => {
  const autumn = zoneTable('Europe/London', Date.UTC(2026, 9, 24), Date.UTC(2026, 9, 26))

  test('in the hour that autumn repeats a stamp has two instants, and arrival decides between them', () => {
    const twice = Date.UTC(2026, 9, 25, 1, 30)
    const read = (near: number) => new Date(autumn.nearest(twice, near)).toISOString()
    expect(read(Date.UTC(2026, 9, 25, 0, 50))).toBe('2026-10-25T00:30:00.000Z')
    expect(read(Date.UTC(2026, 9, 25, 1, 10))).toBe('2026-10-25T01:30:00.000Z')
    for (const end of [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)]) {
      const { add, picked } = bench(end)
      for (let i = 0; i < 20; i++) add(end + i * SECOND * 31)
      expect(Math.abs(picked().times[0]! - (end - 30 * SECOND))).toBeLessThan(SECOND)
    }
  })

  test('an exchange left on winter time still shows the hour that spring skips, and is understood', () => {
    const change = Date.UTC(2026, 2, 29, 1)
    const { add, picked } = bench(change)
    for (let i = 0; i < 100; i++) {
      const end = change + i * 30 * SECOND
      add(end, { record: { end: new Date(end).toISOString().slice(0, 19) } })
    }
    const { times } = picked()
    for (const [i, at] of times.entries())
      expect(Math.abs(at - (change + (i - 1) * 30 * SECOND))).toBeLessThan(SECOND)
  })

  test('a time without a date belongs to the day that puts it nearest to its arrival', () => {
    const midnight = Date.UTC(2026, 10, 22)
    expect(readCivil('T23:59:30', midnight + 20 * SECOND)).toBe(midnight - 30 * SECOND)
    expect(readCivil('T00:00', midnight - 20 * SECOND)).toBe(midnight)
    expect(readCivil('T12:00', midnight + 12 * HOUR)).toBe(midnight + 12 * HOUR)
    expect(readCivil('--07-09T10:54', Date.UTC(2026, 6, 9, 11))).toBe(Date.UTC(2026, 6, 9, 10, 54))
    expect(readCivil('--12-31T23:59', Date.UTC(2027, 0, 1, 0, 5))).toBe(Date.UTC(2026, 11, 31, 23, 59))
    expect(readCivil('--01-01T00:01', Date.UTC(2026, 11, 31, 23, 58))).toBe(Date.UTC(2027, 0, 1, 0, 1))
    expect(readCivil('--13-01T00:01', Date.UTC(2026, 11, 31))).toBeNaN()
    for (const bad of ['', 'T', '25:00', '2026-13-01T10:00', '2026-11-22 10:00', 'T1O:00'])
      expect(readCivil(bad, midnight)).toBeNaN()
  })
})
