import { CsvError, parse } from 'csv-parse/sync'
import * as z from 'zod'
import { say } from '../core/catalogue/say.ts'
import type { ConfigFault } from './fault.ts'
import { spoiltCell } from './spoilt.ts'

/** A row that passed its schema, and the line of the file it ended on. */
export interface Row<T> {
  readonly value: T
  readonly line: number
}

/**
 * Reads a CSV file (RFC 4180, heading line first, byte order mark allowed) through one schema per row. Empty rows and empty
 * cells beyond the headings, which spreadsheets leave behind, are passed over.
 * Every fault of every row is added to `faults`; rows without fault come back, or nothing where the table as a whole
 * cannot be read.
 */
export function readCsv<Shape extends z.ZodRawShape>(
  file: string,
  text: string,
  schema: z.ZodObject<Shape>,
  faults: ConfigFault[],
): readonly Row<z.output<z.ZodObject<Shape>>>[] | undefined {
  // Each row is judged as it is met: what the parser makes of a large table is never there as a whole.
  const rows: Row<z.output<z.ZodObject<Shape>>>[] = []
  const found: ConfigFault[] = []
  let names: readonly string[] | undefined
  let fits = true
  const whole = eachLine(file, text, faults, ',', (record, line) => {
    if (names === undefined) {
      names = withoutEmptyEnd(record)
      fits = headingFits(file, names, schema, found)
    } else if (fits) {
      const value = rowValue({ file, line, names, record }, schema, found)
      if (value !== undefined) rows.push({ value, line })
    }
  })
  if (!whole) return undefined
  faults.push(...found)
  if (names === undefined) {
    faults.push({ path: `${file}:1`, code: 'csv-column-missing', detail: say('settings.theFileIsEmpty') })
    return undefined
  }
  return fits ? rows : undefined
}

function rowValue<Shape extends z.ZodRawShape>(
  at: {
    readonly file: string
    readonly line: number
    readonly names: readonly string[]
    readonly record: readonly string[]
  },
  schema: z.ZodObject<Shape>,
  faults: ConfigFault[],
): z.output<z.ZodObject<Shape>> | undefined {
  const { file, line, names, record } = at
  const cells = withoutEmptyEnd(record)
  if (cells.length === 0) return undefined
  if (cells.length > names.length || record.length < names.length) {
    const detail = say('settings.cellsUnderHeadings', { record: record.length, names: names.length })
    faults.push({ path: `${file}:${line}`, code: 'csv-broken', detail })
    return undefined
  }
  const raw: Record<string, string> = {}
  let spoilt = false
  for (const [i, value] of cells.entries()) {
    const name = names[i]
    if (name === undefined || value === '') continue
    raw[name] = value
    const detail = spoiltCell(value)
    if (detail === undefined) continue
    spoilt = true
    faults.push({ path: `${file}:${line}:${name}`, code: 'value-wrong', detail, value })
  }
  if (spoilt) return undefined
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    const value = raw[String(issue.path[0])]
    const detail = value === undefined ? say('settings.thisCellMayNotBe') : issue.message
    const path = [file, line, ...issue.path].join(':')
    faults.push({ path, code: 'value-wrong', detail, ...(value === undefined ? {} : { value }) })
  }
  return undefined
}

const withoutEmptyEnd = (record: readonly string[]): readonly string[] => {
  const cells = record.map((cell) => cell.trim())
  return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1)
}

/** Every line of a table with its cells trimmed, whatever its headings are. */
export function cellsOf(
  file: string,
  text: string,
  delimiter: string,
  faults: ConfigFault[],
): readonly { readonly line: number; readonly cells: readonly string[] }[] | undefined {
  const lines: { readonly line: number; readonly cells: readonly string[] }[] = []
  const whole = eachLine(file, text, faults, delimiter, (record, line) => {
    lines.push({ line, cells: record.map((cell) => cell.trim()) })
  })
  return whole ? lines : undefined
}

/** Hands over the cells of each row and the line it ended on. False, with its fault, where the table cannot be read to its end. */
function eachLine(
  file: string,
  text: string,
  faults: ConfigFault[],
  delimiter: string,
  take: (record: readonly string[], line: number) => void,
): boolean {
  const on_record = (record: readonly string[], { lines }: { readonly lines: number }) => {
    take(record, lines)
    return undefined
  }
  try {
    parse(text, { bom: true, relax_column_count: true, delimiter, on_record })
    return true
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number(error.lines ?? 1)
    const detail = /quote/i.test(error.message) ? say('settings.aStrayQuote') : undefined
    faults.push({ path: `${file}:${line}`, code: 'csv-broken', ...(detail === undefined ? {} : { detail }) })
    return false
  }
}

function headingFits<Shape extends z.ZodRawShape>(
  file: string,
  names: readonly string[],
  schema: z.ZodObject<Shape>,
  faults: ConfigFault[],
): boolean {
  const known = Object.entries(schema.shape)
  const separator = names.length === 1 ? /[;\t|]/.exec(names[0] ?? '')?.[0] : undefined
  if (separator !== undefined || /^sep=/i.test(names[0] ?? '')) {
    const detail = say('settings.itsCellsNotSeparatedCommas')
    faults.push({ path: `${file}:1`, code: 'csv-broken', detail })
    return false
  }
  const missing = known.filter(
    ([name, cell]) => !names.includes(name) && !z.safeParse(cell, undefined).success,
  )
  for (const [name] of missing) {
    faults.push({ path: `${file}:1`, code: 'csv-column-missing', detail: name })
  }
  for (const name of new Set(names)) {
    if (!known.some(([k]) => k === name)) {
      faults.push({ path: `${file}:1:${name}`, code: 'csv-column-unknown' })
    } else if (names.indexOf(name) !== names.lastIndexOf(name)) {
      faults.push({
        path: `${file}:1:${name}`,
        code: 'config-doubled',
        detail: say('settings.theHeadingAppearsTwice'),
      })
    }
  }
  return missing.length === 0
}

/** Writes rows under the given headings so that `readCsv` reads the same back. */
export function printCsv(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('')
}

function cell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
