import { Worker } from 'node:worker_threads'
import { say } from '../core/catalogue/say.ts'
import type { Duty, Person, PlanNumber, Role } from '../core/directory/directory.ts'
import type { Edit } from '../core/directory/edits.ts'
import type { RotaLine } from '../core/directory/site.ts'
import type { Result } from '../core/faults.ts'
import type { Instant, Millis } from '../core/instant.ts'
import { MINUTE } from '../core/instant.ts'
import type { ConfigFault } from './fault.ts'
import type { Reading, ReadingMessage } from './reading.ts'
import { sharingWords } from './shared-words.ts'

/** No files take longer; a reading that does is given up, and what stands stands. */
const WITHIN: Millis = 5 * MINUTE

/** A reader that grows beyond this is ended by itself, and the daemon with its pages is not. */
const HEAP_MB = 1536

/**
 * Reads configuration and site in another thread: whatever a file makes of a reader (an endless loop, all memory, a crash),
 * the daemon only hears that it was refused.
 */
export function readBeside(file: string, now: Instant): Promise<Result<Reading, readonly ConfigFault[]>> {
  return new Promise((done) => {
    const worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
      workerData: { file, now },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
    const rows = {
      people: [] as Person[],
      roles: [] as Role[],
      numbers: [] as PlanNumber[],
      rota: [] as RotaLine[],
      duties: [] as Duty[],
      changes: [] as Edit[],
    }
    const share = sharingWords()
    const end = (result: Result<Reading, readonly ConfigFault[]>): void => {
      clearTimeout(late)
      void worker.terminate()
      done(result)
    }
    const failed = (detail: string): void =>
      end({ ok: false, fault: [{ path: file, code: 'config-unreadable', detail }] })
    const late = setTimeout(
      () => failed(say('settings.notReadWithinMinutes', { minutes: WITHIN / MINUTE })),
      WITHIN,
    )
    worker.on('message', (message: ReadingMessage) => {
      if (message.kind === 'faults') return end({ ok: false, fault: message.faults })
      if (message.kind === 'rest') {
        const site = { ...message.reading.site, ...rows }
        return end({ ok: true, value: { ...message.reading, site } })
      }
      const into: unknown[] = rows[message.table]
      message.rows.forEach(share)
      into.push(...message.rows)
      // The next slice comes after whatever else waits for this thread.
      setImmediate(() => worker.postMessage('taken'))
    })
    worker.on('error', (error) => failed(error.message.split('\n')[0] ?? error.name))
    worker.on('exit', () => failed(say('settings.theReadingEndedByItself')))
  })
}
