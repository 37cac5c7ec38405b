import { HOUR, type Instant, MINUTE, printInstant, SECOND } from '../../instant.ts'
import type { CallColumns } from '../facts/call-columns.ts'
import { CallIntake, type Calls } from '../facts/calls.ts'
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
  SMALLEST_GROUP,
} from './report.ts'
import { callRows } from './report-calls.ts'
import { Counts } from './report-counts.ts'
import { type Reader, ReportNames } from './report-names.ts'
import { Places } from './report-places.ts'
import { CallBackRequests } from './report-requests.ts'
import { savedRows } from './report-saved.ts'
import { Speeds } from './report-speeds.ts'
import { wardRows } from './report-wards.ts'
import { curveOf } from './saved.ts'

/** What the call records told of the exchange itself. */
type Exchange = Pick<Calls, 'offsets' | 'tellsEngaged'>

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
    const isOurs = this.#ours(facts)
    for (let i = 0; i < facts.length; i++) {
      const at = facts.at[i]!
      if (at < from || at >= to || !isOurs(i)) continue
      const group = this.#places.group(reader, i, this.#places.shift(reader, i))
      if (group !== undefined && facts.times.handed[i] === ABSENT)
        this.#requests.add(reader, i, group, this.#places.ward(reader, i))
    }
  }

  /** Bleeps of the span that lie in `[from, to)`. */
  add(facts: FactColumns, from: Instant, to: Instant): void {
    const reader = this.#names.reader(facts)
    const isOurs = this.#ours(facts)
    const { shift: only, baseline } = this.#ask
    for (let i = 0; i < facts.length; i++) {
      const at = facts.at[i]!
      if (at < from || at >= to || !isOurs(i)) continue
      const shift = this.#places.shift(reader, i)
      if (only !== undefined && shift !== only) continue
      this.#counts.add(reader, i)
      this.#speeds.add(reader, i)
      const group = this.#places.group(reader, i, shift)
      if (group === undefined) continue
      const ward = this.#places.ward(reader, i)
      if (facts.times.handed[i] !== ABSENT) this.#addLive(reader, i, group, ward)
      else if (baseline === undefined) this.#requests.add(reader, i, group, ward)
    }
  }

  /** Whether a row is of the hospital asked for; a number is looked up once. */
  #ours({ names, texts }: FactColumns): (row: number) => boolean {
    const { hospital, hospitalOf } = this.#ask
    if (hospital === undefined) return () => true
    const ours = names.map((text) => hospitalOf?.(text) === hospital)
    return (row) => ours[texts.number[row]!] === true
  }

  #addLive(reader: Reader, row: number, group: number, ward: number | undefined): void {
    const acknowledged = acknowledgedByPhone(reader, row)
    const told = reader.facts.times.told[row]!
    const known = told < 0 ? {} : { told }
    const own = this.#requests.add(reader, row, -1 - group, ward, { acknowledged, ...known })
    for (const one of [
      this.#places.groups[group],
      ward === undefined ? undefined : this.#places.wards[ward],
    ]) {
      if (one === undefined) continue
      if (acknowledged) one.acknowledged += 1
      if (own) one.requests += 1
      if (own && acknowledged) one.answered += 1
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
    const exchange = yield* this.#match()
    this.#requests.clear()
    const saved = yield* savedRows(ask, this.#places, assumed)
    const wards = yield* wardRows(ask, this.#places, assumed)
    return {
      site: ask.hospital === undefined ? ask.site : `${ask.site}/${ask.hospital}`,
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
      callBack: callBackOf(mergeGroups(this.#places.groups), requests, exchange.offsets),
      saved,
      wards,
      calls: assumed ? [] : callRows(ask, this.#places, exchange.tellsEngaged),
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
    const { group, told, ward } = this.#requests
    for (let i = 0; i < group.length; i++) {
      const of = group.at(i)
      if (of >= 0) continue
      const wait = Number.isFinite(told.at(i)) ? told.at(i) : undefined
      this.#places.groups[-1 - of]!.now.add(wait)
      this.#places.wards[ward.at(i)]?.now.add(wait)
    }
  }

  *#match(): Generator<void, Exchange> {
    if (this.#calls === undefined) {
      this.#toldOnly()
      return { offsets: new Map(), tellsEngaged: false }
    }
    const calls = yield* this.#calls.finish()
    const { groups, wards } = this.#places
    const { ward, acknowledged } = this.#requests
    // Requests of the weeks with phones carry their group as -1 - group: both phases end by the very same rule.
    const concerned = (group: number, row: number): readonly Group[] => {
      const [of, asked] = [groups[group < 0 ? -1 - group : group]!, wards[ward.at(row)]]
      return asked === undefined ? [of] : [of, asked]
    }
    const sink: MatchSink = {
      observed: (group, wait, row, seen) => {
        for (const of of concerned(group, row)) {
          const live = group < 0
          ;(live ? of.now : of.observed).add(wait)
          ;(live ? of.calls.now : of.calls.before).add(seen)
          if (live && acknowledged.at(row) === 1) of.calls.answered.add(seen)
        }
      },
      chance: (group, wait, row, seen) => {
        for (const of of concerned(group, row)) {
          ;(group < 0 ? of.nowChance : of.chance).add(wait)
          ;(group < 0 ? of.calls.nowChance : of.calls.beforeChance).add(seen)
        }
      },
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
    return calls
  }
}

const acknowledgedByPhone = (reader: Reader, row: number): boolean =>
  !reader.byExchange(row) && reader.facts.times.accepted[row]! >= 0

function callBackOf(all: Group, requests: number, offsets: Exchange['offsets']): Report['callBack'] {
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
