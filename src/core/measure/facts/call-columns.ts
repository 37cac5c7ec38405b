import type { Instant, Millis } from '../../instant.ts'
import type { ZoneTable } from '../zone.ts'
import { Names } from './columns.ts'
import { packColumns, unpackColumns } from './packed.ts'
import { type CallFact, readCall } from './read-call.ts'

/** Call records in columns, some thousands together, as far as figures need them (`ReadCall` says what each means). */
export interface CallColumns {
  readonly length: number
  readonly names: readonly string[]
  readonly feed: Int32Array
  readonly arrived: Float64Array
  /** Civil; NaN: the record does not tell. */
  readonly end: Float64Array
  readonly talk: Int32Array
  readonly ring: Int32Array
  readonly caller: Int32Array
  readonly called: Int32Array
  /** Where it differs from `called`; else -1. */
  readonly dialled: Int32Array
  readonly flags: Int32Array
  readonly precision: Int32Array
}

export const INTERNAL = 1
export const TAKEN = 2
export const ENGAGED_LINE = 4

/**
 * @param calls in order of arrival
 * @param zone read here, because a stamp without a date is read by when it arrived
 */
export function callColumns(calls: readonly CallFact[], zone: ZoneTable): CallColumns {
  const names = new Names()
  const read = calls.map((call) => readCall(call, zone))
  return {
    length: read.length,
    feed: Int32Array.from(read, (c) => names.id(c.feed)),
    arrived: Float64Array.from(read, (c) => c.arrived),
    end: Float64Array.from(read, (c) => c.end),
    talk: Int32Array.from(read, (c) => c.talk),
    ring: Int32Array.from(read, (c) => c.ring),
    caller: Int32Array.from(read, (c) => c.caller),
    // Figures look at calls within the house alone: whom else somebody called is nobody's business for years.
    called: Int32Array.from(read, (c) => names.id(c.internal ? c.called : '')),
    dialled: Int32Array.from(read, (c) =>
      !c.internal || c.dialled === undefined || c.dialled === c.called ? -1 : names.id(c.dialled),
    ),
    flags: Int32Array.from(
      read,
      (c) => (c.internal ? INTERNAL : 0) | (c.answered ? TAKEN : 0) | (c.engaged ? ENGAGED_LINE : 0),
    ),
    precision: Int32Array.from(read, (c) => c.precision),
    names: names.all,
  }
}

interface Head {
  readonly names: readonly string[]
}

/** As one file of columns; `zone` tells the clock of the exchange's stamps. */
export function packCalls(calls: readonly CallFact[], zone: ZoneTable): Uint8Array {
  const { names, length: _, ...columns } = callColumns(calls, zone)
  return packColumns({ names } satisfies Head, columns)
}

/** Also those that earlier versions wrote as text. */
export function unpackCalls(packed: Uint8Array | string): CallColumns {
  if (typeof packed === 'string') return older(packed)
  const { head, whole, exact } = unpackColumns<Head>(packed)
  const arrived = exact('arrived')
  return {
    length: arrived.length,
    names: head.names,
    arrived,
    end: exact('end'),
    feed: whole('feed'),
    talk: whole('talk'),
    ring: whole('ring'),
    caller: whole('caller'),
    called: whole('called'),
    dialled: whole('dialled'),
    flags: whole('flags'),
    precision: whole('precision'),
  }
}

/** As the first schema with packs kept them: JSON, arrivals in whole milliseconds from `from`, ends from arrivals. */
type OlderDocument = {
  readonly from: Instant
  readonly names: readonly string[]
  readonly arrived: readonly Millis[]
  readonly end: readonly (Millis | null)[]
} & Readonly<
  Record<
    'feed' | 'talk' | 'ring' | 'caller' | 'called' | 'dialled' | 'flags' | 'precision',
    readonly number[]
  >
>

function older(text: string): CallColumns {
  const d: OlderDocument = JSON.parse(text)
  const arrived = Float64Array.from(d.arrived, (after) => d.from + after)
  return {
    length: arrived.length,
    names: d.names,
    arrived,
    end: Float64Array.from(d.end, (end, i) => (end === null ? Number.NaN : arrived[i]! + end)),
    feed: Int32Array.from(d.feed),
    talk: Int32Array.from(d.talk),
    ring: Int32Array.from(d.ring),
    caller: Int32Array.from(d.caller),
    called: Int32Array.from(d.called),
    dialled: Int32Array.from(d.dialled),
    flags: Int32Array.from(d.flags),
    precision: Int32Array.from(d.precision),
  }
}
