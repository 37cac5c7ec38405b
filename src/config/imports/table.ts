import { say } from '../../core/catalogue/say.ts'
import { cellsOf } from '../csv.ts'
import type { ConfigFault } from '../fault.ts'

/** One row of somebody else's table, by heading. */
export interface ForeignRow {
  readonly line: number
  /** The cells of one heading, or of several behind one another; empty where there are none. */
  of(column: string | readonly string[]): string
}

/**
 * Reads a table that another system has exported: commas, semicolons, tabs or bars, lines above the headings, columns that
 * nobody asked for. A column that the map names and the table has not is a fault.
 */
export function readForeign(
  file: string,
  text: string,
  headingLine: number,
  wanted: readonly (string | readonly string[] | undefined)[],
  faults: ConfigFault[],
): readonly ForeignRow[] {
  const lines = cellsOf(file, text, separatorOf(text, headingLine), faults)
  if (lines === undefined) return []
  const heading = lines.find(({ line }) => line >= headingLine)
  const names = heading?.cells ?? []
  const missing = wanted.flatMap((one) => one ?? []).filter((name) => !names.includes(name))
  for (const name of new Set(missing))
    faults.push({ path: `${file}:${heading?.line ?? 1}`, code: 'csv-column-missing', detail: name })
  const doubled = wanted
    .flatMap((one) => one ?? [])
    .filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
  for (const name of new Set(doubled))
    faults.push({
      ...{ path: `${file}:${heading?.line ?? 1}:${name}`, code: 'config-doubled' as const },
      detail: say('settings.theHeadingAppearsTwice'),
    })
  if (heading === undefined || missing.length > 0 || doubled.length > 0) return []
  return lines
    .filter(({ line, cells }) => line > heading.line && cells.some((cell) => cell !== ''))
    .map(({ line, cells }) => ({
      line,
      of: (column) =>
        [column]
          .flat()
          .map((name) => cells[names.indexOf(name)] ?? '')
          .filter((cell) => cell !== '')
          .join(' '),
    }))
}

/** What the heading line has most of. */
function separatorOf(text: string, headingLine: number): string {
  const line = text.split(/\r?\n/)[headingLine - 1] ?? ''
  const count = (sign: string) => line.split(sign).length
  return [',', ';', '\t', '|'].reduce((best, sign) => (count(sign) > count(best) ? sign : best))
}
