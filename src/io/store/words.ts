import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomFillSync } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { say } from '../../core/catalogue/say.ts'
import { type Form, readable, type Unsealed, writeDoc } from '../../core/stored/form.ts'
import { type Doc, takeWords } from '../../core/stored/words.ts'
import { alternatives, bothOf, ownOf, partsOf } from './key-names.ts'
import type { Tables } from './tables.ts'
import type { WordKeys } from './word-key.ts'

type Within = Transaction<Tables>

/** Seals the words of documents under the key of their bleep, and opens them. */
export interface Words {
  /** The key of a bleep that is new; null when none is left: its words stand in the clear until there is one. */
  begin(bleep: string): string | null
  write(tx: Within, form: Form, bleep: string, value: object): Promise<string>
  /** The same under a key whose name is known (see key-names.ts); in the clear where it cannot be had. */
  under(name: string, form: Form, value: object): string
  /** In the order of the documents; undefined stands for one that is none. */
  read<T>(form: Form, docs: readonly string[]): Promise<readonly (T | undefined)[]>
  /** From now on its words are sealed under a key of this name. */
  named(bleep: string, name: string): void
  /** A bleep of this instant stands in the clear. */
  clear(tx: Within, received: number): Promise<void>
  /** From now on its words are gone: its key is destroyed when the store is next tidied. */
  end(tx: Within, bleeps: readonly string[]): Promise<void>
  /** Destroys what is to go, some at a time; false where one place was not reached. */
  shred(tx: Within): Promise<boolean>
  /** The key of the search index, where it is sealed; undefined while there is none. */
  readonly index: KeyObject | undefined
  readonly keys: WordKeys
}

/** Bleeps whose keys are known without a look: those of the last hours. */
const IN_MIND = 8192
const NONCE = 12
const TAG = 16
/** Bleeps whose words are remembered as they were sealed: those of the last minutes. */
const PAIRS = 256
const PAIRS_EACH = 7

/** Words and what they were sealed as: a bleep is stored and read again many times within its first minute. */
interface Pair {
  readonly text: string
  readonly sealed: string
  readonly words: Doc
}

/** Keys destroyed in one go. */
const AT_ONCE = 2000

