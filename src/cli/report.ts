import { readSpan, readWhen, reportSettings, TIMES } from '../config/report.ts'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import { buildDirectory } from '../core/directory/build.ts'
import { given } from '../core/given.ts'
import { systemClock } from '../io/clock.ts'
import { REPORT_FORMATS, type ReportFormat, renderReport } from '../io/report/render.ts'
import { makeReport } from '../run/keep/report.ts'
import { configured, tell, withStore, written } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { lean } from './lean.ts'

export interface ReportOptions {
  readonly config?: string
  readonly from: string
  readonly to: string
  readonly shift?: string
  readonly hospital?: string
  readonly format: string
}

/** `bleepd report`: latency and time saved, read beside a running daemon without touching its database. */
export async function report(options: ReportOptions): Promise<ExitCode> {
  const format = REPORT_FORMATS.find((f) => f === options.format)
  if (format === undefined)
    return usage(say('cli.reportFormatForm', { reportFormats: REPORT_FORMATS.join(', ') }))
  // Whether a time can be read does not depend on the zone, so a slip is told before any configuration is looked for.
  if (readWhen(options.from, 'UTC') === undefined || readWhen(options.to, 'UTC') === undefined)
    return usage(TIMES)
  const whole = configured(options.config)
  return typeof whole === 'number' ? whole : print(whole, options, format)
}

async function print(whole: Whole, options: ReportOptions, format: ReportFormat): Promise<ExitCode> {
  lean()
  const settings = reportSettings(whole)
  const span = readSpan(whole, options)
  if (!span.ok) return usage(span.fault)
  const { shift, hospital } = options
  return withStore(whole, 'read', async (store) => {
    const edits = await store.transact((tx) => tx.directory.list())
    const made = await makeReport(
      { store, directory: buildDirectory(whole.site, edits), clock: systemClock(() => undefined) },
      { ...settings, ...span.value, ...given({ shift, hospital }) },
    )
    await written((await renderReport(made, format)).body)
    return EXIT.good
  })
}

function usage(sentence: string): ExitCode {
  tell(sentence)
  return EXIT.usage
}
