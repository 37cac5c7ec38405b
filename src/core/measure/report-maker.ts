// Long because one pass turns facts and call records into a report; in pieces, its state would only travel as parameters.
import type { Class } from '../bleep/bleep.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis, printInstant, SECOND } from '../instant.ts'
import type { CallColumns } from './call-columns.ts'
import { CallIntake } from './calls.ts'
import { Column, free, Names, renumbered } from './columns.ts'
import { ABSENT, type FactColumns } from './fact-columns.ts'
import { Footnotes } from './footnotes.ts'
import {
  beforeFigures,
  type Group,
  mergeGroups,
  NO_FIGURES,
  NO_GROUP,
  NO_ROLE,
  newGroup,
  round,
  roundOr,
} from './groups.ts'
import { type MatchSink, matchAll, WINDOW } from './match.ts'
import {
  ASSUMED_SECONDS,
  ASSUMED_SOURCE,
  DEFINITIONS,
  type LatencyRow,
  type LegName,
  MINIMUM_N,
  PUBLISHED,
  REPORT_LEGS,
  type Report,
  type ReportAsk,
  type SavedRow,
  SLOWEST,
  SMALLEST_GROUP,
  type Spread,
} from './report.ts'
import { after, before, curveOf, interval } from './saved.ts'
import { seedOf } from './seeded.ts'
import { type ShiftPlan, shiftPlan } from './shifts.ts'
import { type ZoneTable, zoneTable } from './zone.ts'

const CLASS_NAMES: readonly Class[] = ['emergency', 'urgent', 'routine', 'test']
const LEG_NAMES = Object.keys(REPORT_LEGS) as LegName[]
/** Where each leg stands in them. */
const LEG = { ours: 0, network: 1, person: 2, machines: 3, all: 4 }
/** More shifts than any site has: two numbers make one key. */
const MOST_SHIFTS = 1024

/** One document of facts, its texts under this report's own numbers; below nought: absent. */
interface Reader {
  readonly facts: FactColumns
  /** A place in `CLASS_NAMES`. */
  class(row: number): number
  role(row: number): number
  staffGroup(row: number): number
  number(row: number): number
  extension(row: number): number
  /** Acknowledged by an answered call-back, for somebody with a pager only. */
  byExchange(row: number): boolean
}
/** First byte to a device, emergencies. */
const EMERGENCY_TARGET = 5 * SECOND

/**
 * Makes one report in one pass: first the facts of the baseline, then those of the span, then every call record from
 * an hour before to an hour after either, in order of arrival; then `finish`. Memory grows by some tens of bytes a row.
 */
