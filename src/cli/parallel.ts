import { readSpan, readWhen, TIMES } from '../config/report.ts'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import { buildDirectory } from '../core/directory/build.ts'
import { given } from '../core/given.ts'
import { type ParallelRow, verdictOf } from '../core/measure/report/parallel.ts'
import { onAir, parallelOf } from '../run/keep/parallel.ts'
import { configured, tell, withStore, written, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'

export interface ParallelOptions {
  readonly config?: string
  readonly from: string
  readonly to: string
  readonly hospital?: string
  readonly format: string
}

/** `bleepd parallel`: which was quicker, pager or phone, and what either lost, by role: for the decision to go live. */
export async function parallel(options: ParallelOptions): Promise<ExitCode> {
  const { format } = options
  if (format !== 'text' && format !== 'json') return usage(say('cli.whoFormatForm'))
  if (readWhen(options.from, 'UTC') === undefined || readWhen(options.to, 'UTC') === undefined)
    return usage(TIMES)
  const whole = configured(options.config)
  if (typeof whole === 'number') return whole
  const span = readSpan(whole, options)
  if (!span.ok) return usage(span.fault)
  return withStore(whole, 'read', async (store) => {
    const edits = await store.transact((tx) => tx.directory.list())
    const directory = buildDirectory(whole.site, edits)
    const air = onAir(whole.feeds)
    const { hospital } = options
    const rows = await parallelOf(store, directory, air, { ...span.value, ...given({ hospital }) })
    if (format === 'json')
      await writtenJson({ air: air.size > 0, rows: rows.map((r) => ({ ...r, sentence: verdictOf(r) })) })
    else
      await written(
        printed(rows, air.size > 0, { site: nameOf(whole, hospital), from: options.from, to: options.to }),
      )
    return EXIT.good
  })
}

const nameOf = ({ site }: Whole, hospital = ''): string => site.hospitals.get(hospital) ?? site.name

function printed(
  rows: readonly ParallelRow[],
  air: boolean,
  head: { readonly site: string; readonly from: string; readonly to: string },
): string {
  const title = [say('parallel.title', head), ...(air ? [] : [say('parallel.noAir')]), '']
  if (rows.length === 0) return `${[...title, say('parallel.none')].join('\n')}\n`
  const columns: readonly (readonly [string, (row: ParallelRow) => string | number])[] = [
    [say('parallel.role'), ({ name }) => name],
    [say('parallel.bleeps'), ({ bleeps }) => bleeps],
    [say('parallel.both'), ({ byBoth }) => byBoth],
    [say('parallel.phoneFirst'), ({ phoneFirst }) => phoneFirst],
    [
      say('parallel.behind'),
      ({ behindSeconds }) => (behindSeconds === null ? '' : say('parallel.seconds', behindSeconds)),
    ],
    [say('parallel.phoneLost'), ({ phoneLost }) => phoneLost],
    [say('parallel.pagerLost'), ({ pagerLost }) => pagerLost ?? '?'],
  ]
  const cells = [
    columns.map(([name]) => name),
    ...rows.map((row) => columns.map(([, of]) => String(of(row)))),
  ]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)))
  const lines = cells.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const [heading = '', ...table] = lines
  const told = table.flatMap((line, i) => [line, `  ${verdictOf(rows[i]!)}`])
  return `${[...title, heading, ...told].join('\n')}\n`
}

function usage(sentence: string): ExitCode {
  tell(sentence)
  return EXIT.usage
}
