import { CsvError, parse } from 'csv-parse/sync'
import * as z from 'zod'
import type { ConfigFault } from './fault.ts'

/** A row that passed its schema, and the line of the file it ended on. */
export interface Row<T> {
  readonly value: T
  readonly line: number
}

const parsed = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }))

/**
 * Reads a CSV file (RFC 4180, heading line first, byte order mark allowed) through one schema per row.
 * Every fault of every row is added to `faults`; rows without fault come back, or nothing where the table as a whole
 * cannot be read.
 */
export function readCsv<Shape extends z.ZodRawShape>(
  file: string,
  text: string,
  schema: z.ZodObject<Shape>,
  faults: ConfigFault[],
): readonly Row<z.output<z.ZodObject<Shape>>>[] | undefined {
  const cells = parseCells(file, text, faults)
  if (cells === undefined) return undefined
  const [heading, ...body] = cells
  if (heading === undefined) {
    faults.push({ path: `${file}:1`, code: 'csv-column-missing', detail: 'the file is empty' })
    return undefined
  }
  const names = heading.record.map((name) => name.trim())
  if (!headingFits(file, names, schema, faults)) return undefined

  return body.flatMap(({ record, info }) => {
    const line = info.lines
    if (record.length === 1 && record[0]?.trim() === '') return []
    if (record.length !== names.length) {
      faults.push({
        path: `${file}:${line}`,
        code: 'csv-broken',
        detail: `${record.length} cells under ${names.length} headings`,
      })
      return []
    }
    const raw = Object.fromEntries(
      names.flatMap((name, i) => (record[i]?.trim() ? [[name, record[i].trim()]] : [])),
    )
    const result = schema.safeParse(raw)
    if (result.success) return [{ value: result.data, line }]
    for (const issue of result.error.issues) {
      faults.push({ path: [file, line, ...issue.path].join(':'), code: 'value-wrong', detail: issue.message })
    }
    return []
  })
}

function parseCells(file: string, text: string, faults: ConfigFault[]): z.output<typeof parsed> | undefined {
  try {
    return parsed.parse(parse(text, { bom: true, info: true, relax_column_count: true }))
  } catch (error) {
    const line = error instanceof CsvError ? Number(error.lines ?? 1) : 1
    faults.push({ path: `${file}:${line}`, code: 'csv-broken' })
    return undefined
  }
}

function headingFits<Shape extends z.ZodRawShape>(
  file: string,
  names: readonly string[],
  schema: z.ZodObject<Shape>,
  faults: ConfigFault[],
): boolean {
  const known = Object.entries(schema.shape)
  const missing = known.filter(
    ([name, cell]) => !names.includes(name) && !z.safeParse(cell, undefined).success,
  )
  for (const [name] of missing) {
    faults.push({ path: `${file}:1`, code: 'csv-column-missing', detail: name })
  }
  for (const name of names) {
    if (!known.some(([k]) => k === name)) {
      faults.push({ path: `${file}:1:${name}`, code: 'csv-column-unknown' })
    } else if (names.indexOf(name) !== names.lastIndexOf(name)) {
      faults.push({ path: `${file}:1:${name}`, code: 'config-doubled', detail: 'the heading appears twice' })
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
