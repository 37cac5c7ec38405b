import { type Doc, marked, putBack, takeWords, type WordField } from './words.ts'

/** Lifts a document by one version. Pure. */
export type Rung = (doc: Doc) => Doc

/**
 * How one sort of document is stored. It is a contract, as the names on HTTP are: databases outlive releases, and during
 * an upgrade the node beside us may be of the release before.
 *
 * - A stored field keeps its name and its meaning, and is optional for ever: it may be absent, never another thing.
 * - Each document carries its version `v`: how many rungs it has climbed. Documents from before there were versions are 0.
 * - A rung only adds what is missing, because the release before goes on writing documents that carry our version.
 */
export interface Form {
  /** The ladder: rung n lifts a document from version n to n + 1. At least one. */
  readonly rungs: readonly [Rung, ...Rung[]]
  /** Our name → the stored one, where we have found a better word since. */
  readonly names?: Readonly<Record<string, string>>
  /** Where words are, for whoever seals them; absent: it holds none. */
  readonly words?: readonly WordField[]
  /** Where names of staff are, by our names; absent: it holds none. */
  readonly staff?: readonly (readonly string[])[]
}

/**
 * What became of sealed words. `gone`: their key was destroyed, and they with it. `away`: their key cannot be had, and a
 * sentence stands in their place that says so; what is sealed goes along with the document until it can.
 */
export type Unsealed =
  | { readonly kind: 'read'; readonly words: Doc }
  | { readonly kind: 'gone' }
  | { readonly kind: 'away'; readonly sentence: string }

/** Documents of the first version are those from before there were any, as they were. */
export const asItWas: Rung = (doc) => doc

/**
 * @param seal what stands in place of the words; given what stood there and could not be read; absent: words stay as they are
 * @returns JSON text with its version
 */
export function writeDoc(
  form: Form,
  value: object,
  seal?: (words: Doc, unread: string | undefined) => string | undefined,
): string {
  const doc: Doc = form.names === undefined ? (value as Doc) : renamed(value, form.names)
  const v = form.rungs.length
  if (seal === undefined || form.words === undefined) return JSON.stringify({ ...doc, v })
  const { bare, words } = takeWords(doc, form.words)
  const sealed = words && seal(words, typeof doc.sealed === 'string' ? doc.sealed : undefined)
  return JSON.stringify(sealed === undefined ? { ...doc, v } : { ...bare, v, sealed })
}

/** What was stored is no JSON any more: the database was damaged below us, though its structure may be whole. */
export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument'
}

/** @throws UnreadableDocument */
export function readStored(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UnreadableDocument('store-damaged', { cause })
  }
}

/**
 * Whatever version of ours wrote it, read as today's. A newer one only has more in it.
 * Documents were checked when they were made, and only this store writes them.
 * @throws UnreadableDocument
 */
export function readDoc<T>(form: Form, text: string, unseal?: (sealed: string) => Unsealed): T {
  const { v, ...stored } = parsed(text)
  const doc = unseal === undefined || stored.sealed === undefined ? stored : opened(form, stored, unseal)
  const lifted = form.rungs.slice(typeof v === 'number' ? v : 0).reduce((d, rung) => rung(d), doc as Doc)
  return (form.names === undefined ? lifted : renamed(lifted, inverse(form.names))) as T
}

/** The same; undefined where a disk or a hand has made of it what is no document. */
export function readable<T>(form: Form, text: string, unseal?: (sealed: string) => Unsealed): T | undefined {
  try {
    return readDoc<T>(form, text, unseal)
  } catch (error) {
    if (error instanceof UnreadableDocument) return undefined
    throw error
  }
}

function parsed(text: string): Doc {
  const value = readStored(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnreadableDocument('store-damaged')
  return value as Doc
}

function opened(form: Form, stored: Doc, unseal: (sealed: string) => Unsealed): Doc {
  const { sealed, ...bare } = stored
  const found = unseal(String(sealed))
  if (found.kind === 'read') return putBack(bare, found.words)
  return found.kind === 'gone' ? bare : marked(stored, form.words ?? [], found.sentence)
}

function renamed(value: object, names: Readonly<Record<string, string>>): Doc {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [names[name] ?? name, field]))
}

function inverse(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(names).map(([ours, stored]) => [stored, ours]))
}
