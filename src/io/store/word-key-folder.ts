import type { KeyObject } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { copyFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instant } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { WordKeys } from './word-key.ts'
import {
  append,
  blank,
  headOf,
  keysIn,
  makeFile,
  masterIn,
  newHead,
  rehead,
  SLOT,
  slotReader,
} from './word-key-file.ts'
import { type Shelf, storeName, wordKeys } from './word-keys.ts'

export interface KeyFolder {
  readonly folder: string
  /** The same on another disk; absent: there is one copy alone. */
  readonly also?: string
  readonly siteKey: string
  /** What the site's key was: a file that one of them opens is sealed anew under the one of now. */
  readonly former: readonly string[]
  readonly now: Instant
}

const ENDING = '.keys'

/**
 * Keys of the embedded database, in files beside it and in none of its copies. A file that is missing or damaged here is
 * brought from the other disk; a key that was destroyed in one place is destroyed in the other.
 * @param give whether new keys are made: by the daemon alone
 */
export async function keyFolder(parts: KeyFolder, give: boolean): Promise<WordKeys> {
  const { folder, also, siteKey, former } = parts
  const places = also === undefined ? [folder] : [folder, also]
  if (give) for (const place of places) makePlace(place)
  const masters = new Map<string, KeyObject>()
  for (const name of new Set(places.flatMap(filesIn))) {
    const found = places
      .map((place) => openedBy(join(place, name), siteKey, former))
      .find((one) => one !== undefined)
    if (found === undefined) continue
    if (give) await makeAlike(places, name, found, siteKey)
    masters.set(name.slice(0, -ENDING.length), found.master)
  }
  const shelves = [...masters].map(([id, master]) => shelf(id, master, places, give))
  const last = shelves.toSorted((a, b) => (a.id < b.id ? 1 : -1))[0]
  if (!give) return wordKeys(shelves, last, undefined)
  if (last !== undefined) return wordKeys(shelves, last, last)
  const newest = begin(parts, places)
  return wordKeys([newest], newest, newest)
}

interface Opened {
  readonly path: string
  readonly master: KeyObject
  readonly formerly: boolean
}

function openedBy(path: string, siteKey: string, former: readonly string[]): Opened | undefined {
  const head = headOf(path)
  if (head === undefined) return undefined
  const now = masterIn(head, siteKey)
  if (now !== undefined) return { path, master: now, formerly: false }
  for (const key of former) {
    const master = masterIn(head, key)
    if (master !== undefined) return { path, master, formerly: true }
  }
  return undefined
}

/** Makes both copies of a file the same: whatever was destroyed in one is destroyed in both. */
async function makeAlike(
  places: readonly string[],
  name: string,
  { path: good, master, formerly }: Opened,
  siteKey: string,
): Promise<void> {
  for (const path of places.map((place) => join(place, name))) {
    if (path === good) continue
    const theirs = headOf(path)
    if (theirs === undefined || masterIn(theirs, siteKey)?.equals(master) !== true) {
      if (!formerly && existsSync(path)) renameSync(path, `${path}.aside`)
      if (!existsSync(path)) await copyWhole(good, path).catch(() => undefined)
    }
    if (existsSync(path)) await even(good, path)
  }
  if (formerly)
    for (const path of places.map((place) => join(place, name))) await rehead(path, newHead(siteKey, master))
}

const STEP = 1 << 20

