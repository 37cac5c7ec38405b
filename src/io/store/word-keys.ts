import { type KeyObject, randomBytes } from 'node:crypto'
import { type Instant, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { WordKeys } from './word-key.ts'
import { keyFrom, SLOT } from './word-key-file.ts'

/** Where no keys are configured: words stand in the clear, and those that were sealed before cannot be read. */
export const noKeys = (): WordKeys => ({ ...keysOf([], undefined, undefined), due: false })

/** One store of keys, by number. The first of them is the one of the search index. */
export interface Shelf {
  /** Eight hexadecimal digits, never used twice. */
  readonly id: string
  readonly master: KeyObject
  /** What lies at a place, where that is at hand. */
  at?(n: number): Buffer | undefined
  /** The same from afar. */
  fetch?(numbers: readonly number[]): Promise<ReadonlyMap<number, Buffer>>
  /** Adds places: durable when it resolves. @returns the number of the first */
  extend(slots: Buffer): Promise<number>
  /** Durable in every copy when it resolves. */
  blank(numbers: readonly number[]): Promise<void>
  troubles(): readonly Finding[]
  close(): Promise<void>
}

/** Of a store that begins now: by their names they stand in order. */
export const storeName = (now: Instant): string =>
  Math.floor(now / SECOND)
    .toString(16)
    .padStart(8, '0')

export const begunAt = (store: string): Instant => Number.parseInt(store, 16) * SECOND

/** Keys made at once, and how few may be left before more are made: a night of pages, and a busy hour. */
const AHEAD = 1024
const FEW = 512
/** Keys in memory: words of one call are read many times in its minutes. */
const IN_MIND = 8192

/**
 * Keys from shelves, of which one gives new ones. They are made and stored ahead, so that no page waits for a key.
 * @param newest the last of them that was begun
 * @param giving absent: we only read
 */
export async function wordKeys(...of: Parameters<typeof keysOf>): Promise<WordKeys> {
  const keys = keysOf(...of)
  await keys.more()
  return keys
}

function keysOf(
  shelves: readonly Shelf[],
  newest: Shelf | undefined,
  giving: Shelf | undefined,
): WordKeys & { more(): Promise<void> | undefined } {
  const known = new Map(shelves.map((shelf) => [shelf.id, shelf]))
  const inMind = new Map<string, KeyObject>()
  const gone = new Set<string>()
  const ready: string[] = []
  let extending: Promise<void> | undefined
  let short: string | undefined
  let away: readonly string[] = []

  function keep(name: string, key: KeyObject): KeyObject {
    inMind.set(name, key)
    const [oldest] = inMind.size > IN_MIND ? inMind.keys() : []
    if (oldest !== undefined) inMind.delete(oldest)
    return key
  }

  async function extend(shelf: Shelf): Promise<void> {
    const slots = randomBytes(AHEAD * SLOT)
    try {
      const first = await shelf.extend(slots)
      // The very first is the index's.
      for (let n = first === 0 ? 1 : first; n < first + AHEAD; n++) {
        const at = (n - first) * SLOT
        const key =
          shelf.at === undefined ? keyFrom(shelf.master, slots.subarray(at, at + SLOT)) : 'destroyed'
        if (key !== 'destroyed') keep(`${shelf.id}-${n}`, key)
        ready.push(`${shelf.id}-${n}`)
      }
      short = undefined
    } catch (error) {
      // Tried again with the next word: what has no key stands in the clear until it has.
      short = error instanceof Error ? error.message : String(error)
    }
    extending = undefined
  }

  const more = (): Promise<void> | undefined => {
    if (giving !== undefined) extending ??= extend(giving)
    return extending
  }

  function partsOf(name: string): { shelf: Shelf | undefined; n: number } {
    const [id = '', n] = name.split('-')
    return { shelf: known.get(id), n: Number(n) }
  }

  return {
    more,
    store: newest?.id,
    due: true,
    afar: shelves.some(({ at }) => at === undefined),
    fresh() {
      if (ready.length < FEW) void more()
      return ready.shift()
    },
    async load(names) {
      const wanted = Map.groupBy(names.filter((name) => !inMind.has(name)).map(partsOf), ({ shelf }) => shelf)
      for (const [shelf, places] of wanted) {
        if (shelf?.fetch === undefined) continue
        const found = await shelf.fetch(places.map(({ n }) => n)).catch(() => undefined)
        for (const [n, slot] of found ?? []) {
          const key = keyFrom(shelf.master, slot)
          if (key !== 'destroyed') keep(`${shelf.id}-${n}`, key)
          else {
            gone.add(`${shelf.id}-${n}`)
            if (gone.size > IN_MIND) gone.clear()
          }
        }
      }
    },
    get(name) {
      const mind = inMind.get(name)
      if (mind !== undefined) return mind
      const { shelf, n } = partsOf(name)
      const slot = shelf?.at?.(n)
      if (shelf === undefined || slot === undefined) return gone.has(name) ? 'destroyed' : undefined
      const key = keyFrom(shelf.master, slot)
      return key === 'destroyed' ? key : keep(name, key)
    },
    async destroy(names) {
      for (const name of names) inMind.delete(name)
      for (const [shelf, places] of Map.groupBy(names.map(partsOf), (one) => one.shelf)) {
        if (shelf === undefined) throw new Error('a store of keys is away')
        await shelf.blank(places.map(({ n }) => n))
      }
      for (const name of names) inMind.delete(name)
    },
    knows: (store) => known.has(store),
    needs(stores) {
      away = stores.filter((store) => !known.has(store))
    },
    troubles: () => [
      ...away.map((store): Finding => ({ code: 'word-keys-lost', subject: 'word-keys', detail: store })),
      ...shelves.flatMap((shelf) => shelf.troubles()),
      ...(short === undefined
        ? []
        : [{ code: 'word-keys-short' as const, subject: 'word-keys', detail: short }]),
    ],
    async close() {
      await extending
      for (const shelf of shelves) await shelf.close()
    },
  }
}
