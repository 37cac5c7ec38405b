import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/*
 * A file of keys: a head of 128 bytes, then 32 bytes for each key, by number. The head holds a master key, sealed under the
 * site's key (AES-256-GCM, the site's key spread by HKDF-SHA256). A key is HMAC-SHA256 of its 32 bytes under the master
 * key: either is worth nothing without the other, and 32 noughts are a key that was destroyed.
 */

const MAGIC = Buffer.from('BBWORDK1')
const HEAD = 128
export const SLOT = 32
const NOUGHTS = Buffer.alloc(SLOT)

/** The head of a new file. */
export function newHead(siteKey: string, master = createSecretKey(randomBytes(SLOT))): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', spread(siteKey), nonce)
  const sealed = Buffer.concat([cipher.update(master.export()), cipher.final()])
  return Buffer.concat([MAGIC, nonce, cipher.getAuthTag(), sealed, Buffer.alloc(HEAD)]).subarray(0, HEAD)
}

/** The master key in a head; undefined where this key does not open it. */
export function masterIn(head: Buffer, siteKey: string): KeyObject | undefined {
  if (head.length < HEAD || !head.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const at = MAGIC.length
  const opener = createDecipheriv('aes-256-gcm', spread(siteKey), head.subarray(at, at + 12))
  opener.setAuthTag(head.subarray(at + 12, at + 28))
  try {
    const master = Buffer.concat([opener.update(head.subarray(at + 28, at + 28 + SLOT)), opener.final()])
    return createSecretKey(master)
  } catch {
    return undefined
  }
}

const spread = (siteKey: string): Buffer =>
  Buffer.from(hkdfSync('sha256', siteKey, '', 'bleep bridge: keys of words', SLOT))

/** One key, from what lies at its place. */
export const keyFrom = (master: KeyObject, slot: Buffer): KeyObject | 'destroyed' =>
  slot.equals(NOUGHTS) ? 'destroyed' : createSecretKey(createHmac('sha256', master).update(slot).digest())

/** The head of a file that is there; undefined where it cannot be read. */
export function headOf(path: string): Buffer | undefined {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const head = Buffer.alloc(HEAD)
    return readSync(file, head, 0, HEAD, 0) === HEAD ? head : undefined
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** Makes a file with nothing but a head, whole or not at all. */
export function makeFile(path: string, head: Buffer): void {
  writeFileSync(`${path}.part`, head, { mode: 0o600, flush: true })
  renameSync(`${path}.part`, path)
}

/** How many keys a file has room for. */
export const keysIn = (path: string): number => Math.max(0, Math.floor((statSync(path).size - HEAD) / SLOT))

/** Writes at the end of the file: durable when it resolves. @returns the number of the first */
export async function append(path: string, slots: Buffer, from: number): Promise<void> {
  await written(path, (file) => file.write(slots, 0, slots.length, HEAD + from * SLOT))
}

/** Writes noughts over keys: durable when it resolves. A number behind the end has no key there. */
export async function blank(path: string, numbers: readonly number[]): Promise<void> {
  await written(path, async (file) => {
    const last = Math.floor(((await file.stat()).size - HEAD) / SLOT)
    for (const n of numbers) if (n < last) await file.write(NOUGHTS, 0, SLOT, HEAD + n * SLOT)
  })
}

/** Replaces the head: the site has another key. */
export async function rehead(path: string, head: Buffer): Promise<void> {
  await written(path, (file) => file.write(head, 0, HEAD, 0))
}

async function written(path: string, work: (file: FileHandle) => Promise<unknown>): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await work(file)
    await file.sync()
  } finally {
    await file.close()
  }
}

export interface SlotReader {
  /** Leads to what is open, even when its path leads elsewhere. */
  readonly path: string
  /** What lies at a place; undefined: nothing. */
  at(n: number): Buffer | undefined
  /** Whether the file is still the one at its path. */
  same(): boolean
  close(): void
}

export function slotReader(path: string): SlotReader {
  const file = openSync(path, 'r')
  const { ino, dev } = fstatSync(file)
  let open = true
  return {
    path: `/proc/self/fd/${file}`,
    at(n) {
      const slot = Buffer.alloc(SLOT)
      return readSync(file, slot, 0, SLOT, HEAD + n * SLOT) === SLOT ? slot : undefined
    },
    same() {
      try {
        const now = statSync(path)
        return now.ino === ino && now.dev === dev && now.size >= HEAD
      } catch {
        return false
      }
    },
    close() {
      // Twice would close somebody else's.
      if (open) closeSync(file)
      open = false
    },
  }
}
