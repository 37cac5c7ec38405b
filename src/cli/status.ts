import { resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import { say } from '../core/catalogue/say.ts'
import { schemaOf } from '../io/store/upgrade.ts'
import { configured, written } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { localWhen } from './local-when.ts'
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
  const { alive, ready } = await ownDaemon(whole)
  const rows: readonly (readonly [string, string])[] = [
    [say('cli.statusCommand'), version()],
    [
      say('cli.statusDaemon'),
      alive === undefined
        ? say('cli.statusNoAnswer')
        : say('cli.statusRuns', { version: alive.version ?? say('cli.statusNotTold') }),
    ],
    ...(alive?.began === undefined
      ? []
      : [[say('cli.statusBegan'), localWhen(Date.parse(alive.began), whole.site.zone)] as const]),
    [say('cli.statusSite'), say('cli.statusNode', { name: whole.site.name, node: whole.config.node })],
    [
      say('cli.statusLines'),
      whole.feeds.length === 0
        ? say('cli.statusNone')
        : whole.feeds.map(({ id, name }) => `${id} (${name})`).join(', '),
    ],
    [say('cli.statusRoles'), rolesHere(whole)],
    [say('cli.statusSchema'), schemaHere(whole)],
    [
      say('cli.statusFit'),
      ready === undefined
        ? say('cli.statusNotKnown')
        : say(ready.status === 'ready' ? 'cli.statusIsFit' : 'cli.statusIsNotFit'),
    ],
  ]
  const said = rows.map(([what, is]) => `${what.padEnd(12)} ${is}`)
  const ails = (ready?.reasons ?? []).map(({ subject, detail, sentence, remedy, since, unfit }) =>
    say('cli.statusSince', {
      ...{ mark: unfit ? '!' : '-', subject, remedy },
      sentence: detail === undefined ? sentence : `${sentence}: ${detail}`,
      since: localWhen(Date.parse(since), whole.site.zone),
    }),
  )
  await written(`${[...said, ...(ails.length === 0 ? [] : ['', ...ails])].join('\n')}\n`)
  const good = only ? alive !== undefined : ready?.status === 'ready'
  return good ? EXIT.good : EXIT.fault
}

/** How far going live has come. */
function rolesHere({ site }: Whole): string {
  const listening = site.roles.filter(({ listens }) => listens).length
  const live = site.roles.length - listening
  return listening === 0
    ? say('cli.statusRolesLive', { live })
    : say('cli.statusRolesListening', { live, listening })
}

export function schemaHere({ config }: Whole): string {
  if (config.store.kind === 'postgres') return say('cli.statusInPostgresql')
  return schemaOf(resolve(config.folder, config.store.path)) ?? say('cli.statusNoDatabase')
}
