import type { App } from '../app.ts'
import { type ConfigFault, isDoubt } from '../config/fault.ts'
import { takeGood } from '../config/last-good.ts'
import { readBeside } from '../config/read-beside.ts'
import { StoreFault } from '../ports/store.ts'
import type { Telling } from '../ports/tools.ts'

export interface ReloadParts extends Telling {
  readonly file: string
  readonly app: App
}

/**
 * Reads the site's files again at each hang-up signal (`systemctl reload`), one reading at a time. Files with a fault
 * are refused whole and the daemon goes on with those it has: a slip in next week's rota must not cost tonight's.
 * Whatever goes wrong in it, however it does, is such a refusal and never the end of the daemon.
 * Gives the way to stop listening.
 */
export function reloadOnHangUp(parts: ReloadParts): () => void {
  let reading = Promise.resolve()
  const heard = (): void => {
    reading = reading.then(() => reload(parts))
  }
  process.on('SIGHUP', heard)
  return () => void process.off('SIGHUP', heard)
}

async function reload({ file, app, log, metrics }: ReloadParts): Promise<void> {
  const refused = (faults: readonly ConfigFault[]): void => {
    metrics.count('bleepbridge_reloads_total', { outcome: 'refused' })
    for (const { path, code } of faults) log.error('reload-refused', { path, fault: code })
    app.refused(faults.filter((fault) => !isDoubt(fault)))
  }
  try {
    const whole = await readBeside(file, Date.now())
    if (!whole.ok) return refused(whole.fault)
    const restart = await app.reload(whole.value)
    app.kept(whole.value.laid && takeGood(file))
    metrics.count('bleepbridge_reloads_total', { outcome: 'done' })
    for (const { path, code } of whole.value.doubts) log.warn('reload-doubtful', { path, fault: code })
    log.info('reloaded', { people: whole.value.site.people.length, numbers: whole.value.site.numbers.length })
    if (restart) log.warn('restart-needed', { path: file })
  } catch (error) {
    if (!(error instanceof StoreFault)) log.error('reload-defect', { error })
    refused([{ path: file, code: error instanceof StoreFault ? error.code : 'task-failed' }])
  }
}
