import { HOUR, type Instant, MINUTE, type Millis, printInstant, SECOND } from '../../instant.ts'
import type { CallColumns } from '../facts/call-columns.ts'
import { CallIntake } from '../facts/calls.ts'
import { free } from '../facts/columns.ts'
import { ABSENT, type FactColumns } from '../facts/fact-columns.ts'
import { Footnotes } from '../facts/footnotes.ts'
import { type ZoneTable, zoneTable } from '../zone.ts'
import { beforeFigures, type Group, mergeGroups, round } from './groups.ts'
import { type MatchSink, matchAll, WINDOW } from './match.ts'
import {
  ASSUMED_SECONDS,
  ASSUMED_SOURCE,
  DEFINITIONS,
  MINIMUM_N,
  PUBLISHED,
  type Report,
  type ReportAsk,
  type SavedRow,
  SMALLEST_GROUP,
} from './report.ts'
import { Counts } from './report-counts.ts'
import { type Reader, ReportNames } from './report-names.ts'
import { Places } from './report-places.ts'
import { CallBackRequests } from './report-requests.ts'
import { savedRows } from './report-saved.ts'
import { Speeds } from './report-speeds.ts'
import { curveOf } from './saved.ts'

type Offsets = ReadonlyMap<string, Millis | undefined>

/**
 * Makes one report in one pass: first the facts of the baseline, then those of the span, then every call record from
 * an hour before to an hour after either, in order of arrival; then `finish`. Memory grows by some tens of bytes a row.
 */
export class ReportMaker {
  readonly #ask: ReportAsk
  readonly #zone: ZoneTable
  readonly #notes = new Footnotes()
  readonly #names = new ReportNames()
  readonly #speeds = new Speeds(this.#notes)
  readonly #requests = new CallBackRequests(this.#notes)
  readonly #counts: Counts
  readonly #places: Places
  #calls: CallIntake | undefined

  constructor(ask: ReportAsk) {
    this.#ask = ask
    const from = Math.min(ask.from, ask.baseline?.from ?? ask.from)
    const to = Math.max(ask.to, ask.baseline?.to ?? ask.to)
    this.#zone = zoneTable(ask.zone, from - 2 * HOUR, to + 2 * HOUR)
    this.#counts = new Counts(this.#zone)
    this.#places = new Places(ask, this.#names, this.#notes)
  }

  /** By which call records are to be read. */
  get zone(): ZoneTable {
    return this.#zone
  }

  /** The emergencies worth drawing, slowest first: only their hops are read again. */
  get slowest(): Speeds['slowest'] {
    return this.#speeds.slowest
  }

  get misses(): Speeds['misses'] {
    return this.#speeds.misses
  }

  /** Bleeps of the weeks before phones in `[from, to)`: only their waits count. */
  addBaseline(facts: FactColumns, from: Instant, to: Instant): void {
    const reader = this.#names.reader(facts)
    for (let i = 0; i < facts.length; i++) {
      const at = facts.at[i]!
      if (at < from || at >= to) continue
      const group = this.#places.group(reader, i, this.#places.shift(reader, i))
      if (group !== undefined && facts.times.handed[i] === ABSENT) this.#requests.add(reader, i, group)
    }
  }

  /** Bleeps of the span that lie in `[from, to)`. */
  add(facts: FactColumns, from: Instant, to: Instant): void {
    const reader = this.#names.reader(facts)
    const { shift: only, baseline } = this.#ask
    for (let i = 0; i < facts.length; i++) {
      const at = facts.at[i]!
      if (at < from || at >= to) continue
      const shift = this.#places.shift(reader, i)
      if (only !== undefined && shift !== only) continue
      this.#counts.add(reader, i)
      this.#speeds.add(reader, i)
      const group = this.#places.group(reader, i, shift)
      if (group === undefined) continue
      if (facts.times.handed[i] !== ABSENT) {
        if (acknowledgedByPhone(reader, i)) this.#places.groups[group]!.acknowledged += 1
        const told = facts.times.told[i]!
        this.#requests.add(reader, i, -1 - group, told < 0 ? undefined : told)
      } else if (baseline === undefined) this.#requests.add(reader, i, group)
    }
  }

  /** Call records that arrived in `[from, to)`. */
  addCalls(calls: CallColumns, from: Instant, to: Instant): void {
    this.#calls ??= new CallIntake(this.#zone, this.#names.extensions, this.#notes)
    this.#calls.add(calls, from, to)
  }

