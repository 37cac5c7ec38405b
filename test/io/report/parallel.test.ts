import { expect, test } from 'vitest'
import { type ByBothPaths, parallelRows } from '../../../src/core/measure/report/parallel.ts'
import { renderParallel } from '../../../src/io/report/parallel.ts'

const AT = Date.UTC(2026, 10, 30, 10)
const HEAD = { site: 'A & B', from: '2026-11-01', to: '2026-11-29', air: true }
const both: ByBothPaths = { to: 'role:reg', pager: AT, phone: AT - 2000, rung: true }
const lost: ByBothPaths = { to: 'role:odd', pager: AT, rung: true }
const rows = parallelRows([...Array.from({ length: 40 }, () => both), lost], true, (to) =>
  to === 'role:odd' ? '<b>=SUM(A1)' : 'Medical registrar',
)

test('as a page: which was quicker and what either lost, by role, and what that says; no name becomes markup', () => {
  const { type, body } = renderParallel(rows, HEAD, 'html')
  expect(type).toContain('text/html')
  expect(body).toContain('Pagers and phones side by side at A &amp; B, 2026-11-01 to 2026-11-29')
  expect(body).toContain('ready to be decided on')
  expect(body).toContain('Not ready: a phone did not have what a pager had')
  expect(body).not.toContain('<b>')
})

test('as a table and as data: the same rows, and a name that a spreadsheet would work out is none', () => {
  const csv = renderParallel(rows, HEAD, 'csv').body.split('\r\n')
  expect(csv).toHaveLength(4)
  expect(csv[2]).not.toMatch(/^"?[=+@-]/)
  expect(JSON.parse(renderParallel(rows, HEAD, 'json').body)).toMatchObject({
    ...{ site: 'A & B', air: true },
    rows: [
      { to: 'role:reg', bleeps: 40, phoneFirst: 40, behindSeconds: { p50: -2 } },
      { to: 'role:odd', phoneLost: 1 },
    ],
  })
})

test('without a receiver nothing is known of the pagers, and an empty span says so', () => {
  const deaf = renderParallel(parallelRows([both], false, String), { ...HEAD, air: false }, 'html').body
  expect(deaf).toContain('No receiver listens to the air here')
  expect(renderParallel([], HEAD, 'html').body).toContain('No bleep in this time.')
})
