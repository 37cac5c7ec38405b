import { expect, test } from 'vitest'
import { foiCsv, foiRows } from '../../../../src/core/measure/report/foi.ts'
import { renderFoi } from '../../../../src/io/report/foi.ts'
import { wholeReport } from '../../../support/whole-report.ts'

const report = wholeReport()
const ask = {
  ...{
    devices: new Map([
      ['Web Push', 40],
      ['a telephone call', 3],
    ]),
    wordsDays: 90,
  },
  policy: {
    title: '=Policy',
    version: '4',
    approved: { by: 'Board', on: '2026-06-01', review: '2027-06-01' },
  },
}
const rows = foiRows(report, ask)
const said = (item: string) => rows.find((row) => row.item === item)?.value

test('volumes, times, channels and the policy in force', () => {
  expect(said('bleeps heard')).toBe(String(report.counts.bleeps))
  expect(said('devices rung by Web Push')).toBe('40')
  expect(said('policy in force')).toBe('=Policy, 4')
  expect(said('approved by, on')).toBe('Board, 2026-06-01')
  expect(said('words of bleeps are kept for, days')).toBe('90')
  expect(rows.some(({ section }) => section === 'Times')).toBe(true)
})

test('a small number may point to a person and is not given', () => {
  expect(said('devices rung by a telephone call')).toBe('fewer than 5')
  const few = { ...report, counts: { ...report.counts, unanswered: 1, toPhones: 0 } }
  const fewer = foiRows(few, ask)
  expect(fewer.find((row) => row.item === 'not answered on a phone')?.value).toBe('fewer than 5')
  expect(fewer.find((row) => row.item === 'sent to phones as well')?.value).toBe('0')
})

test('it holds no place, role or person of the report behind it', () => {
  const text = JSON.stringify(rows)
  const names = [
    ...report.emergency.misses.flatMap(({ place }) => place ?? []),
    ...report.saved.flatMap(({ roleName }) => roleName ?? []),
    ...report.wards.flatMap(({ ward }) => ward ?? []),
  ]
  expect(names.length).toBeGreaterThan(0)
  for (const name of names) expect(text).not.toContain(name)
})

test('as a table, as data and as a page', () => {
  expect(foiCsv(rows)).toContain('Policy,policy in force,"\'=Policy, 4"\r\n')
  expect(JSON.parse(renderFoi(report, rows, 'json').body).rows).toEqual(rows)
  const page = renderFoi({ ...report, site: '<b>' }, rows, 'html').body
  expect(page).toContain('Freedom of Information Act 2000')
  expect(page).not.toContain('<b>')
})
