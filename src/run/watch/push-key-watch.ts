import { PUSH_KEY, type PushKeyNote, pushKeyNote, withOldKey } from '../../core/deliver/push-key.ts'
import { MINUTE, type Millis } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Store } from '../../ports/store.ts'
import { everyDevice } from '../every-device.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

export interface PushKeyParts extends LoopTools {
  readonly store: Store
  /** The public half that phones subscribe with; undefined: no Web Push here. */
  readonly key: string | undefined
}

export interface PushKeyWatch extends Loop {
  troubles(): readonly Finding[]
}

const EVERY: Millis = MINUTE

/**
 * Push services refuse what is signed by another key than a phone subscribed with. After a change of keys each phone
 * needs a new address, which its app gets when it is opened: told from the first minute on, with how many are left.
 */
export function startPushKeyWatch(parts: PushKeyParts): PushKeyWatch {
  const { store, clock, key } = parts
  let left = 0
  let note: PushKeyNote | undefined

  const keep = (next: PushKeyNote): Promise<void> =>
    store.transact((tx) => tx.notes.set(PUSH_KEY, next, clock.now()))

  async function look(): Promise<void> {
    if (key === undefined) return
    note ??= pushKeyNote(await store.transact((tx) => tx.notes.get(PUSH_KEY)), key, clock.now())
    await keep(note)
    if (note.since === 0) return
    left = withOldKey(await everyDevice(store), note)
    // All have moved: nothing is left to count.
    if (left === 0) note = { key, since: 0 }
  }

  const loop = startLoop('push-key-watch', [], EVERY, look, parts)
  return {
    ...loop,
    troubles: () =>
      left === 0
        ? []
        : [
            {
              code: 'push-key-changed',
              subject: 'webpush',
              detail: left === 1 ? '1 phone' : `${left} phones`,
            },
          ],
  }
}
