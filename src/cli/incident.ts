import { writeFileSync } from 'node:fs'
import { elsewhereOf, heardOf, signerOf } from '../app/copies.ts'
import { say } from '../core/catalogue/say.ts'
import { incidentPage } from '../core/desk/incident-page.ts'
import { timeIn } from '../core/desk/plain-page.ts'
import { buildDirectory } from '../core/directory/build.ts'
import { systemClock } from '../io/clock.ts'
import { systemRandom } from '../io/random.ts'
import { sha256 } from '../io/store/audit.ts'
import { incidentPack } from '../run/keep/incident.ts'
import { configured, operatorHere, refused, tell, withStore } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'

export interface IncidentOptions {
  readonly config?: string
  readonly reason: string
  readonly to: string
  readonly names: boolean
}

/** `bleepd incident`: one call replayed minute by minute, signed and chained; a page to read beside it. */
export async function incident(id: string, options: IncidentOptions): Promise<ExitCode> {
  const whole = configured(options.config)
  if (typeof whole === 'number') return whole
  return withStore(whole, 'write', async (store, keys) => {
    const directory = buildDirectory(whole.site, await store.transact((tx) => tx.directory.list()))
    const parts = {
      ...{ store, clock: systemClock(() => undefined), random: systemRandom, directory: () => directory },
      ...{ ...elsewhereOf(whole, keys), digest: sha256, signer: () => signerOf(whole) },
      heard: heardOf(whole, keys),
    }
    const pack = await incidentPack(parts, operatorHere(), id, options.reason, options.names)
    if (!pack.ok) return refused(pack.fault)
    const page = incidentPage(pack.value, timeIn(directory.zone), timeIn(directory.zone, 'long'))
    writeFileSync(options.to, pack.value, { mode: 0o600, flag: 'wx' })
    writeFileSync(`${options.to}.html`, page, { mode: 0o600, flag: 'wx' })
    tell(say('cli.incidentWritten', { file: options.to }))
    return EXIT.good
  })
}
