import { say } from '../../core/catalogue/say.ts'
import { page, text } from '../../core/markup.ts'
import { type FoiRow, foiCsv } from '../../core/measure/report/foi.ts'
import { type Report, SMALLEST_GROUP } from '../../core/measure/report/report.ts'
import type { ReportFormat } from './render.ts'
import { STYLE } from './style.ts'

/** The figures as bytes of a file or an answer, with their media type. */
export function renderFoi(
  { site, from, to }: Pick<Report, 'site' | 'from' | 'to'>,
  rows: readonly FoiRow[],
  format: ReportFormat,
): { type: string; body: string } {
  if (format === 'csv') return { type: 'text/csv; charset=utf-8; header=present', body: foiCsv(rows) }
  if (format === 'json')
    return {
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify({ site, from, to, rows }, null, 2)}\n`,
    }
  const title = say('policy.foiTitle', { site })
  const lines = rows.map(
    (row) =>
      `<tr>${[row.section, row.item, row.value].map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`,
  )
  const says = say('policy.foiSays', { from, to, least: SMALLEST_GROUP })
  return {
    type: 'text/html; charset=utf-8',
    body: page({
      ...{ title, style: STYLE, sort: 'words' },
      body: `<h1>${text(title)}</h1>\n<p>${text(says)}</p>\n<table>${lines.join('\n')}</table>`,
    }),
  }
}
