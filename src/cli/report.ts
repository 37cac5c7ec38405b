import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { printConfigFault } from '../config/fault.ts'
import { readSpan, readWhen, reportSettings, TIMES } from '../config/report.ts'
import { loadWhole, type Whole } from '../config/whole.ts'
import { buildDirectory } from '../core/directory/build.ts'
import { FAULTS } from '../core/faults.ts'
import { systemClock } from '../io/clock.ts'
import { REPORT_FORMATS, type ReportFormat, renderReport } from '../io/report/render.ts'
import { openPostgres, openSqliteToRead } from '../io/store/open.ts'
import { type Store, StoreFault } from '../ports/store.ts'
import { makeReport } from '../run/report.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { lean } from './lean.ts'

export interface ReportOptions {
  readonly config?: string
  readonly from: string
  readonly to: string
  readonly shift?: string
  readonly format: string
}

/** Where the configuration is looked for when the command line does not say. */
const USUAL_PLACES = ['bridge.yaml', 'config/bridge.yaml', '/etc/bleepd/bridge.yaml']

/** `bleepd report`: latency and time saved, read beside a running daemon without touching its database. */
export async function report(options: ReportOptions): Promise<ExitCode> {
  const format = REPORT_FORMATS.find((f) => f === options.format)
  if (format === undefined) return usage(`--format is one of ${REPORT_FORMATS.join(', ')}`)
  // Whether a time can be read does not depend on the zone, so a slip is told before any configuration is looked for.
  if (readWhen(options.from, 'UTC') === undefined || readWhen(options.to, 'UTC') === undefined)
    return usage(TIMES)
  const file = options.config ?? process.env.BLEEPD_CONFIG ?? USUAL_PLACES.find((path) => existsSync(path))
  if (file === undefined) {
    say('No configuration found. Name one with --config FILE or in BLEEPD_CONFIG')
    return EXIT.configuration
  }
  const whole = loadWhole(file, Date.now())
  if (!whole.ok) {
    for (const fault of whole.fault) say(printConfigFault(fault))
    return EXIT.configuration
  }
  return print(whole.value, options, format)
}

async function print(whole: Whole, options: ReportOptions, format: ReportFormat): Promise<ExitCode> {
  lean()
  const settings = reportSettings(whole)
  const span = readSpan(whole, options)
  if (!span.ok) return usage(span.fault)
  const { shift } = options
  let store: Store | undefined
  try {
    store = await openStore(whole)
    const edits = await store.transact((tx) => tx.directory.list())
    const made = await makeReport(
      { store, directory: buildDirectory(whole.site, edits), clock: systemClock(() => undefined) },
      { ...settings, ...span.value, ...(shift === undefined ? {} : { shift }) },
    )
    await written((await renderReport(made, format)).body)
    return EXIT.good
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error
    say(`${error.code}: ${FAULTS[error.code].sentence} — ${FAULTS[error.code].remedy}`)
    return EXIT.fault
  } finally {
    await store?.close()
  }
}

async function openStore({ config }: Whole): Promise<Store> {
  return config.store.kind === 'postgres'
    ? openPostgres(config.store.url, () => say('A database connection was lost'))
    : openSqliteToRead(resolve(config.folder, config.store.path))
}

/** A pipe takes a long report in pieces; the process must not end before the last one. */
function written(body: string): Promise<void> {
  return new Promise((done, broken) =>
    process.stdout.write(body, (error) => (error ? broken(error) : done())),
  )
}

function usage(sentence: string): ExitCode {
  say(sentence)
  return EXIT.usage
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
