import { z } from 'zod'
import type { Instant } from '../../core/instant.ts'
import { MINUTE, type Millis } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Store } from '../../ports/store.ts'
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
const NOTE = 'push-key'
const noteSchema = z.object({ key: z.string(), since: z.number() })

/**
 * Push services refuse what is signed by another key than a phone subscribed with. After a change of keys each phone
 * needs a new address, which its app gets when it is opened: told from the first minute on, with how many are left.
 */
export function startPushKeyWatch(parts: PushKeyParts): PushKeyWatch {
  const { store, clock, key } = parts
  let left = 0
  let since: Instant | undefined

  async function look(): Promise<void> {
    if (key === undefined) return
    since ??= await store.transact(async (tx) => {
      const known = noteSchema.safeParse(await tx.notes.get(NOTE)).data
      if (known?.key === key) return known.since
      // The first key of all: nobody subscribed with another.
      const from = known === undefined ? 0 : clock.now()
      await tx.notes.set(NOTE, { key, since: from }, clock.now())
      return from
    })
    if (since === 0) return
    const devices = await store.transact((tx) => tx.devices.list())
    const before = since
    left = devices.filter(
      (d) => d.channel === 'webpush' && d.state === 'active' && (d.subscribed ?? d.enrolled) < before,
    ).length
    // All have moved: nothing is left to count.
    if (left === 0) {
      await store.transact((tx) => tx.notes.set(NOTE, { key, since: 0 }, clock.now()))
      since = 0
    }
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
