import { resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import { schemaOf } from '../io/store/upgrade.ts'
import { configured, written } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { ownDaemon } from './own-daemon.ts'
import { version } from './version.ts'

export interface StatusOptions {
  readonly config?: string
  /** Ask only whether it answers, as a container's health check does: what ails it is for people. */
  readonly alive?: boolean
}

/** `bleepd status`: what runs here and what ails, on one screen. Exit 1 where it does not run or is not fit to page. */
export async function status({ config, alive: only = false }: StatusOptions): Promise<ExitCode> {
  const whole = configured(config)
  if (typeof whole === 'number') return whole
  const { alive, ready, metrics = '' } = await ownDaemon(whole)
  const began = Number(/^process_start_time_seconds(?:\{[^}]*\})? ([\d.e+]+)/m.exec(metrics)?.[1])
  const rows: readonly (readonly [string, string])[] = [
    ['Command', version()],
    [
      'Daemon',
      alive === undefined
        ? say('cli.doesNotAnswer')
        : say('cli.runsVersion', { version: alive.version ?? say('cli.notTold') }),
    ],
    ...(Number.isFinite(began) ? [['Since', new Date(began * 1000).toISOString()] as const] : []),
    ['Site', say('cli.node', { name: whole.site.name, node: whole.config.node })],
    [
      'Lines',
      whole.feeds.length === 0
        ? say('cli.noneYet')
        : whole.feeds.map(({ id, name }) => `${id} (${name})`).join(', '),
    ],
    ['Schema', schemaHere(whole)],
    [
      say('cli.fitToPage'),
      ready === undefined ? say('cli.notKnown') : ready.status === 'ready' ? 'yes' : 'NO',
    ],
  ]
  const said = rows.map(([what, is]) => `${what.padEnd(12)} ${is}`)
  const ails = (ready?.reasons ?? []).map(({ subject, sentence, remedy, since, unfit }) =>
    say('cli.since', { mark: unfit ? '!' : '-', subject, sentence, since, remedy }),
  )
  await written(`${[...said, ...(ails.length === 0 ? [] : ['', ...ails])].join('\n')}\n`)
  const good = only ? alive !== undefined : ready?.status === 'ready'
  return good ? EXIT.good : EXIT.fault
}

export function schemaHere({ config }: Whole): string {
  if (config.store.kind === 'postgres') return 'in PostgreSQL'
  return schemaOf(resolve(config.folder, config.store.path)) ?? say('cli.noDatabaseYet')
}
