import type { Page } from '../../core/bleep/bleep.ts'
import { asId, type BleepId, type FeedId, uuid8 } from '../../core/ids.ts'
import { MINUTE, type Millis } from '../../core/instant.ts'
import { StoreFault } from '../../ports/store.ts'
import type { MakerTools } from '../../ports/tools.ts'
import { apart } from '../defect.ts'
import type { IngestParts } from './ingest-parts.ts'

export interface AlikeParts extends MakerTools {
  /** Whether every node hears this feed. */
  readonly common: (feed: FeedId) => boolean
  /** HMAC of a text under a key: an id is logged, and nobody may try words on it. */
  readonly mac: (key: string, text: string) => Uint8Array
}

/** The key that all nodes share. It lies in their database, and is copied into the file that outlasts it. */
const ALIKE_KEY = 'alike-key'
/** Two nodes time one page into the same span, but for those at its very edge. */
const SPAN: Millis = 5 * MINUTE
const REMEMBER = 1000

/**
 * Ids that each node gives alike to what all have heard from the air, so that two which cannot ask each other, nor the
 * database, raise one call and not two: by its number, its words, its minutes, and how many such there were before it.
 * What one node alone has heard, and everything while no key can be had, has an id of its own.
 */
export async function openAlikeIds(parts: AlikeParts): Promise<NonNullable<IngestParts['alike']>> {
  let key = await keyOf(parts)
  let asking = false
  /** A start while the database is away finds no key: it is there when pages come again. */
  const ask = async (): Promise<void> => {
    if (asking) return
    asking = true
    key = await apart(
      parts,
      'task-failed',
      'alike-ids',
      () => keyOf(parts),
      () => undefined,
    )
    asking = false
  }
  const before = new Map<string, number>()
  const given = new WeakMap<Page, BleepId>()
  return (source, number, page) => {
    // Its alert is named after it, so that each node names that alike, whoever raises it.
    const isCommon = parts.common(source.feed)
    if (key === undefined && isCommon) void ask()
    if (key === undefined || !isCommon) return asId<BleepId>(uuid8(page.lastByte, parts.random.bytes(10)))
    const again = given.get(page)
    if (again !== undefined) return again
    const span = Math.floor(page.lastByte / SPAN) * SPAN
    const what = JSON.stringify([span, number, page.type, page.text])
    // Each tap hears each page once.
    const here = `${source.tap} ${what}`
    const nth = before.get(here) ?? 0
    before.delete(here)
    before.set(here, nth + 1)
    for (const oldest of before.keys()) {
      if (before.size <= REMEMBER) break
      before.delete(oldest)
    }
    const id = asId<BleepId>(uuid8(span, parts.mac(key, `${nth} ${what}`)))
    given.set(page, id)
    return id
  }
}

async function keyOf({ store, clock, random }: AlikeParts): Promise<string | undefined> {
  try {
    return await store.transact(async (tx) => {
      await tx.alone(ALIKE_KEY)
      const known = await tx.notes.get(ALIKE_KEY)
      if (typeof known === 'string') return known
      if (tx.isPart) return undefined
      const fresh = random.bytes(32).reduce((hex, byte) => hex + byte.toString(16).padStart(2, '0'), '')
      await tx.notes.set(ALIKE_KEY, fresh, clock.now())
      return fresh
    })
  } catch (error) {
    if (error instanceof StoreFault) return undefined
    throw error
  }
}
