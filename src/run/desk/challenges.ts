import { type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { Store } from '../../ports/store.ts'

/** Long enough to find a key fob. */
const LASTS: Millis = 5 * MINUTE
const NOTE = 'challenge-used/'

/**
 * What a passkey signs. A challenge says itself when it ends and for whom it is, so that any node takes what another has
 * made; that it was used stands in the database.
 */
export function createChallenges(parts: {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly sign: (text: string) => string
}) {
  const { store, clock, random, sign } = parts
  const signed = (until: Instant, random: string, about: string) =>
    sign(`challenge\n${until}\n${random}\n${about}`)
  return {
    make(about: string): string {
      const until = Math.floor(clock.now() + LASTS)
      const once = Buffer.from(random.bytes(16)).toString('base64url')
      return `${until}.${once}.${signed(until, once, about)}`
    },
    /** True once for each that we made, in its time. */
    async take(challenge: string, about: string): Promise<boolean> {
      const [end, once, mac] = challenge.split('.')
      const until = Number(end)
      const now = clock.now()
      if (once === undefined || mac !== signed(until, once, about) || !(until > now)) return false
      return store.transact(async (tx) => {
        await tx.alone(`challenge/${once}`)
        if ((await tx.notes.get(NOTE + once)) !== undefined) return false
        for (const { key, at } of await tx.notes.list(NOTE)) if (now - at > LASTS) await tx.notes.forget(key)
        await tx.notes.set(NOTE + once, {}, now)
        return true
      })
    },
  }
}
