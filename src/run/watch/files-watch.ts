import { say } from '../../core/catalogue/say.ts'
import { clockAt, dayAt, printDay } from '../../core/directory/civil.ts'
import type { Instant } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'

/** Whether the site's files as they are now are the ones in force. */
export interface FilesWatch {
  /** Files were read and are in force from now on. */
  taken(at: Instant, zone: string): void
  /** Files were read and refused: those before stand until a reading is taken. */
  refused(faults: readonly { readonly path: string }[]): void
  /** Whether a copy of the files in force could be kept, which a restart goes back to. */
  kept(done: boolean): void
  /** Settings that were changed since the start and are read only there; none: all of the file is in force. */
  waiting(settings: readonly string[]): void
  /** A reading that was refused, for as long as it is not mended. */
  troubles(): readonly Finding[]
}

/** So many settings are named. */
const MOST = 6

/** @param folder what paths are shown from */
export function createFilesWatch(folder: string): FilesWatch {
  let inForce: { readonly at: Instant; readonly zone: string } | undefined
  let standing: string | undefined
  let unkept = false
  let waits: readonly string[] = []
  return {
    taken(at, zone) {
      inForce = { at, zone }
      standing = undefined
    },
    refused(faults) {
      const [first] = faults
      const path = first?.path.replace(`${folder}/`, '') ?? ''
      standing = faults.length > 1 ? say('watch.pathAndMore', { path, count: faults.length - 1 }) : path
    },
    kept(done) {
      unkept = !done
    },
    waiting(settings) {
      waits = [...new Set(settings.map(shownPart))]
    },
    troubles() {
      const beside: readonly Finding[] = [
        ...(unkept ? [{ code: 'last-good-unkept', subject: 'files' } as const] : []),
        ...(waits.length > 0
          ? [{ code: 'restart-needed', subject: 'files', detail: listed(waits) } as const]
          : []),
      ]
      if (standing === undefined) return beside
      const since =
        inForce && `${printDay(dayAt(inForce.at, inForce.zone))} ${clockAt(inForce.at, inForce.zone)}`
      return [
        ...beside,
        {
          code: 'reload-refused',
          subject: 'files',
          detail: since === undefined ? standing : say('watch.inForceIs', { standing, since }),
        },
      ]
    },
  }
}

/** `http.operators` of `http.operators.anna.role`: anybody may ask what stands, and an id may be a name. */
const shownPart = (setting: string): string => setting.split('.').slice(0, 2).join('.')

function listed(settings: readonly string[]): string {
  const path = settings.slice(0, MOST).join(', ')
  return settings.length <= MOST ? path : say('watch.pathAndMore', { path, count: settings.length - MOST })
}
