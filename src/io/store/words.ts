import { createCipheriv, createDecipheriv, createHmac, randomFillSync } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { say } from '../../core/catalogue/say.ts'
import { type Form, readDoc, type Unsealed, writeDoc } from '../../core/stored/form.ts'
import { type Doc, takeWords } from '../../core/stored/words.ts'
import type { WordKeys } from '../../ports/word-keys.ts'
import type { Tables } from './tables.ts'

type Within = Transaction<Tables>

/** Seals the words of documents under the key of their bleep, and opens them. */
export interface Words {
  /** The key of a bleep that is new; null when none is left: its words stand in the clear until there is one. */
  begin(bleep: string): string | null
  write(tx: Within, form: Form, bleep: string, value: object): Promise<string>
  /** The same under a key that is known; in the clear where it cannot be had. */
  under(name: string, form: Form, value: object): string
  read<T>(form: Form, docs: readonly string[]): Promise<readonly T[]>
  /** A bleep of this instant stands in the clear. */
  clear(tx: Within, received: number): Promise<void>
  /** From now on its words are gone: its key is destroyed when the store is next tidied. */
  end(tx: Within, bleeps: readonly string[]): Promise<void>
  /** Destroys what is to go, some at a time; false where one place was not reached. */
  shred(tx: Within): Promise<boolean>
  /** The key of the search index, where it is sealed; undefined while there is none. */
  readonly index: Buffer | undefined
  readonly keys: WordKeys
}

/** Bleeps whose keys are known without a look: those of the last hours. */
const IN_MIND = 8192
const NONCE = 12
const TAG = 16
/** Keys destroyed in one go. */
const AT_ONCE = 2000

export function words(keys: WordKeys): Words {
  const inMind = new Map<string, string>()

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
      await keys.load([last])
      if (Buffer.isBuffer(keys.get(last))) {
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
      return Buffer.isBuffer(key) ? key : undefined
    },
    begin(bleep) {
      const name = keys.fresh()
      if (name === undefined) return null
      remember(bleep, name)
      return name
    },
    async write(tx, form, bleep, value) {
      if (!hasWords(form, value)) return writeDoc(form, value)
      const name = await keyOf(tx, bleep)
      return name === undefined ? writeDoc(form, value) : under(name, form, value)
    },
    under,
    async read(form, docs) {
      const names = docs.flatMap(namesIn)
      if (names.length > 0) await keys.load(names)
      return docs.map((doc) => readDoc(form, doc, unseal))
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
      const names = gone.flatMap((key) => key.split(' '))
      // A store of keys that is away is told for itself; what lies in it cannot be read meanwhile.
      await keys.destroy(names.filter((name) => keys.knows(name.split('-')[0] ?? '')))
      const out = gone.filter((key) => key.split(' ').every((name) => keys.knows(name.split('-')[0] ?? '')))
      if (out.length > 0) await tx.deleteFrom('keys_gone').where('key', 'in', out).execute()
      return out.length === gone.length && gone.length < AT_ONCE
    },
  }

  function under(name: string, form: Form, value: object): string {
    const key = keys.get(name)
    if (!Buffer.isBuffer(key)) return writeDoc(form, value)
    return writeDoc(form, value, (taken, unread) => {
      const sealed = `${name}:${sealUnder(key, JSON.stringify(taken))}`
      // What cannot be read now is kept: its key may come back.
      const [kept] = unread?.split(' ') ?? []
      return kept === undefined ? sealed : `${kept} ${sealed}`
    })
  }

  function unseal(sealed: string): Unsealed {
    let gone = false
    for (const one of sealed.split(' ').toReversed()) {
      const at = one.indexOf(':')
      const key = keys.get(one.slice(0, at))
      if (key === 'destroyed') gone = true
      else if (key !== undefined) {
        const text = openWith(key, one.slice(at + 1))
        if (text !== undefined) return { kind: 'read', words: JSON.parse(text) }
      }
    }
    return gone ? { kind: 'gone' } : { kind: 'away', sentence: say('watch.wordsCannotBeRead') }
  }
}

const hasWords = (form: Form, value: object): boolean =>
  takeWords(value as Doc, form.words ?? []).words !== undefined

const SEALED = /"sealed":"([^"]+)"}$/

const namesIn = (doc: string): readonly string[] =>
  SEALED.exec(doc)?.[1]
    ?.split(' ')
    .map((one) => one.slice(0, one.indexOf(':'))) ?? []

/** Text under a key, AES-256-GCM with a nonce of chance: base64 of nonce, tag and what is sealed. */
export function sealUnder(key: Buffer, text: string): string {
  const nonce = nextNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = cipher.update(text, 'utf8')
  cipher.final()
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** Undefined where it was changed, or sealed under another key. */
export function openWith(key: Buffer, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64')
  try {
    const opener = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE))
    opener.setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
    return opener.update(bytes.subarray(NONCE + TAG)).toString('utf8') + opener.final('utf8')
  } catch {
    return undefined
  }
}

/** A word of the index as a number that tells nothing without the key. */
export const keyedDigest = (key: Buffer, word: string): Buffer =>
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
