/** A JSON object as it lies in the database. */
export type Doc = Readonly<Record<string, unknown>>

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
}

/** Documents of the first version are those from before there were any, as they were. */
export const asItWas: Rung = (doc) => doc

/** @returns JSON text with its version */
export function writeDoc(form: Form, value: object): string {
  const doc = form.names === undefined ? value : renamed(value, form.names)
  return JSON.stringify({ ...doc, v: form.rungs.length })
}

/**
 * Whatever version of ours wrote it, read as today's. A newer one only has more in it.
 * Documents were checked when they were made, and only this store writes them.
 */
export function readDoc<T>(form: Form, text: string): T {
  const { v, ...doc }: Doc = JSON.parse(text)
  const lifted = form.rungs.slice(typeof v === 'number' ? v : 0).reduce((d, rung) => rung(d), doc as Doc)
  return (form.names === undefined ? lifted : renamed(lifted, inverse(form.names))) as T
}

function renamed(value: object, names: Readonly<Record<string, string>>): Doc {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [names[name] ?? name, field]))
}

function inverse(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(names).map(([ours, stored]) => [stored, ours]))
}
