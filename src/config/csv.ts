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

interface Line {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

const isLines = (value: unknown): value is readonly Line[] => Array.isArray(value)

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
  const lines = parseLines(file, text, faults)
  if (lines === undefined) return undefined
  const [heading, ...body] = lines
  if (heading === undefined) {
    faults.push({ path: `${file}:1`, code: 'csv-column-missing', detail: say('settings.theFileIsEmpty') })
    return undefined
  }
  const names = withoutEmptyEnd(heading.record)
  if (!headingFits(file, names, schema, faults)) return undefined

  return body.flatMap(({ record, info }) => {
    const line = info.lines
    const cells = withoutEmptyEnd(record)
    if (cells.length === 0) return []
    if (cells.length > names.length || record.length < names.length) {
      const detail = say('settings.cellsUnderHeadings', { record: record.length, names: names.length })
      faults.push({ path: `${file}:${line}`, code: 'csv-broken', detail })
      return []
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
    if (spoilt) return []
    const result = schema.safeParse(raw)
    if (result.success) return [{ value: result.data, line }]
    for (const issue of result.error.issues) {
      const value = raw[String(issue.path[0])]
      const detail = value === undefined ? say('settings.thisCellMayNotBe') : issue.message
      const path = [file, line, ...issue.path].join(':')
      faults.push({ path, code: 'value-wrong', detail, ...(value === undefined ? {} : { value }) })
    }
    return []
  })
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
  return parseLines(file, text, faults, delimiter)?.map(({ record, info }) => ({
    line: info.lines,
    cells: record.map((cell) => cell.trim()),
  }))
}

function parseLines(
  file: string,
  text: string,
  faults: ConfigFault[],
  delimiter = ',',
): readonly Line[] | undefined {
  try {
    const lines: unknown = parse(text, { bom: true, info: true, relax_column_count: true, delimiter })
    if (isLines(lines)) return lines
  } catch (error) {
    const line = error instanceof CsvError ? Number(error.lines ?? 1) : 1
    const detail = /quote/i.test(error instanceof Error ? error.message : '')
      ? say('settings.aStrayQuote')
      : undefined
    faults.push({ path: `${file}:${line}`, code: 'csv-broken', ...(detail === undefined ? {} : { detail }) })
  }
  return undefined
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
