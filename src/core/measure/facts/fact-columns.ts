import type { Instant, Millis } from '../../instant.ts'
import { Names } from './columns.ts'
import type { Fact } from './fact.ts'
import { packColumns, unpackColumns } from './packed.ts'

/** Stands for a text or a time that a fact does not have. */
export const ABSENT = -1

const TEXTS = ['class', 'kind', 'number', 'role', 'staffGroup', 'person', 'callBack', 'by', 'ward'] as const
const TIMES = [
  'handed',
  'taken',
  'onDevice',
  'presented',
  'opened',
  'accepted',
  'covered',
  'arrived',
  'told',
] as const
const NUMBERS = ['asked', 'notMe'] as const
type NumberName = (typeof NUMBERS)[number]
type TextName = (typeof TEXTS)[number]
type TimeName = (typeof TIMES)[number]

/** Facts in columns, some thousands together: a report over a million looks at no object of its own for each. */
export interface FactColumns {
  readonly length: number
  /** The texts, by number. */
  readonly names: readonly string[]
  readonly at: Float64Array
  readonly texts: Readonly<Record<TextName, Int32Array>>
  /** Milliseconds after `at`, whole; never negative. */
  readonly times: Readonly<Record<TimeName, Int32Array>>
  /** How many people; absent in packs of before they were counted. */
  readonly numbers: Readonly<Record<NumberName, Int32Array>>
  /** Row → id of its bleep, for emergencies alone: the slowest of them are drawn hop by hop. */
  readonly bleeps: ReadonlyMap<number, string>
}

/** @param facts in order of `at` */
export function factColumns(facts: readonly Fact[]): FactColumns {
  const names = new Names()
  const bleeps = new Map<number, string>()
  for (const [row, { class: c, bleep }] of facts.entries()) if (c === 'emergency') bleeps.set(row, bleep)
  const text = (name: TextName): Int32Array =>
    Int32Array.from(facts, ({ [name]: value }) => (value === undefined ? ABSENT : names.id(value)))
  const time = (name: TimeName): Int32Array =>
    Int32Array.from(facts, ({ at, [name]: value }) => (value === undefined ? ABSENT : whole(value - at)))
  return {
    length: facts.length,
    at: Float64Array.from(facts, (fact) => fact.at),
    texts: byName(TEXTS, text),
    times: byName(TIMES, time),
    numbers: byName(NUMBERS, (name) => Int32Array.from(facts, ({ [name]: value }) => value ?? ABSENT)),
    bleeps,
    names: names.all,
  }
}

/** Times run backwards only by a fault of some clock; the report counts and leaves out those that do. */
const BACKWARDS = -2
const LONGEST: Millis = 2_000_000_000
function whole(after: Millis): Millis {
  return after < 0 ? BACKWARDS : Math.min(LONGEST, Math.round(after))
}

interface Head {
  readonly names: readonly string[]
  readonly bleeps: readonly (readonly [row: number, id: string])[]
}

/** As one file of columns. */
export function packFacts(facts: readonly Fact[]): Uint8Array {
  const { names, bleeps, at, texts, times, numbers } = factColumns(facts)
  return packColumns({ names, bleeps: [...bleeps] } satisfies Head, { at, ...texts, ...times, ...numbers })
}

/** Also those that earlier versions wrote as text; a column that came later is absent in each row. */
export function unpackFacts(packed: Uint8Array | string): FactColumns {
  if (typeof packed === 'string') return older(packed)
  const { head, whole, exact, has } = unpackColumns<Head>(packed)
  const at = exact('at')
  /** A column that came later is absent from older packs, in every row. */
  const column = (name: string) => (has(name) ? whole(name) : new Int32Array(at.length).fill(ABSENT))
  return {
    length: at.length,
    at,
    names: head.names,
    texts: byName(TEXTS, column),
    times: byName(TIMES, column),
    numbers: byName(NUMBERS, column),
    bleeps: new Map(head.bleeps),
  }
}

function byName<N extends string>(names: readonly N[], column: (name: N) => Int32Array) {
  return Object.fromEntries(names.map((name) => [name, column(name)])) as Record<N, Int32Array>
}

/** As the first schema with packs kept them: JSON, times in whole milliseconds from `from`, no ids. */
interface OlderDocument {
  readonly from: Instant
  readonly names: readonly string[]
  readonly at: readonly Millis[]
  readonly texts: readonly (readonly number[])[]
  readonly times: readonly (readonly Millis[])[]
}

function older(text: string): FactColumns {
  const { from, names, at, texts, times }: OlderDocument = JSON.parse(text)
  const absent = () => new Int32Array(at.length).fill(ABSENT)
  return {
    length: at.length,
    at: Float64Array.from(at, (after) => from + after),
    names,
    texts: byName(TEXTS, (name) => Int32Array.from(texts[TEXTS.indexOf(name)] ?? absent())),
    times: byName(TIMES, (name) => Int32Array.from(times[TIMES.indexOf(name)] ?? absent())),
    numbers: byName(NUMBERS, absent),
    bleeps: new Map(),
  }
}
