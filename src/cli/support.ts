import { writeFileSync } from 'node:fs'
import { arch, cpus, freemem, release, totalmem } from 'node:os'
import { say } from '../core/catalogue/say.ts'
import { FAULTS } from '../core/faults.ts'
import { printInstant } from '../core/instant.ts'
import { configured, tell } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { ownDaemon } from './own-daemon.ts'
import { schemaHere } from './status.ts'
import { version } from './version.ts'

/**
 * `bleepd support`: what the makers need to help, in one file that names nobody: no person, no number, no words, no
 * address, no key. Only what stands in this list goes in, so that nothing new can slip in by itself.
 */
export async function support(
  file: string,
  { config: named }: { readonly config?: string },
  now = Date.now(),
): Promise<ExitCode> {
  const whole = configured(named)
  if (typeof whole === 'number') return whole
  const { config, site, feeds, doubts } = whole
  const { alive, ready, metrics } = await ownDaemon(whole)
  const bundle = {
    made: printInstant(now),
    version: version(),
    daemon: alive?.version ?? say('cli.statusNoAnswer'),
    schema: schemaHere(whole),
    runtime: process.version,
    machine: {
      kind: arch(),
      kernel: release(),
      processors: cpus().length,
      memory: totalmem(),
      free: freemem(),
    },
    configuration: {
      store: config.store.kind,
      feeds: feeds.map(({ id, port, profile }) => ({ id, port: port.kind, protocol: profile.protocol })),
      push: Object.keys(config.push),
      mqtt: config.mqtt !== undefined,
      tls: config.http.tls !== undefined,
      backup: config.backup !== undefined,
      doubts: doubts.map(({ code }) => code),
    },
    site: {
      ...{ people: site.people.length, roles: site.roles.length, teams: site.teams.length },
      ...{ numbers: site.numbers.length, rota: site.rota.length, duties: site.duties.length },
    },
    // A subject may be a role or a machine of the site, and a detail may be anything: the code says what it is.
    stands: (ready?.reasons ?? []).map(({ code, since, unfit }) => ({
      ...{ code, since, unfit: unfit === true },
      sentence: code in FAULTS ? FAULTS[code as keyof typeof FAULTS].sentence : undefined,
    })),
    // No label of a figure holds a number, a person or a text (config/prometheus/README.md).
    metrics: metrics?.split('\n').filter((line) => line !== '' && !line.startsWith('#')) ?? [],
  }
  try {
    writeFileSync(file, `${JSON.stringify(bundle, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    tell(say('cli.supportNotWritten', { file, why: error instanceof Error ? error.message : String(error) }))
    return EXIT.fault
  }
  tell(say('cli.supportWritten', { file }))
  return EXIT.good
}
