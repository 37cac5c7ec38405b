import { type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

export interface SiteWatchParts extends LoopTools {
  readonly store: Store
  readonly node: string
  /** Of the site's files that are in force here; undefined: nobody shares the database with us. */
  readonly print: () => string | undefined
  /** Whether a reload or a restart would still find the site's files. */
  readonly readable: () => Promise<boolean>
}

export interface SiteWatch extends Loop {
  troubles(): readonly Finding[]
}

/** Each node's row among the notes: the fingerprint of the site's files that are in force there. */
const NOTE = 'site-files/'
const EVERY: Millis = 10 * SECOND
/** A node that has written nothing for so long is not there to differ. */
const GONE: Millis = MINUTE
/** Nodes are told of a change one after the other: so long they may differ. */
const MAY: Millis = 2 * MINUTE

/** A share that is mounted anew, or a folder that is copied over, is away for some moments. */
const AWAY: Millis = MINUTE

/**
 * Two nodes with different files would ring different people for one bleep, whichever is first: so a difference is told.
 * Files that are gone are told too: what was read from them stands, and nobody would notice before the next reload.
 */
export function startSiteWatch(parts: SiteWatchParts): SiteWatch {
  const { store, clock, node } = parts
  let since: Instant | undefined
  let others: readonly string[] = []
  let unread: Instant | undefined

  async function look(): Promise<void> {
    unread = (await parts.readable()) ? undefined : (unread ?? clock.now())
    const print = parts.print()
    if (print === undefined) return
    const now = clock.now()
    const notes = await store.transact(async (tx) => {
      await tx.notes.set(`${NOTE}${node}`, print, now)
      return tx.notes.list(NOTE)
    })
    others = notes
      .filter(({ at, value }) => now - at < GONE && value !== print)
      .map(({ key }) => key.slice(NOTE.length))
    since = others.length === 0 ? undefined : (since ?? now)
  }

  const loop = startLoop('site-watch', [], EVERY, look, parts)
  return {
    ...loop,
    troubles: () => [
      ...(since === undefined || clock.now() - since < MAY
        ? []
        : [{ code: 'site-differs', subject: 'files', detail: others.join(', ') } as const]),
      ...(unread === undefined || clock.now() - unread < AWAY
        ? []
        : [{ code: 'site-unreadable', subject: 'files' } as const]),
    ],
  }
}
