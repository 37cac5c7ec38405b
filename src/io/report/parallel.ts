import { say } from '../../core/catalogue/say.ts'
import { csvLine } from '../../core/csv.ts'
import { page, text } from '../../core/markup.ts'
import { type ParallelRow, verdictOf } from '../../core/measure/report/parallel.ts'
import type { ReportFormat } from './render.ts'
import { STYLE } from './style.ts'

/** What stands over the rows. */
export interface ParallelHead {
  readonly site: string
  readonly from: string
  readonly to: string
  /** Whether a receiver listens to the air. */
  readonly air: boolean
}

const COLUMNS: readonly (readonly [string, (row: ParallelRow) => string])[] = [
  [say('parallel.role'), ({ name }) => name],
  [say('parallel.bleeps'), ({ bleeps }) => `${bleeps}`],
  [say('parallel.both'), ({ byBoth }) => `${byBoth}`],
  [say('parallel.phoneFirst'), ({ phoneFirst }) => `${phoneFirst}`],
  [say('parallel.behind'), ({ behindSeconds: by }) => (by === null ? '' : say('parallel.seconds', by))],
  [say('parallel.phoneLost'), ({ phoneLost }) => `${phoneLost}`],
  [say('parallel.pagerLost'), ({ pagerLost }) => `${pagerLost ?? '?'}`],
  [say('parallel.says'), verdictOf],
]

/** Parallel running as bytes of a file or an answer, with their media type. */
export function renderParallel(
  rows: readonly ParallelRow[],
  head: ParallelHead,
  format: ReportFormat,
): { type: string; body: string } {
  const cells = rows.map((row) => COLUMNS.map(([, of]) => of(row)))
  const heads = COLUMNS.map(([name]) => name)
  if (format === 'csv')
    return {
      type: 'text/csv; charset=utf-8; header=present',
      body: [heads, ...cells].map((line) => `${csvLine(line)}\r\n`).join(''),
    }
  if (format === 'json')
    return {
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify({ ...head, rows: rows.map((row) => ({ ...row, sentence: verdictOf(row) })) }, null, 2)}\n`,
    }
  const title = say('parallel.title', { ...head })
  const line = (tag: 'th' | 'td') => (some: readonly string[]) =>
    `<tr>${some.map((cell) => `<${tag}>${text(cell)}</${tag}>`).join('')}</tr>`
  const table =
    rows.length === 0
      ? `<p>${text(say('parallel.none'))}</p>`
      : `<table><thead>${line('th')(heads)}</thead><tbody>${cells.map(line('td')).join('\n')}</tbody></table>`
  return {
    type: 'text/html; charset=utf-8',
    body: page({
      ...{ title, style: STYLE, sort: 'words' },
      body: `<h1>${text(title)}</h1>\n${head.air ? '' : `<p>${text(say('parallel.noAir'))}</p>`}\n${table}`,
    }),
  }
}
