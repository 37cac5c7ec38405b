import type { Class } from '../bleep/bleep.ts'
import type { Instant, Millis } from '../instant.ts'
import { type CallFact, type ReadCall, readCall } from './calls.ts'
import { Names } from './columns.ts'
import type { Fact } from './fact.ts'
import type { ZoneTable } from './zone.ts'

/**
 * Settled rows in columns, some thousands to a document: a report over millions reads hundreds of documents instead of
 * millions of rows. Texts are numbered per document, times are whole milliseconds from its first; -1 stands for absent.
 */
const ABSENT = -1

const TEXTS = ['class', 'kind', 'number', 'role', 'staffGroup', 'person', 'callBack', 'by'] as const
const TIMES = [
  'handed',
  'taken',
  'onDevice',
  'presented',
  'opened',
  'accepted',
  'covered',
  'arrived',
] as const

interface FactDocument {
  readonly from: Instant
  readonly names: readonly string[]
  readonly at: readonly Millis[]
  readonly texts: readonly (readonly number[])[]
  readonly times: readonly (readonly Millis[])[]
}

export function packFacts(facts: readonly Fact[]): string {
  const names = new Names()
  const from = Math.floor(facts[0]?.at ?? 0)
  const document: FactDocument = {
    from,
    at: facts.map((f) => Math.round(f.at - from)),
    texts: TEXTS.map((key) => facts.map((f) => number(names, f[key]))),
    times: TIMES.map((key) =>
      facts.map((f) => {
        const at = f[key]
        return at === undefined ? ABSENT : Math.max(0, Math.round(at - f.at))
      }),
    ),
    names: names.all,
  }
  return JSON.stringify(document)
}

/** The facts of a document, without the ids of their bleeps: no figure needs them. */
export function* unpackFacts(text: string): Generator<Fact> {
  const { from, names, at, texts, times }: FactDocument = JSON.parse(text)
  for (let i = 0; i < at.length; i++) {
    const began = from + at[i]!
    const name = (column: number): string | undefined => names[texts[column]![i]!]
    const fact: { -readonly [K in keyof Fact]: Fact[K] } = {
      bleep: '',
      at: began,
      class: (name(0) ?? 'routine') as Class,
      kind: name(1) ?? '',
      number: name(2) ?? '',
    }
    const [role, staffGroup, person, callBack, by] = [name(3), name(4), name(5), name(6), name(7)]
    if (role !== undefined) fact.role = role
    if (staffGroup !== undefined) fact.staffGroup = staffGroup
    if (person !== undefined) fact.person = person
    if (callBack !== undefined) fact.callBack = callBack
    if (by !== undefined) fact.by = by as NonNullable<Fact['by']>
    for (let t = 0; t < TIMES.length; t++) {
      const after = times[t]![i]!
      if (after !== ABSENT) fact[TIMES[t]!] = began + after
    }
    yield fact
  }
}

interface CallDocument {
  readonly from: Instant
  readonly names: readonly string[]
  readonly feed: readonly number[]
  readonly arrived: readonly Millis[]
  /** Civil end less arrival, or null where the record had no usable stamp. */
  readonly end: readonly (Millis | null)[]
  readonly talk: readonly number[]
  readonly ring: readonly number[]
  readonly caller: readonly number[]
  readonly called: readonly number[]
  readonly dialled: readonly number[]
  readonly flags: readonly number[]
  readonly precision: readonly number[]
}

const INTERNAL = 1
const ANSWERED = 2

/** @param zone read here, because a stamp without a date is read by when it arrived */
export function packCalls(calls: readonly CallFact[], zone: ZoneTable): string {
  const names = new Names()
  const from = Math.floor(calls[0]?.arrived ?? 0)
  const read = calls.map((call) => readCall(call, zone))
  const document: CallDocument = {
    from,
    feed: read.map((c) => names.id(c.feed)),
    arrived: read.map((c) => Math.round(c.arrived - from)),
    end: read.map((c) => (Number.isNaN(c.end) ? null : Math.round(c.end - c.arrived))),
    talk: read.map((c) => c.talk),
    ring: read.map((c) => c.ring),
    caller: read.map((c) => c.caller),
    called: read.map((c) => names.id(c.called)),
    dialled: read.map((c) => (c.dialled === c.called ? ABSENT : number(names, c.dialled))),
    flags: read.map((c) => (c.internal ? INTERNAL : 0) | (c.answered ? ANSWERED : 0)),
    precision: read.map((c) => c.precision),
    names: names.all,
  }
  return JSON.stringify(document)
}

export function* unpackCalls(text: string): Generator<ReadCall> {
  const d: CallDocument = JSON.parse(text)
  for (let i = 0; i < d.arrived.length; i++) {
    const arrived = d.from + d.arrived[i]!
    const end = d.end[i]
    const flags = d.flags[i]!
    yield {
      feed: d.names[d.feed[i]!] ?? '',
      arrived,
      end: end === null || end === undefined ? Number.NaN : arrived + end,
      talk: d.talk[i]!,
      ring: d.ring[i]!,
      caller: d.caller[i]!,
      called: d.names[d.called[i]!] ?? '',
      dialled: d.names[d.dialled[i]!],
      internal: (flags & INTERNAL) !== 0,
      answered: (flags & ANSWERED) !== 0,
      precision: d.precision[i]!,
    }
  }
}

function number(names: Names, text: string | undefined): number {
  return text === undefined ? ABSENT : names.id(text)
}
