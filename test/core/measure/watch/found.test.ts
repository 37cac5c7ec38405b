import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../../src/core/instant.ts'
import type { Sort } from '../../../../src/core/measure/telemetry.ts'
import { observe, watched } from '../../../../src/core/measure/watch/availability.ts'
import { type FoundBy, figuresOf, readFound, siteFound } from '../../../../src/core/measure/watch/found.ts'

const AT = Date.UTC(2026, 10, 20, 9)
const NONE = { things: [], air: [], feeds: [] }
const MONTH = '2026-11'

/** Good from so long before the note was written. */
const good = (sort: Sort, subject: string, long = HOUR) =>
  observe(observe(watched(sort, subject, subject, AT - long, MONTH), { kind: 'said', at: AT - long }), {
    ...{ kind: 'tick', at: AT, month: MONTH, expected: Number.POSITIVE_INFINITY },
  })
const by = (node: string, things: FoundBy['things'], at = AT): FoundBy => ({ ...NONE, node, at, things })
const seen = (age: number) =>
  siteFound('north', NONE, [by('south', [good('feed', 'cellar')])], AT + age).things.map((t) => [
    t.state,
    t.why,
  ])

test('what another node wrote counts while it writes, is unknown afterwards, and is gone after a week', () => {
  expect(seen(MINUTE - 1)).toEqual([['good', undefined]])
  expect(seen(MINUTE)).toEqual([['unknown', 'node-unseen']])
  expect(seen(7 * DAY - 1)).toEqual([['unknown', 'node-unseen']])
  expect(seen(7 * DAY)).toEqual([])
})

test('a node that reads its own note shows itself once', () => {
  const own = { ...NONE, things: [good('feed', 'roof')] }
  expect(siteFound('north', own, [by('north', own.things)], AT).things).toHaveLength(1)
})

test('the report has a line for each node’s own, and one for phones, from who watched them longest', () => {
  const short = by('north', [good('phones', 'doctor', HOUR), good('feed', 'roof')])
  const long = by('south', [good('phones', 'doctor', 5 * HOUR), good('feed', 'roof')])
  for (const all of [
    [short, long],
    [long, short],
  ]) {
    const lines = figuresOf(all).availability.map((a) => `${a.node} ${a.sort}`)
    expect(lines.sort()).toEqual(['north feed', 'south feed', 'south phones'])
  }
  const old = by('west', [watched('phones', 'doctor', 'doctor', AT - 40 * DAY, '2026-10')])
  expect(figuresOf([short, old]).availability.find((a) => a.sort === 'phones')?.month).toBe('2026-11')
})

test('what was written is read back', () => {
  const why = observe(good('feed', 'roof'), {
    ...{ kind: 'said', at: AT, fault: 'port-absent', reading: { value: 1, bound: 2, unit: 'ms' } },
  })
  const air = { transmitter: 'roof', asked: 1, heard: 0, garbled: 0, silent: 1 }
  const found = {
    things: [why],
    air: [{ ...air, meanDelaySeconds: null, longestDelaySeconds: null }],
    feeds: [{ id: 'roof', state: 'failed', sentence: 'The port does not exist' } as const],
  }
  expect(readFound(JSON.parse(JSON.stringify(found)))).toEqual(found)
})
