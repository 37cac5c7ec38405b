import { expect, test } from 'vitest'
import { asId } from '../../../../src/core/ids.ts'
import { MINUTE } from '../../../../src/core/instant.ts'
import type { CallRecord } from '../../../../src/core/line/kit/call-record.ts'
import { ANSWERED, type Calls, UNANSWERED } from '../../../../src/core/measure/facts/calls.ts'
import { Column } from '../../../../src/core/measure/facts/columns.ts'
import { Footnotes } from '../../../../src/core/measure/facts/footnotes.ts'
import { implicitAnswer, matchAll } from '../../../../src/core/measure/report/match.ts'

interface Rung {
  readonly at: number
  readonly answered?: boolean
  readonly ring?: number
}

/** Calls to one extension; requests of one group. Times in minutes. */
function run(requests: readonly number[], rung: readonly Rung[], until = 300, unsure?: number) {
  const calls: Calls = {
    start: Uint32Array.of(0, rung.length),
    picked: Float64Array.from(rung, (r) => r.at * MINUTE),
    rang: Uint8Array.from(rung, (r) => r.ring ?? 3),
    answer: Uint8Array.from(rung, (r) => ((r.answered ?? true) ? ANSWERED : UNANSWERED)),
    tellsEngaged: false,
    unsure: (from, to) => unsure !== undefined && unsure * MINUTE > from && unsure * MINUTE < to,
    offsets: new Map(),
  }
  const columns = {
    at: new Column(Float64Array),
    extension: new Column(Int32Array),
    group: new Column(Int32Array),
  }
  for (const at of requests) {
    columns.at.push(at * MINUTE)
    columns.extension.push(0)
    columns.group.push(0)
  }
  const out = {
    waits: [] as (number | undefined)[],
    chance: [] as (number | undefined)[],
    failed: 0,
    ambiguous: 0,
  }
  const notes = new Footnotes()
  const minutes = (wait: number | undefined) => (wait === undefined ? undefined : wait / MINUTE)
  const steps = matchAll(
    columns,
    1,
    calls,
    until * MINUTE,
    {
      observed: (_, wait) => out.waits.push(minutes(wait)),
      chance: (_, wait) => out.chance.push(minutes(wait)),
      failed: () => {
        out.failed += 1
      },
      ambiguous: () => {
        out.ambiguous += 1
      },
    },
    notes,
  )
  while (!steps.next().done);
  return { ...out, notes: notes.list().map((n) => n.code) }
}

test('the first answered call after the request is its call-back', () => {
  expect(run([100], [{ at: 99 }, { at: 103 }, { at: 105 }]).waits).toEqual([3])
})

test('a call that rang before the request cannot be its answer', () => {
  expect(run([100], [{ at: 100.5, ring: 45 }, { at: 104 }]).waits).toEqual([4])
})

test('calls nobody took are failed call-backs, and the wait goes on', () => {
  const { waits, failed } = run(
    [100],
    [{ at: 102, answered: false }, { at: 104, answered: false }, { at: 106 }],
  )
  expect(waits).toEqual([6])
  expect(failed).toBe(2)
})

test('after fifteen minutes a request is censored', () => {
  expect(run([100], [{ at: 115.1 }]).waits).toEqual([undefined])
  expect(run([100], [{ at: 115 }]).waits).toEqual([15])
})

test('two requests for one extension within the window are both left out, whoever was quick', () => {
  const { waits, ambiguous, notes } = run([100, 114], [{ at: 101 }, { at: 116 }])
  expect(waits).toEqual([])
  expect(ambiguous).toBe(2)
  expect(notes).toEqual(['request-ambiguous'])
})

test('a request too near the end to be followed is left out, and said so', () => {
  expect(run([100], [{ at: 101 }], 110)).toMatchObject({ waits: [], notes: ['request-cut'] })
})

test('where call records were left out, requests are left out with them', () => {
  expect(run([100], [{ at: 101 }], 300, 110)).toMatchObject({ waits: [], notes: ['request-unsure'] })
  expect(run([100], [{ at: 101 }], 300, 116).waits).toEqual([1])
})

test('chance is looked for where no request was: half an hour and an hour before, an hour after', () => {
  expect(run([100], [{ at: 71 }, { at: 103 }, { at: 165 }]).chance).toEqual([1, undefined, 5])
})

test('chance is not looked for near another request', () => {
  expect(run([100, 160], [{ at: 101 }, { at: 162 }]).chance).toHaveLength(4)
})

const CALL: CallRecord = {
  from: '5001',
  to: '4213',
  internal: true,
  answered: true,
  mailbox: false,
  precisionSeconds: 1,
}
const open = (name: string, at: number) => ({ bleep: asId<never>(name), at, extension: '4213' })

test('an answered call-back acknowledges the request for its extension', () => {
  expect(implicitAnswer([open('a', 0)], CALL, 90_000)).toEqual({ bleep: 'a', wait: 90_000, sure: true })
})

test('with two requests open on one extension the call proves nothing about which it answers', () => {
  expect(implicitAnswer([open('b', 60_000), open('a', 0)], CALL, 90_000)).toEqual({
    bleep: 'a',
    wait: 90_000,
    sure: false,
  })
})

test('voicemail, outside calls, unanswered calls, calls to oneself and calls too late acknowledge nothing', () => {
  for (const more of [
    { mailbox: true },
    { internal: false },
    { answered: false },
    { from: '4213' },
    { to: '4214' },
  ])
    expect(implicitAnswer([open('a', 0)], { ...CALL, ...more }, 90_000)).toBeUndefined()
  expect(implicitAnswer([open('a', 0)], CALL, 16 * MINUTE)).toBeUndefined()
  expect(implicitAnswer([open('a', 100_000)], CALL, 90_000)).toBeUndefined()
})
