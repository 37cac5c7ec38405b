import { backupsOf } from '../app/backups.ts'
import { copyWork, ledgerOf } from '../app/copies.ts'
import { say } from '../core/catalogue/say.ts'
import { printInstant } from '../core/instant.ts'
import { systemClock } from '../io/clock.ts'
import { drillNow, reachCopies } from '../run/keep/drill.ts'
import { configured, operatorHere, refused, tell, withStore, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'

/** `bleepd drill restore`: the newest copy restored elsewhere and counted; the daemon's own work goes on meanwhile. */
export async function drill(what: string, named: string | undefined): Promise<ExitCode> {
  if (what !== 'restore') {
    tell(say('cli.drillOnlyRestore'))
    return EXIT.usage
  }
  const whole = configured(named)
  if (typeof whole === 'number') return whole
  const [copies, ledger] = [backupsOf(whole), ledgerOf(whole)]
  if (copies === undefined || ledger === undefined) {
    tell(say('cli.drillNoBackup'))
    return EXIT.usage
  }
  return withStore(whole, 'write', async (store) => {
    const clock = systemClock(() => undefined)
    const parts = { store, clock, backups: copies.to, ledger, work: copyWork(whole) }
    for (const { copy, erased } of await reachCopies(parts)) tell(say('cli.drillErased', { copy, erased }))
    const last = await drillNow(parts, operatorHere())
    if (last === undefined) {
      tell(say('cli.drillNoCopy'))
      return EXIT.fault
    }
    const { counts, ...rest } = last
    await writtenJson({
      ...{ ...rest, at: printInstant(last.at), good: last.troubles.length === 0 },
      ...(counts === undefined
        ? {}
        : {
            counts: {
              ...counts,
              ...(counts.newest === undefined ? {} : { newest: printInstant(counts.newest) }),
            },
          }),
    })
    return last.troubles.length === 0
      ? EXIT.good
      : refused({ code: 'drill-failed', detail: last.troubles.join('; ') })
  })
}
