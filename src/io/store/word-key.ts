import type { KeyObject } from 'node:crypto'
import type { Finding } from '../../core/measure/watch/standing.ts'

/**
 * Keys under which words stand in the database, one a bleep, kept apart from it. A key that was destroyed takes its words
 * with it wherever they were copied to. Names are `<store>-<number>`: the store tells which of several holds it.
 */
export interface WordKeys {
  /** The newest store: of the index, and of new keys where we give them; undefined where there is none. */
  readonly store: string | undefined
  /** There should be keys, whether they can be had or not. */
  readonly due: boolean
  /** The name of a key that nobody has used and that is durable; undefined when none is left, so that nothing waits. */
  fresh(): string | undefined
  /** Keys are not at hand: `load` comes before `get`. */
  readonly afar: boolean
  /** Makes `get` know them, where they are not at hand. Never rejects: what cannot be had stays unknown. */
  load(names: readonly string[]): Promise<void>
  /** 256 bits; undefined: not known here, and perhaps elsewhere. */
  get(name: string): KeyObject | 'destroyed' | undefined
  /** Durable, in every place, when it resolves; rejects where one was not reached, and may be done again. */
  destroy(names: readonly string[]): Promise<void>
  /** Whether keys of that store can be had. */
  knows(store: string): boolean
  /** Which stores the words of the database need: one that is away is told. */
  needs(stores: readonly string[]): void
  troubles(): readonly Finding[]
  close(): Promise<void>
}