  /** Yields between groups, so that a caller with other duties can attend to them; returns the report. */
  *finish(): Generator<void, Report> {
    const ask = this.#ask
    const callRecords = this.#calls?.count ?? 0
    const assumed = callRecords === 0
    if (assumed) this.#notes.add('no-call-records')
    const requests = this.#requests.at.length
    const offsets = yield* this.#match()
    this.#requests.clear()
    const saved: SavedRow[] = []
    for (const row of savedRows(ask, this.#places, assumed)) {
      saved.push(row)
      yield
    }
    return {
      site: ask.site,
      zone: ask.zone,
      from: printInstant(ask.from),
      to: printInstant(ask.to),
      made: printInstant(ask.made),
      shift: ask.shift ?? null,
      baseline:
        ask.baseline === undefined
          ? null
          : { from: printInstant(ask.baseline.from), to: printInstant(ask.baseline.to) },
      counts: this.#counts.counts(callRecords),
      emergency: { ...this.#speeds.emergencyClock(this.#counts.emergencies), misses: this.#misses() },
      recipients: this.#counts.recipients,
      latency: this.#speeds.latencyRows(),
      callBack: callBackOf(mergeGroups(this.#places.groups), requests, offsets),
      saved,
      published: PUBLISHED,
      assumed: { seconds: ASSUMED_SECONDS, source: ASSUMED_SOURCE },
      limits: { minimumN: MINIMUM_N, smallestGroup: SMALLEST_GROUP, windowMinutes: WINDOW / MINUTE },
      hours: this.#counts.hours(),
      availability: ask.availability,
      air: ask.air,
      footnotes: this.#notes.list(),
      definitions: DEFINITIONS,
    }
  }

  /** Without the wards, which only the bleeps know. */
  #misses(): Report['emergency']['misses'] {
    return this.misses.map(({ at, why, took }) => ({
      ...{ at: printInstant(at), place: null, why },
      seconds: took === undefined ? null : round(took / SECOND, 1),
    }))
  }

  /** Without call records nothing but a receipt shows that whoever asked knew. */
  #toldOnly(): void {
    const { group, told } = this.#requests
    for (let i = 0; i < group.length; i++) {
      const of = group.at(i)
      const wait = told.at(i)
      if (of < 0) this.#places.groups[-1 - of]!.now.add(Number.isFinite(wait) ? wait : undefined)
    }
  }

  *#match(): Generator<void, Offsets> {
    if (this.#calls === undefined) {
      this.#toldOnly()
      return new Map()
    }
    const calls = yield* this.#calls.finish()
    const { groups } = this.#places
    const sink: MatchSink = {
      // Requests of the weeks with phones carry their group as -1 - group: both phases end by the very same rule.
      observed: (group, wait) =>
        group < 0 ? groups[-1 - group]!.now.add(wait) : groups[group]!.observed.add(wait),
      chance: (group, wait) =>
        group < 0 ? groups[-1 - group]!.nowChance.add(wait) : groups[group]!.chance.add(wait),
      failed: (group) => {
        if (group >= 0) groups[group]!.failedCalls += 1
      },
      ambiguous: (group) => {
        if (group >= 0) groups[group]!.ambiguous += 1
      },
    }
    const until = Math.max(this.#ask.to, this.#ask.baseline?.to ?? this.#ask.to)
    yield* matchAll(this.#requests, this.#names.extensions.size, calls, until, sink, this.#notes)
    free(calls.start, calls.picked, calls.rang, calls.answer)
    return calls.offsets
  }
}

const acknowledgedByPhone = (reader: Reader, row: number): boolean =>
  !reader.byExchange(row) && reader.facts.times.accepted[row]! >= 0

function callBackOf(all: Group, requests: number, offsets: Offsets): Report['callBack'] {
  return {
    requests,
    matched: all.observed.n - all.observed.censored,
    censored: all.observed.censored,
    ambiguous: all.ambiguous,
    failedCalls: all.failedCalls,
    chanceRate: beforeFigures(all).chanceRate,
    curves: {
      before: all.observed.n < MINIMUM_N ? [] : curveOf(all.observed, all.chance),
      after: all.now.n < MINIMUM_N ? [] : curveOf(all.now),
    },
    clockOffsets: [...offsets].map(([feed, offset]) => ({
      feed,
      seconds: offset === undefined ? null : round(-offset / SECOND, 1),
    })),
  }
}
