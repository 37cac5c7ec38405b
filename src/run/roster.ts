import { buildDirectory, prepareSite, type SiteDirectory } from '../core/directory/build.ts'
import type { EditInput } from '../core/directory/edits.ts'
import { type Listed, withListed } from '../core/directory/listed.ts'
import type { Site } from '../core/directory/site.ts'
import { failed, ok, type Result } from '../core/faults.ts'
import { uuid7 } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import type { Store } from '../ports/store.ts'
import { inSlices } from './slices.ts'

/** Who is who and who is on, with every stored edit folded in. */
export interface Roster {
  readonly current: () => SiteDirectory
  /** Stores an edit and folds it in; refused with `offer-gone` where it changed nothing. Gives its id. */
  edit(by: string, edit: EditInput): Promise<Result<string>>
  /** Another node may have edited: reads every edit again. */
  refresh(): Promise<void>
  /** Takes the site's files as they are now; edits are folded into them as into those before. */
  replace(site: Site): Promise<void>
  /** Takes the people of the trust's own directory as it lists them now, over those of the files. */
  list(people: readonly Listed[]): Promise<void>
  close(): void
}

export async function createRoster(parts: {
  readonly store: Store
  readonly site: Site
  readonly clock: Clock
  readonly random: Random
}): Promise<Roster> {
  const { store, clock, random } = parts
  let { site } = parts
  let files = site
  let listed: readonly Listed[] = []
  let current = buildDirectory(site)
  const built = async (from: Site) => buildDirectory(from, await store.transact((tx) => tx.directory.list()))
  let reading: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  /** Whoever asks while a reading is still to begin gets that reading: it will find what all of them have stored. */
  const refresh = (): Promise<void> => {
    const read = async () => {
      next = undefined
      current = await built(site)
    }
    next ??= reading = reading.then(read, read)
    return next
  }
  await refresh()

  // Edits are folded in order of time, then of id: a counter keeps two of one millisecond in the order they were made
  // (RFC 9562 clause 6.2, method 1).
  let last = { ms: 0, count: 0 }
  const nextId = (at: Instant): string => {
    const ms = Math.floor(at)
    last = { ms, count: ms === last.ms ? last.count + 1 : 0 }
    const bytes = random.bytes(10)
    bytes[0] = last.count >> 8
    bytes[1] = last.count & 0xff
    return uuid7(at, bytes)
  }

  let taking: Promise<void> = Promise.resolve()
  /** One after the other, each of what is known by then: an earlier one must not end behind a later one. */
  const take = (): Promise<void> => {
    taking = taking.then(takeNow, takeNow)
    return taking
  }
  const takeNow = async (): Promise<void> => {
    const next = await inSlices(withListed(files, listed))
    await inSlices(prepareSite(next))
    current = await built(next)
    site = next
    store.wake.ring('directory')
  }

  /** An edit of our own is folded in by the time others hear of it. */
  let own = false
  const unwatch = store.wake.on('directory', () => {
    if (own) return
    // A store that cannot be read now leaves the snapshot as it was; the next ring or edit reads again.
    refresh().catch(() => undefined)
  })
  return {
    current: () => current,
    refresh,
    async replace(next) {
      files = next
      await take()
    },
    async list(people) {
      listed = people
      await take()
    },
    close: unwatch,
    async edit(by, edit) {
      const at = clock.now()
      const id = nextId(at)
      await store.transact((tx) => tx.directory.add({ id, at, by, edit }))
      await refresh()
      own = true
      try {
        store.wake.ring('directory')
      } finally {
        own = false
      }
      const left = current.leftOut.find((l) => l.edit === id)
      return left === undefined ? ok(id) : failed('offer-gone', left.reason)
    },
  }
}
