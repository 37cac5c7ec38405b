import type { App } from '../app.ts'
import { type ConfigFault, isDoubt } from '../config/fault.ts'
import { takeGood } from '../config/last-good.ts'
import { readBeside } from '../config/read-beside.ts'
import { StoreFault } from '../ports/store.ts'
import type { Telling } from '../ports/tools.ts'

interface ReloadParts extends Telling {
  readonly file: string
  readonly app: App
}

/** Hang-up signals, each of which asks for the site's files to be read again. */
export interface HangUps {
  /** From now on files are read for them, at once for whatever came before. */
  serve(parts: ReloadParts): void
  end(): void
}

/**
 * Reads the site's files again at each hang-up signal (`systemctl reload`), one reading at a time. Files with a fault
 * are refused whole and the daemon goes on with those it has: a slip in next week's rota must not cost tonight's.
 * Whatever goes wrong in it, however it does, is such a refusal and never the end of the daemon. A hang-up while the
 * daemon starts waits until it runs: unheard, it would end the process.
 */
export function hangUps(): HangUps {
  let parts: ReloadParts | undefined
  let early = false
  let reading = Promise.resolve()
  const heard = (): void => {
    const now = parts
    if (now === undefined) early = true
    else reading = reading.then(() => reload(now))
  }
  process.on('SIGHUP', heard)
  return {
    serve(given) {
      parts = given
      if (early) heard()
    },
    end: () => void process.off('SIGHUP', heard),
  }
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
    const waiting = await app.reload(whole.value)
    app.kept(whole.value.laid && takeGood(file))
    metrics.count('bleepbridge_reloads_total', { outcome: 'done' })
    for (const { path, code } of whole.value.doubts) log.warn('reload-doubtful', { path, fault: code })
    log.info('reloaded', { people: whole.value.site.people.length, numbers: whole.value.site.numbers.length })
    if (waiting.length > 0) log.warn('restart-needed', { settings: waiting })
  } catch (error) {
    if (!(error instanceof StoreFault)) log.error('reload-defect', { error })
    refused([{ path: file, code: error instanceof StoreFault ? error.code : 'task-failed' }])
  }
}
