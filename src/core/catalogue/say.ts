import { EN_GB } from './en-GB.ts'
import { fill } from './fill.ts'

type Subject = keyof typeof EN_GB
type Text<K extends string> = K extends `${infer S extends Subject}.${infer N}`
  ? (typeof EN_GB)[S][N & keyof (typeof EN_GB)[S]] & string
  : never
/** The gaps of a sentence, read off its text, so that a forgotten or misspelt one does not compile. */
type Gaps<T extends string> = T extends `${string}{${infer G}}${infer Rest}`
  ? (G extends `${infer N}|${string}` ? N : G) | Gaps<Rest>
  : never

/** The name of a sentence: its subject and its own name. */
export type Key = { [S in Subject]: `${S}.${keyof (typeof EN_GB)[S] & string}` }[Subject]
/** What a sentence must be given. */
export type Values<K extends Key, V = string | number> = [Gaps<Text<K>>] extends [never]
  ? []
  : [Readonly<Record<Gaps<Text<K>>, V>>]
export type Say = <K extends Key>(key: K, ...values: Values<K>) => string

/** A catalogue in another language: what it does not say yet is said in English. */
export type Catalogue = { readonly [S in Subject]?: { readonly [N in keyof (typeof EN_GB)[S]]?: string } }

/** Says sentences in a language of the catalogue. */
export const sayIn =
  (language: string, catalogue: Catalogue): Say =>
  (key, ...[values]) =>
    fill(textOf(catalogue, key) ?? textOf(EN_GB, key) ?? key, values ?? {}, language).join('')

/** A text by a key that no compiler has looked at. */
export function textOf(catalogue: Catalogue, key: string): string | undefined {
  const [subject = '', name = ''] = key.split('.')
  const texts: unknown = Reflect.get(catalogue, subject)
  const text: unknown = typeof texts === 'object' && texts !== null ? Reflect.get(texts, name) : undefined
  return typeof text === 'string' ? text : undefined
}

export const say: Say = sayIn('en-GB', EN_GB)
