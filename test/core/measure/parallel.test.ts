import { expect, test } from 'vitest'
import { type ByBothPaths, ENOUGH, parallelRows } from '../../../src/core/measure/report/parallel.ts'

const many = (n: number, one: Partial<ByBothPaths>): ByBothPaths[] =>
  Array.from({ length: n }, () => ({ to: 'role:reg', rung: true, ...one }))
const row = (all: readonly ByBothPaths[], air = true) => parallelRows(all, air, (to) => to)[0]

test('who was quicker, and by how much, of the bleeps that came by both ways', () => {
  const all = [...many(20, { pager: 10_000, phone: 8_500 }), ...many(20, { pager: 10_000, phone: 12_000 })]
  expect(row(all)).toMatchObject({
    ...{ bleeps: 40, byBoth: 40, phoneFirst: 20, pagerFirst: 20, behindSeconds: { p50: -1.5, p95: 2 } },
    ...{ phoneLost: 0, pagerLost: 0, bothLost: 0, verdict: 'as-good' },
  })
})

test('what one path lost: a single call that no phone had outweighs every quick one', () => {
  const all = [...many(500, { pager: 0, phone: 1 }), ...many(1, { pager: 0 }), ...many(2, { phone: 5 })]
  expect(row(all)).toMatchObject({ phoneLost: 1, pagerLost: 2, verdict: 'phone-loses' })
})

test('a call that neither had is no point for the phones', () => {
  expect(row([...many(50, { pager: 0, phone: 1 }), ...many(1, {})])).toMatchObject({
    ...{ bothLost: 1, verdict: 'phone-loses' },
  })
})

test('a role that only listens loses nothing, and is no figure', () => {
  expect(row(many(50, { pager: 0, rung: false }))).toMatchObject({
    ...{ unrung: 50, byBoth: 0, phoneLost: 0, behindSeconds: null, verdict: 'listens' },
  })
})

test('too few decide nothing; a phone that is usually late is told', () => {
  expect(row(many(ENOUGH - 1, { pager: 0, phone: 1 }))?.verdict).toBe('not-enough')
  expect(row(many(ENOUGH, { pager: 0, phone: 1 }))?.verdict).toBe('as-good')
  expect(row(many(ENOUGH, { pager: 0, phone: 5_100 }))?.verdict).toBe('phone-slower')
})

test('without a receiver nothing is claimed of the pagers', () => {
  expect(row(many(50, { phone: 1 }), false)).toMatchObject({
    ...{ pagerLost: null, bothLost: null, verdict: 'not-enough' },
  })
})

test('roles stand apart, the busiest first', () => {
  const all = [...many(2, {}), ...many(3, { to: 'team:crash' })]
  expect(parallelRows(all, true, (to) => to).map(({ to }) => to)).toEqual(['team:crash', 'role:reg'])
})
