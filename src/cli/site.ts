import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printConfigFault } from '../config/fault.ts'
import { loadSite } from '../config/site.ts'
import { exportSite } from '../config/site-export.ts'
import { say } from '../core/catalogue/say.ts'
import { buildDirectory } from '../core/directory/build.ts'
import { findRotaFlaws } from '../core/directory/cover-check.ts'
import { DAY, type Instant, printInstant } from '../core/instant.ts'
import { REASONS } from '../core/reasons.ts'
import { EXIT, type ExitCode } from './exit.ts'

export interface SiteOptions {
  /** How many days of the rota to look through, from now. */
  readonly days: number
  /** Folder to write the tables to, as CSV. */
  readonly export?: string
}

/** Calendars are read no further ahead than this. */
const LONGEST = 400

/**
 * `bleepd site`: every fault of a site folder, or every gap and double cover of its rota, one JSON object a line.
 * Exit 78 for faults, 1 where the rota has flaws, so that a rota office can run it before handing files in.
 */
export function site(folder: string, options: SiteOptions, now: Instant = Date.now()): ExitCode {
  if (!(options.days > 0 && options.days <= LONGEST)) {
    process.stderr.write(say('cli.siteDaysForm', { longest: LONGEST }))
    return EXIT.usage
  }
  const loaded = loadSite(folder, now)
  if (!loaded.ok) {
    for (const fault of loaded.faults) process.stdout.write(`${printConfigFault(fault)}\n`)
    return EXIT.configuration
  }
  for (const doubt of loaded.doubts) process.stderr.write(`${printConfigFault(doubt)}\n`)
  if (options.export !== undefined) {
    mkdirSync(options.export, { recursive: true })
    for (const [file, text] of exportSite(loaded.site)) writeFileSync(join(options.export, file), text)
    process.stderr.write(say('cli.siteWritten', { export: options.export }))
  }
  const flaws = findRotaFlaws(buildDirectory(loaded.site), now, now + options.days * DAY)
  for (const { role, from, to, reason, holders, wanted } of flaws) {
    const span = { from: printInstant(from), to: printInstant(to) }
    process.stdout.write(
      `${JSON.stringify({ role, ...span, reason, sentence: REASONS[reason], holders, wanted })}\n`,
    )
  }
  const found = flaws.length === 0 ? say('cli.siteNoFlaws') : say('cli.siteFlaws', { flaws: flaws.length })
  process.stderr.write(say('cli.siteGood', { folder, found, days: options.days }))
  return flaws.length === 0 ? EXIT.good : EXIT.fault
}