/** Brings two copies together, a piece at a time: the longer gives what the shorter lacks, and noughts win. */
async function even(one: string, other: string): Promise<void> {
  const [a, b] = [keysIn(one), keysIn(other)]
  const [shorter, longer] = a < b ? [one, other] : [other, one]
  const files = [openSync(shorter, 'r+'), openSync(longer, 'r+')] as const
  try {
    let changed = false
    const size = statSync(longer).size
    for (let at = 128; at < size; at += STEP) {
      const [x, y] = [Buffer.alloc(STEP), Buffer.alloc(STEP)]
      const read = readSync(files[0], x, 0, STEP, at)
      const length = readSync(files[1], y, 0, STEP, at)
      if (read === length && x.equals(y)) continue
      changed = true
      for (let n = 0; n < length; n += SLOT) {
        const [mine, theirs] = [x.subarray(n, n + SLOT), y.subarray(n, n + SLOT)]
        if (n >= read) theirs.copy(mine)
        else if (isNought(mine) || isNought(theirs)) {
          mine.fill(0)
          theirs.fill(0)
        }
      }
      writeSync(files[0], x, 0, length, at)
      writeSync(files[1], y, 0, length, at)
    }
    if (changed) for (const file of files) fsyncSync(file)
  } finally {
    for (const file of files) closeSync(file)
  }
}

const isNought = (slot: Buffer): boolean => slot.every((byte) => byte === 0)

function begin({ siteKey, now }: KeyFolder, places: readonly string[]): Shelf {
  const id = storeName(now)
  const head = newHead(siteKey)
  const master = masterIn(head, siteKey)
  if (master === undefined) throw new Error('a key that was just made does not open')
  const [first = '', ...others] = places.map((place) => join(place, id + ENDING))
  makeFile(first, head)
  for (const path of others)
    try {
      copyFileSync(first, path)
    } catch {
      // The other disk is away: it is told when keys are added.
    }
  return shelf(id, master, places, true)
}

function shelf(id: string, master: KeyObject, places: readonly string[], give: boolean): Shelf {
  const paths = places.map((place) => join(place, id + ENDING))
  const [own = '', other] = paths
  // Where we only read, it may lie on the other disk alone.
  const read = existsSync(own) || other === undefined ? own : other
  let reader = slotReader(read)
  let trouble: Finding | undefined
  let told: Finding | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let next = keysIn(read)

  /** One at a time: a copy that is made anew must not miss what is written meanwhile. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  /** The file was deleted or replaced, but we still have it open. */
  async function again(): Promise<void> {
    if (reader.same()) return
    const stands = existsSync(own)
    if (stands) await rename(own, `${own}.foreign`)
    await copyWhole(other !== undefined && existsSync(other) ? other : reader.path, own)
    reader.close()
    reader = slotReader(own)
    told = { code: 'word-keys-lost', subject: 'word-keys', detail: own }
  }

  async function everywhere(work: (path: string) => Promise<void>): Promise<void> {
    trouble = undefined
    await again()
    await work(own)
    if (other === undefined) return
    try {
      if (!existsSync(other)) await copyWhole(own, other)
      else if (keysIn(other) < next) await even(own, other)
      await work(other)
    } catch (error) {
      trouble = {
        code: 'word-keys-short',
        subject: 'word-keys-copy',
        detail: error instanceof Error ? error.message : String(error),
      }
      throw error
    }
  }

  return {
    id,
    master,
    at: (n) => reader.at(n),
    extend: (slots) =>
      inTurn(async () => {
        const first = next
        await everywhere((path) => append(path, slots, first)).catch((error) => {
          // Words go on being sealed while the other disk is away; what was added is copied when it is back.
          if (trouble === undefined) throw error
        })
        next = first + slots.length / SLOT
        return first
      }),
    blank: (numbers) => inTurn(() => everywhere((path) => blank(path, numbers))),
    troubles() {
      if (give && !reader.same()) void inTurn(again).catch(() => undefined)
      return [trouble, told].filter((one) => one !== undefined)
    },
    async close() {
      await turn
      reader.close()
    },
  }
}

function makePlace(place: string): void {
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 })
  } catch {
    // The other disk may be away: that is told when it is written to.
  }
}

function filesIn(place: string): readonly string[] {
  try {
    return readdirSync(place).filter((name) => name.endsWith(ENDING))
  } catch {
    return []
  }
}

async function copyWhole(from: string, to: string): Promise<void> {
  await copyFile(from, `${to}.part`)
  await rename(`${to}.part`, to)
}