export class ReportMaker {
  readonly #ask: ReportAsk
  readonly #notes = new Footnotes()
  readonly #zone: ZoneTable
  readonly #plans: ShiftPlan[] = []
  readonly #groups: Group[] = []
  readonly #groupOf = new Map<number, number>()
  readonly #classes = new Names(CLASS_NAMES)
  readonly #roles = new Names()
  readonly #staffGroups = new Names()
  readonly #shifts = new Names()
  readonly #numbers = new Names()
  readonly #extensions = new Names()
  readonly #requests = {
    at: new Column(Float64Array),
    extension: new Column(Int32Array),
    group: new Column(Int32Array),
  }
  /** By number bleeped: extension → the latest request to ring it. */
  readonly #lastRequests: Map<number, number>[] = []
  readonly #latency = CLASS_NAMES.flatMap(() => LEG_NAMES.map(() => new Column(Int32Array)))
  readonly #emergency = {
    toDevice: new Column(Int32Array),
    toAccepted: new Column(Int32Array),
    toCovered: new Column(Int32Array),
  }
  readonly #slowest: { readonly bleep: string; readonly at: Instant; readonly took: Millis }[] = []
  readonly #byClass: Record<Class, number> = { emergency: 0, urgent: 0, routine: 0, test: 0 }
  readonly #hours = Array.from({ length: 24 }, () => ({ emergency: 0, urgent: 0, routine: 0, test: 0 }))
  readonly #count = { bleeps: 0, toPhones: 0, acknowledged: 0, unanswered: 0, acknowledgedByCallBack: 0 }
  #calls: CallIntake | undefined

  constructor(ask: ReportAsk) {
    this.#ask = ask
    const from = Math.min(ask.from, ask.baseline?.from ?? ask.from)
    const to = Math.max(ask.to, ask.baseline?.to ?? ask.to)
    this.#zone = zoneTable(ask.zone, from - 2 * HOUR, to + 2 * HOUR)
  }

  /** By which call records are to be read. */
  get zone(): ZoneTable {
    return this.#zone
  }

  /** Bleeps of the weeks before phones in `[from, to)`: only their waits count. */
  addBaseline(facts: FactColumns, from: Instant, to: Instant): void {
    const reader = this.#reader(facts)
    for (let i = 0; i < facts.length; i++) {
      const at = facts.at[i]!
      if (at < from || at >= to) continue
      const group = this.#place(reader, i, this.#shift(reader, i))
      if (group !== undefined && facts.times.handed[i] === ABSENT) this.#request(reader, i, group)
    }
  }

  /** Bleeps of the span that lie in `[from, to)`. */
  add(facts: FactColumns, from: Instant, to: Instant): void {
    const reader = this.#reader(facts)
    const { shift: only, baseline } = this.#ask
    for (let i = 0; i < facts.length; i++) {
      const at = facts.at[i]!
      if (at < from || at >= to) continue
      const shift = this.#shift(reader, i)
      if (only !== undefined && shift !== only) continue
      this.#tally(reader, i)
      const group = this.#place(reader, i, shift)
      if (group === undefined) continue
      if (facts.times.handed[i] !== ABSENT) this.#onPhone(reader, i, this.#groups[group]!)
      else if (baseline === undefined) this.#request(reader, i, group)
    }
  }

  /** Call records that arrived in `[from, to)`. */
  addCalls(calls: CallColumns, from: Instant, to: Instant): void {
    this.#calls ??= new CallIntake(this.#zone, this.#extensions, this.#notes)
    this.#calls.add(calls, from, to)
  }

  #reader(facts: FactColumns): Reader {
    const { names, texts } = facts
    const by = (registry: Names, column: Int32Array) => {
      const number = renumbered(names, (text) => registry.id(text))
      return (row: number): number => number(column[row]!)
    }
    const pbx = names.indexOf('pbx')
    return {
      facts,
      class: by(this.#classes, texts.class),
      role: by(this.#roles, texts.role),
      staffGroup: by(this.#staffGroups, texts.staffGroup),
      number: by(this.#numbers, texts.number),
      extension: by(this.#extensions, texts.callBack),
      byExchange: (row) => pbx >= 0 && texts.by[row] === pbx,
    }
  }

  /** Yields between groups, so that a caller with other duties can attend to them; returns the report. */
  *finish(): Generator<void, Report> {
    const ask = this.#ask
    const assumed = (this.#calls?.count ?? 0) === 0
    if (assumed) this.#notes.add('no-call-records')
    const requests = this.#requests.at.length
    const offsets = yield* this.#match()
    for (const column of Object.values(this.#requests)) column.clear()
    const saved: SavedRow[] = []
    for (const rows of [this.#byStaffGroup(), this.#byRole()])
      for (const row of rows) {
        saved.push(this.#savedRow(row.group, row.roles, row.total, assumed))
        yield
      }
    const all = mergeGroups(this.#groups)
    const before = beforeFigures(all)
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
      counts: { ...this.#count, byClass: this.#byClass, callRecords: this.#calls?.count ?? 0 },
      emergency: this.#emergencyClock(),
      latency: this.#latencyRows(),
      callBack: {
        requests,
        matched: all.observed.n - all.observed.censored,
        censored: all.observed.censored,
        ambiguous: all.ambiguous,
        failedCalls: all.failedCalls,
        chanceRate: before.chanceRate,
        curves: {
          before: all.observed.n < MINIMUM_N ? [] : curveOf(all.observed, all.chance),
          after: all.now.n < MINIMUM_N ? [] : curveOf(all.now),
        },
        clockOffsets: [...offsets].map(([feed, offset]) => ({
          feed,
          seconds: offset === undefined ? null : round(-offset / SECOND, 1),
        })),
      },
      saved,
      published: PUBLISHED,
      assumed: { seconds: ASSUMED_SECONDS, source: ASSUMED_SOURCE },
      limits: { minimumN: MINIMUM_N, smallestGroup: SMALLEST_GROUP, windowMinutes: WINDOW / MINUTE },
      hours: this.#hours.map((byClass, hour) => ({ hour, byClass })),
      availability: ask.availability,
      air: ask.air,
      footnotes: this.#notes.list(),
      definitions: DEFINITIONS,
    }
  }

  #tally(reader: Reader, row: number): void {
    const { at: began, times } = reader.facts
    const { handed, onDevice, accepted, covered } = times
    const at = began[row]!
    const c = reader.class(row)
    const name = CLASS_NAMES[c]!
    const toPhone = handed[row] !== ABSENT
    this.#count.bleeps += 1
    this.#byClass[name] += 1
    const hour = Math.floor((this.#zone.civil(at) % DAY) / HOUR)
    this.#hours[hour]![name] += 1
    if (toPhone) this.#count.toPhones += 1
    if (reader.byExchange(row)) this.#count.acknowledgedByCallBack += 1
    else if (accepted[row] !== ABSENT) this.#count.acknowledged += 1
    else if (toPhone) this.#count.unanswered += 1
    if (name === 'emergency') {
      push(this.#emergency.toDevice, onDevice[row]!)
      push(this.#emergency.toAccepted, accepted[row]!)
      push(this.#emergency.toCovered, covered[row]!)
      this.#remember(reader, row)
    }
    this.#leg(c, LEG.ours, 0, handed[row]!)
    this.#leg(c, LEG.network, handed[row]!, onDevice[row]!)
    this.#leg(c, LEG.person, onDevice[row]!, accepted[row]!)
    this.#leg(c, LEG.machines, 0, onDevice[row]!)
    this.#leg(c, LEG.all, 0, accepted[row]!)
  }

  #remember({ facts: { at, times, bleeps } }: Reader, row: number): void {
    const took = times.covered[row] === ABSENT ? times.accepted[row]! : times.covered[row]!
    const bleep = bleeps.get(row)
    if (took < 0 || bleep === undefined) return
    this.#slowest.push({ bleep, at: at[row]!, took })
    this.#slowest.sort((a, b) => b.took - a.took)
    this.#slowest.length = Math.min(this.#slowest.length, SLOWEST)
  }

  /** The emergencies worth drawing, slowest first: only their hops are read again. */
  get slowest(): readonly { readonly bleep: string; readonly at: Instant }[] {
    return this.#slowest
  }

  /** @param from and `to`: milliseconds after the first byte */
  #leg(c: number, leg: number, from: Millis, to: Millis): void {
    if (from === ABSENT || to === ABSENT) return
    if (to < from) this.#notes.add('fact-unordered')
    else push(this.#latency[c * LEG_NAMES.length + leg]!, to - from)
  }

  /** By number of the staff group, whose last place is for roles without any. */
  #plan(staffGroup: number): ShiftPlan {
    const known = this.#plans[staffGroup + 1]
    if (known !== undefined) return known
    const { shifts, zone, from, to, baseline } = this.#ask
    const first = Math.min(from, baseline?.from ?? from)
    const name = this.#staffGroups.all[staffGroup]
    const plan = shiftPlan(shifts, name, zone, first, Math.max(to, baseline?.to ?? to))
    this.#plans[staffGroup + 1] = plan
    return plan
  }

  #shift(reader: Reader, row: number): string | undefined {
    return this.#plan(reader.staffGroup(row)).at(reader.facts.at[row]!)?.name
  }

  /** The group a fact's wait belongs to; `undefined` when it has no place in time saved. */
  #place(reader: Reader, row: number, shift: string | undefined): number | undefined {
    const name = CLASS_NAMES[reader.class(row)]
    if (name === 'emergency' || name === 'test') return undefined
    if (this.#ask.shift !== undefined && shift !== this.#ask.shift) return undefined
    if (shift === undefined) {
      this.#notes.add('outside-shifts')
      return undefined
    }
    const role = reader.role(row)
    if (role < 0) this.#notes.add('no-role')
    const key = (role + 1) * MOST_SHIFTS + this.#shifts.id(shift)
    let index = this.#groupOf.get(key)
    if (index === undefined) {
      const staffGroup = this.#staffGroups.all[reader.staffGroup(row)] ?? NO_GROUP
      index = this.#groups.push(newGroup(staffGroup, this.#roles.all[role] ?? NO_ROLE, shift)) - 1
      this.#groupOf.set(key, index)
    }
    const { people } = this.#groups[index]!
    if (people.size < SMALLEST_GROUP) {
      const person = reader.facts.names[reader.facts.texts.person[row]!]
      if (person !== undefined) people.add(person)
    }
    return index
  }

  #request(reader: Reader, row: number, group: number): void {
    const extension = reader.extension(row)
    if (extension < 0) {
      this.#notes.add('no-call-back-number')
      return
    }
    const { at, extension: extensions, group: groups } = this.#requests
    const began = reader.facts.at[row]!
    const number = reader.number(row)
    this.#lastRequests[number] ??= new Map()
    const latest = this.#lastRequests[number]
    const last = latest.get(extension)
    if (last !== undefined && began - at.at(last) < WINDOW) {
      this.#notes.add('request-repeated')
      return
    }
    latest.set(extension, at.length)
    at.push(began)
    extensions.push(extension)
    groups.push(group)
  }

  /** An acceptance before its bleep is noted with its leg and is no wait. */
  #onPhone(reader: Reader, row: number, group: Group): void {
    const accepted = reader.byExchange(row) ? ABSENT : reader.facts.times.accepted[row]!
    if (accepted < ABSENT) return
    group.now.add(accepted === ABSENT ? undefined : accepted)
    if (accepted !== ABSENT) group.acknowledged += 1
  }

  *#match(): Generator<void, ReadonlyMap<string, Millis | undefined>> {
    if (this.#calls === undefined) return new Map()
    const calls = yield* this.#calls.finish()
    const sink: MatchSink = {
      observed: (group, wait) => this.#groups[group]!.observed.add(wait),
      chance: (group, wait) => this.#groups[group]!.chance.add(wait),
      failed: (group) => {
        this.#groups[group]!.failedCalls += 1
      },
      ambiguous: (group) => {
        this.#groups[group]!.ambiguous += 1
      },
    }
    const until = Math.max(this.#ask.to, this.#ask.baseline?.to ?? this.#ask.to)
    yield* matchAll(this.#requests, this.#extensions.size, calls, until, sink, this.#notes)
    free(calls.start, calls.picked, calls.rang, calls.answer)
    return calls.offsets
  }

  #byRole(): { group: Group; roles: number; total: boolean }[] {
    return this.#groups
      .filter((g) => g.role !== NO_ROLE)
      .sort(
        (a, b) => byText(a.staffGroup, b.staffGroup) || byText(a.role, b.role) || byText(a.shift, b.shift),
      )
      .map((group) => ({ group, roles: 1, total: false }))
  }

  #byStaffGroup(): { group: Group; roles: number; total: boolean }[] {
    const keys = new Map<string, Group[]>()
    for (const group of this.#groups) {
      const key = `${group.staffGroup}\n${group.shift}`
      keys.set(key, [...(keys.get(key) ?? []), group])
    }
    return [...keys.values()]
      .map((groups) => ({ group: mergeGroups(groups), roles: groups.length, total: true }))
      .sort((a, b) => byText(a.group.staffGroup, b.group.staffGroup) || byText(a.group.shift, b.group.shift))
  }

  #savedRow(group: Group, roles: number, total: boolean, assumed: boolean): SavedRow {
    const { staffGroup, role, shift } = group
    const roleName = total ? undefined : (this.#ask.roleNames.get(role) ?? role)
    const plan = this.#plan(this.#staffGroups.find(staffGroup) ?? ABSENT)
    const shifts = round(plan.held(shift, this.#ask.from, this.#ask.to) * roles, 2)
    const common = {
      staffGroup,
      ...(total ? {} : { role, ...(roleName === undefined ? {} : { roleName }) }),
      shift,
      shifts,
      publishedMinutesPerShift: PUBLISHED.minutesPerShift[staffGroup] ?? null,
    }
    if (group.people.size < SMALLEST_GROUP)
      return { ...common, verdict: 'too-few-people', acknowledged: 0, ...NO_FIGURES }
    const was = beforeFigures(group)
    const now = after(group.now)
    const figures = {
      ...common,
      acknowledged: group.acknowledged,
      before: was,
      after: {
        n: now.n,
        censored: now.censored,
        medianSeconds: now.n < MINIMUM_N ? null : roundOr(now.median),
        meanSeconds: now.n < MINIMUM_N ? null : round(now.mean, 1),
      },
    }
    const perShift = shifts > 0 ? group.acknowledged / shifts / 60 : 0
    if (assumed && group.now.n >= MINIMUM_N)
      return {
        ...figures,
        verdict: 'assumed',
        minutesPerShift: round((ASSUMED_SECONDS - now.mean) * perShift, 1),
        interval: null,
      }
    if (group.observed.n < MINIMUM_N || group.now.n < MINIMUM_N || shifts === 0)
      return { ...figures, verdict: 'not-enough-data', minutesPerShift: null, interval: null }
    const mean = before(group.observed, group.chance).mean
    const seed = seedOf(`${this.#ask.site}/${this.#ask.from}/${this.#ask.to}/${staffGroup}/${role}/${shift}`)
    const [low, high] = interval(group.observed, group.chance, group.now, seed)
    return {
      ...figures,
      verdict: 'measured',
      minutesPerShift: round((mean - now.mean) * perShift, 1),
      interval: [round(low * perShift, 1), round(high * perShift, 1)],
    }
  }

  #emergencyClock(): Report['emergency'] {
    const { toDevice, toAccepted, toCovered } = this.#emergency
    let within = 0
    for (let i = 0; i < toDevice.length; i++) if (toDevice.at(i) <= EMERGENCY_TARGET) within += 1
    return {
      n: this.#byClass.emergency,
      toDevice: spreadOf(toDevice),
      toAccepted: spreadOf(toAccepted),
      toCovered: spreadOf(toCovered),
      withinTarget: toDevice.length === 0 ? null : round(within / toDevice.length, 4),
      targetSeconds: EMERGENCY_TARGET / SECOND,
      slowest: [],
    }
  }

  #latencyRows(): LatencyRow[] {
    return CLASS_NAMES.flatMap((name, c) =>
      LEG_NAMES.flatMap((leg, i) => {
        const column = this.#latency[c * LEG_NAMES.length + i]!
        const row = { class: name, leg, ...spreadOf(column) }
        column.clear()
        return row.n === 0 ? [] : [row]
      }),
    )
  }
}

function push(column: Column, after: Millis): void {
  if (after !== ABSENT) column.push(Math.max(0, after))
}

function spreadOf(column: Column): Spread {
  const n = column.length
  if (n === 0) return { n, p50: null, p95: null, max: null }
  const all = new Int32Array(n)
  for (let i = 0; i < n; i++) all[i] = column.at(i)
  all.sort()
  const rank = (share: number): number => all[Math.min(n - 1, Math.ceil(share * n) - 1)]!
  return { n, p50: rank(0.5), p95: rank(0.95), max: all[n - 1]! }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
