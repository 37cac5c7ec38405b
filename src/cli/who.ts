import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readWhen } from '../config/report.ts'
import { waysOf } from '../config/ways.ts'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import type { Device } from '../core/deliver/device.ts'
import { buildDirectory } from '../core/directory/build.ts'
import { isAddress, readAddress } from '../core/foresee/asked-of.ts'
import { type ForeseeParts, foresee, ringsSomebody } from '../core/foresee/foresee.ts'
import { foreseenView } from '../core/foresee/view.ts'
import { holesOf, WEEK_HOURS } from '../core/foresee/week.ts'
import { HOUR, type Instant, printInstant } from '../core/instant.ts'
import type { Store } from '../ports/store.ts'
import { configured, tell, withStore, written, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { printForeseen, printHole } from './who-text.ts'

export interface WhoOptions {
  readonly config?: string
  readonly text?: string
  readonly at?: string
  readonly all: boolean
  readonly format: string
}

/**
 * `bleepd who`: what a page would mean, who would be rung by which ways and at which second, with nobody rung. With
 * `--all`, every number at every hour of the coming week. Reads the devices and the rota's changes of a running daemon.
 */
export async function who(
  number: string | undefined,
  options: WhoOptions,
  now: Instant = Date.now(),
): Promise<ExitCode> {
  if (options.format !== 'text' && options.format !== 'json') return usage(say('cli.whoFormatForm'))
  if ((number === undefined) !== options.all || number?.trim() === '') return usage(say('cli.whoNone'))
  if (options.all && options.text !== undefined) return usage(say('cli.whoAllNoWords'))
  const whole = configured(options.config)
  if (typeof whole === 'number') return whole
  const at = options.at === undefined ? now : readWhen(options.at, whole.site.zone)
  if (at === undefined) return usage(say('cli.whoAtForm'))
  return withParts(whole, now, (parts) =>
    number === undefined ? all(whole, parts, at, options) : one(whole, parts, number, at, options),
  )
}

/** The rota with its changes and the devices that are enrolled, where a database is there already. */
async function withParts(
  whole: Whole,
  now: Instant,
  work: (parts: ForeseeParts) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { config, rules, policies, site } = whole
  const parts = (store?: { readonly devices: readonly Device[] }): Omit<ForeseeParts, 'directory'> => ({
    ...{ rules, policies, now, channels: waysOf(config) },
    ...(store ? { devices: store.devices } : {}),
  })
  if (config.store.kind === 'sqlite' && !existsSync(resolve(config.folder, config.store.path))) {
    tell(say('cli.whoNoDatabase'))
    return work({ ...parts(), directory: buildDirectory(site) })
  }
  return withStore(whole, 'read', async (store: Store) => {
    const [edits, devices] = await store.transact((tx) =>
      Promise.all([tx.directory.list(), tx.devices.list()]),
    )
    return work({ ...parts({ devices }), directory: buildDirectory(site, edits) })
  })
}

async function one(
  { site }: Whole,
  parts: ForeseeParts,
  number: string,
  at: Instant,
  { text = '', format }: WhoOptions,
): Promise<ExitCode> {
  const [hospital = '', ...more] = site.hospitals.keys()
  if (!isAddress(number, parts.directory))
    return usage(say('cli.whoUnread', { number, hospital, hospitals: [hospital, ...more].join(', ') }))
  const foreseen = foresee(readAddress(number, parts.directory), text, at, parts)
  const view = foreseenView(foreseen, at, parts.directory)
  if (format === 'json') await writtenJson(view)
  else await written(printForeseen(view, site.zone))
  return ringsSomebody(foreseen, parts.devices !== undefined) ? EXIT.good : EXIT.nobody
}

async function all(
  { site }: Whole,
  parts: ForeseeParts,
  at: Instant,
  { format }: WhoOptions,
): Promise<ExitCode> {
  const work = holesOf(Math.floor(at / HOUR) * HOUR, WEEK_HOURS, parts)
  let step = work.next()
  while (!step.done) step = work.next()
  const holes = step.value
  const { directory } = parts
  if (format === 'json')
    for (const { from, to, ...hole } of holes)
      await written(`${JSON.stringify({ ...hole, from: printInstant(from), to: printInstant(to) })}\n`)
  else for (const hole of holes) await written(printHole(hole, directory, site.zone))
  const unrung = holes.filter(({ code }) => code === 'nobody-rung').length
  tell(
    holes.length === 0
      ? say('cli.whoAllAnswered', { size: directory.numbers.size })
      : say('cli.whoHoles', {
          holes: holes.length,
          gaps: holes.length === 1 ? 'gap' : 'gaps',
          unrung,
        }),
  )
  return unrung === 0 ? EXIT.good : EXIT.nobody
}

function usage(sentence: string): ExitCode {
  tell(sentence)
  return EXIT.usage
}