export function words(keys: WordKeys): Words {
  const inMind = new Map<string, string>()
  const pairs = new Map<string, readonly Pair[]>()

  function remember(bleep: string, name: string): void {
    inMind.set(bleep, name)
    if (inMind.size > IN_MIND) for (const oldest of inMind.keys()) return void inMind.delete(oldest)
  }

  /** The name of the key that words of a bleep are sealed under now; undefined: they stand in the clear. */
  async function keyOf(tx: Within, bleep: string): Promise<string | undefined> {
    const known = inMind.get(bleep)
    if (known !== undefined) return known
    const row = await tx
      .selectFrom('bleeps')
      .select(['key', 'erased'])
      .where('id', '=', bleep)
      .executeTakeFirst()
    if (row === undefined) return undefined
    const names = row.key?.split(' ') ?? []
    const last = names.at(-1)
    if (last !== undefined) {
      await keys.load(partsOf(last))
      if (alternatives(last).some((name) => typeof keyNamed(name) === 'object')) {
        remember(bleep, last)
        return last
      }
    } else if (row.erased === null) return undefined
    // Its key is away, or went with its words: what comes after has one of its own.
    const next = keys.fresh()
    if (next === undefined) return undefined
    await tx
      .updateTable('bleeps')
      .set({ key: [...names, next].join(' ') })
      .where('id', '=', bleep)
      .execute()
    return next
  }

  return {
    keys,
    get index() {
      const key = keys.store === undefined ? undefined : keys.get(`${keys.store}-0`)
      return typeof key === 'object' ? key : undefined
    },
    begin(bleep) {
      const name = keys.fresh()
      if (name === undefined) return null
      remember(bleep, name)
      return name
    },
    async write(tx, form, bleep, value) {
      const known = inMind.get(bleep)
      if (known !== undefined) return under(known, form, value)
      if (takeWords(value as Doc, form.words ?? []).words === undefined) return writeDoc(form, value)
      const name = await keyOf(tx, bleep)
      return name === undefined ? writeDoc(form, value) : under(name, form, value)
    },
    under,
    named: remember,
    async read<T>(form: Form, docs: readonly string[]) {
      if (keys.afar) await keys.load(docs.flatMap(namesIn))
      return docs.map((doc) => readable<T>(form, doc, unseal))
    },
    async clear(tx, received) {
      if (keys.store === undefined) return
      await sql`update notes set value = ${String(received)} where key = 'words-until' and cast(value as double precision) > ${received}`.execute(
        tx,
      )
    },
    async end(tx, bleeps) {
      if (bleeps.length === 0) return
      for (const bleep of bleeps) inMind.delete(bleep)
      await sql`insert into keys_gone (key) select key from bleeps
        where key is not null and id in (${sql.join([...bleeps])}) on conflict do nothing`.execute(tx)
      await tx
        .updateTable('bleeps')
        .set({ key: null })
        .where('id', 'in', [...bleeps])
        .where('key', 'is not', null)
        .execute()
    },
    async shred(tx) {
      const rows = await tx.selectFrom('keys_gone').select('key').limit(AT_ONCE).execute()
      if (rows.length === 0) return true
      const gone = rows.map(({ key }) => key)
      const names = gone.flatMap((key) => key.split(' ').map(ownOf))
      const over = new Set(names)
      for (const name of pairs.keys()) if (partsOf(name).some((part) => over.has(part))) pairs.delete(name)
      // A store of keys that is away is told for itself; what lies in it cannot be read meanwhile.
      await keys.destroy(names.filter((name) => keys.knows(name.split('-')[0] ?? '')))
      const out = gone.filter((key) => key.split(' ').every((name) => keys.knows(name.split('-')[0] ?? '')))
      if (out.length > 0) await tx.deleteFrom('keys_gone').where('key', 'in', out).execute()
      return out.length === gone.length && gone.length < AT_ONCE
    },
  }

  function under(name: string, form: Form, value: object): string {
    return writeDoc(form, value, (taken, unread) => {
      const sealed = sealedUnder(name, taken)
      if (sealed === undefined) return undefined
      // What cannot be read now is kept: its key may come back.
      const [first, ...more] = unread?.split(' ') ?? []
      if (first === undefined) return sealed
      const kept = more.filter(
        (one) => ownOf(one.slice(0, one.indexOf(':'))) === ownOf(first.slice(0, first.indexOf(':'))),
      )
      return [first, ...kept, sealed].join(' ')
    })
  }

  function sealedUnder(name: string, taken: Doc): string | undefined {
    const text = JSON.stringify(taken)
    const known = pairs.get(name)?.find((pair) => pair.text === text)
    if (known !== undefined) return known.sealed
    const pieces = alternatives(name).flatMap((one) => {
      const key = keyNamed(one)
      return typeof key === 'object' ? [`${one}:${sealUnder(key, text)}`] : []
    })
    if (pieces.length === 0) return undefined
    const sealed = pieces.join(' ')
    pairs.set(name, [{ text, sealed, words: taken }, ...(pairs.get(name) ?? []).slice(0, PAIRS_EACH)])
    const [oldest] = pairs.size > PAIRS ? pairs.keys() : []
    if (oldest !== undefined) pairs.delete(oldest)
    return sealed
  }

  /** `undefined`: one that is needed is away. */
  function keyNamed(name: string): KeyObject | 'destroyed' | undefined {
    const parts = partsOf(name).map((part) => keys.get(part))
    if (parts.includes('destroyed')) return 'destroyed'
    const [own, subject] = parts
    if (typeof own !== 'object') return undefined
    if (parts.length === 1) return own
    return typeof subject === 'object' ? bothOf(own, subject) : undefined
  }

  function wordsIn(name: string, sealed: string): Doc | 'destroyed' | undefined {
    const known = pairs.get(name)?.find((pair) => pair.sealed === sealed)
    if (known !== undefined) return known.words
    const key = keyNamed(name)
    if (typeof key !== 'object') return key
    const text = openWith(key, sealed.slice(name.length + 1))
    return text === undefined ? undefined : JSON.parse(text)
  }

  function unseal(sealed: string): Unsealed {
    let gone = false
    for (const one of sealed.split(' ').toReversed()) {
      const found = wordsIn(one.slice(0, one.indexOf(':')), one)
      if (found === 'destroyed') gone = true
      else if (found !== undefined) return { kind: 'read', words: found }
    }
    return gone ? { kind: 'gone' } : { kind: 'away', sentence: say('watch.wordsCannotBeRead') }
  }
}

const SEALED = /"sealed":"([^"]+)"}$/

const namesIn = (doc: string): readonly string[] =>
  SEALED.exec(doc)?.[1]
    ?.split(' ')
    .flatMap((one) => partsOf(one.slice(0, one.indexOf(':')))) ?? []

/** Text under a key, AES-256-GCM with a nonce of chance: base64 of nonce, tag and what is sealed. */
export function sealUnder(key: KeyObject, text: string | Uint8Array): string {
  const nonce = nextNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = typeof text === 'string' ? cipher.update(text, 'utf8') : cipher.update(text)
  cipher.final()
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** Undefined where it was changed, or sealed under another key. */
export const openWith = (key: KeyObject, sealed: string): string | undefined =>
  openBytes(key, sealed)?.toString('utf8')

/** The same of bytes. */
export function openBytes(key: KeyObject, sealed: string): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64')
  try {
    const opener = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE))
    opener.setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
    return Buffer.concat([opener.update(bytes.subarray(NONCE + TAG)), opener.final()])
  } catch {
    return undefined
  }
}

/** A word of the index as a number that tells nothing without the key. */
export const keyedDigest = (key: KeyObject, word: string): Buffer =>
  createHmac('sha256', key).update(word).digest()

/** Chance in larger pieces: asking the system for twelve bytes costs as much as sealing. */
const CHANCE = Buffer.alloc(NONCE * 256)
let used = CHANCE.length

function nextNonce(): Buffer {
  if (used === CHANCE.length) {
    randomFillSync(CHANCE)
    used = 0
  }
  used += NONCE
  return Buffer.from(CHANCE.subarray(used - NONCE, used))
}
