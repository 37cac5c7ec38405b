import { visible } from './visible.ts'

export type Cell = string | number | null | undefined

/** One line of a table for spreadsheets (RFC 4180), without its ending. */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map(csvCell).join(',')
}

/** How a formula begins, also behind blanks, which some programs pass over, and in the wide signs of East Asian text. */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u

/** A cell that a spreadsheet would run as a formula is defused by an apostrophe. */
function csvCell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const plain = visible(value)
  const safe = FORMULA.test(value) ? `'${plain}` : plain
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
