/** A JSON object as it lies in the database. */
export type Doc = Readonly<Record<string, unknown>>

/** Where words lie in a document, by stored names; `*` is each item or value. */
export interface WordField {
  readonly at: readonly string[]
  /** What stands there without them; absent: nothing. */
  readonly left?: '' | readonly [] | Readonly<Record<string, never>>
}

/** Parts a document into what anybody may read and its words; undefined words: it has none. Pure. */
export function takeWords(doc: Doc, fields: readonly WordField[]): { bare: Doc; words: Doc | undefined } {
  let bare: unknown = doc
  let words: unknown
  for (const { at, left } of fields) {
    const taken = take(bare, at, left)
    if (taken === undefined) continue
    bare = taken.bare
    words = words === undefined ? taken.words : merged(words, taken.words)
  }
  return { bare: bare as Doc, words: words as Doc | undefined }
}

/** The document as it was. */
export const putBack = (bare: Doc, words: Doc): Doc => merged(bare, words) as Doc

/** Every text at these places that is not empty. */
export function textsAt(doc: Doc, places: readonly (readonly string[])[]): readonly string[] {
  const found: string[] = []
  withTexts(doc, places, (text) => {
    found.push(text)
    return text
  })
  return found
}

/** The document with each of these texts changed; the same one where none is. */
export function withTexts(
  doc: Doc,
  places: readonly (readonly string[])[],
  change: (text: string) => string,
): Doc {
  return places.reduce((whole, at) => changedAt(whole, at, change) as Doc, doc)
}

function changedAt(node: unknown, at: readonly string[], change: (text: string) => string): unknown {
  const [name, ...rest] = at
  if (name === undefined) return typeof node === 'string' && node !== '' ? change(node) : node
  if (!isTree(node)) return node
  let anew: Doc | unknown[] | undefined
  for (const one of name === '*' ? Object.keys(node) : [name]) {
    const changed = changedAt(node[one], rest, change)
    if (changed !== node[one]) anew = withValue(anew ?? node, one, changed)
  }
  return anew ?? node
}

/** Says where words should be that cannot be read. */
export function marked(bare: Doc, fields: readonly WordField[], sentence: string): Doc {
  return fields
    .filter(({ left }) => left === '')
    .reduce(
      (doc, { at }) => at.reduceRight<(node: unknown) => unknown>(marker, () => sentence)(doc) as Doc,
      bare,
    )

  function marker(within: (node: unknown) => unknown, name: string) {
    return (node: unknown): unknown => {
      if (!isTree(node)) return node
      if (Array.isArray(node)) return name === '*' ? node.map(within) : node
      const names = name === '*' ? Object.keys(node) : name in node ? [name] : []
      return { ...node, ...Object.fromEntries(names.map((one) => [one, within(node[one])])) }
    }
  }
}

interface Taken {
  readonly bare: unknown
  readonly words: unknown
}

function take(node: unknown, [name = '', ...rest]: readonly string[], left: unknown): Taken | undefined {
  if (!isTree(node)) return undefined
  if (name !== '*') return takeOne(node, name, rest, left)
  let bare: Doc = node
  const words: Record<string, unknown> = {}
  for (const one of Object.keys(node)) {
    const taken = takeOne(bare, one, rest, left)
    if (taken === undefined) continue
    bare = taken.bare as Doc
    Object.assign(words, taken.words)
  }
  return bare === node ? undefined : { bare, words }
}

function takeOne(node: Doc, name: string, rest: readonly string[], left: unknown): Taken | undefined {
  const child = node[name]
  if (rest.length > 0) {
    const inner = take(child, rest, left)
    return inner && { bare: withValue(node, name, inner.bare), words: { [name]: inner.words } }
  }
  return isEmpty(child) ? undefined : { bare: withValue(node, name, left), words: { [name]: child } }
}

function withValue(node: Doc | unknown[], name: string, value: unknown): Doc | unknown[] {
  if (Array.isArray(node)) return node.map((item, i) => (String(i) === name ? value : item))
  if (value !== undefined) return { ...node, [name]: value }
  const { [name]: _, ...others } = node
  return others
}

function merged(into: unknown, words: unknown): unknown {
  if (!isTree(words) || Array.isArray(words) || !isTree(into)) return words
  if (Array.isArray(into)) return into.map((item, i) => (String(i) in words ? merged(item, words[i]) : item))
  const all: Record<string, unknown> = { ...into }
  for (const [name, value] of Object.entries(words)) all[name] = merged(into[name], value)
  return all
}

const isTree = (node: unknown): node is Doc => typeof node === 'object' && node !== null

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || (isTree(value) && Object.keys(value).length === 0)
