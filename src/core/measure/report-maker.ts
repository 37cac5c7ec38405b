// Long because one pass turns facts and call records into a report; in pieces, its state would only travel as parameters.
import type { Class } from '../bleep/bleep.ts'
import { HOUR, type Instant, MINUTE, type Millis, printInstant, SECOND } from '../instant.ts'
import { type CallFact, CallIntake, type ReadCall } from './calls.ts'
import { Column, Names } from './columns.ts'
import type { Fact } from './fact.ts'
import { Footnotes } from './footnotes.ts'
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
import { after, before, curveOf, interval, Waits } from './saved.ts'
import { seedOf } from './seeded.ts'
import { type ShiftPlan, shiftPlan } from './shifts.ts'
import { type ZoneTable, zoneTable } from './zone.ts'

const CLASS_NAMES: readonly Class[] = ['emergency', 'urgent', 'routine', 'test']
const LEG_NAMES = Object.keys(REPORT_LEGS) as LegName[]
/** First byte to a device, emergencies. */
const EMERGENCY_TARGET = 5 * SECOND
const NO_ROLE = ''
const NO_GROUP = 'no staff group'

/** One role on one shift: waits before and after, and who they were about. */
interface Group {
  readonly staffGroup: string
  readonly role: string
  readonly shift: string
  readonly observed: Waits
  readonly chance: Waits
  readonly now: Waits
  readonly people: Set<string>
  failedCalls: number
  ambiguous: number
  acknowledged: number
}

/**
 * Makes one report in one pass: first the facts of the baseline, then those of the span, then every call record from
 * an hour before to an hour after either, in order of arrival; then `finish`. Memory grows by some tens of bytes a row.
 */
export class ReportMaker {
  readonly #ask: ReportAsk
  readonly #notes = new Footnotes()
  readonly #zone: ZoneTable
  readonly #plans = new Map<string, ShiftPlan>()
  readonly #groups: Group[] = []
  readonly #groupOf = new Map<string, number>()
  readonly #extensions = new Names()
  readonly #requests = {
    at: new Column(Float64Array),
    extension: new Column(Int32Array),
    group: new Column(Int32Array),
  }
  readonly #lastRequest = new Map<string, Instant>()
  readonly #latency = new Map<string, Column>()
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

  /** A bleep of the weeks before phones: only its wait counts. */
  addBaseline(fact: Fact): void {
    const group = this.#place(fact)
    if (group !== undefined && fact.handed === undefined) this.#request(fact, group)
  }

  /** A bleep of the span. */
  add(fact: Fact): void {
    const shift = this.#plan(fact.staffGroup).at(fact.at)?.name
    if (this.#ask.shift !== undefined && shift !== this.#ask.shift) return
    this.#tally(fact)
    const group = this.#place(fact)
    if (group === undefined) return
    if (fact.handed !== undefined) this.#onPhone(fact, this.#groups[group]!)
    else if (this.#ask.baseline === undefined) this.#request(fact, group)
  }

  addCall(call: CallFact | ReadCall): void {
    this.#calls ??= new CallIntake(this.#zone, this.#extensions, this.#notes)
    if ('record' in call) this.#calls.add(call)
    else this.#calls.take(call)
  }

  /** Yields between groups, so that a caller with other duties can attend to them; returns the report. */
  *finish(): Generator<void, Report> {
    const ask = this.#ask
    const assumed = (this.#calls?.count ?? 0) === 0
    if (assumed) this.#notes.add('no-call-records')
    const offsets = this.#match()
    yield
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
        requests: this.#requests.at.length,
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

  #tally(fact: Fact): void {
    this.#count.bleeps += 1
    this.#byClass[fact.class] += 1
    const hour = Math.floor((this.#zone.civil(fact.at) % (24 * HOUR)) / HOUR)
    this.#hours[hour]![fact.class] += 1
    if (fact.handed !== undefined) this.#count.toPhones += 1
    if (fact.by === 'pbx') this.#count.acknowledgedByCallBack += 1
    else if (fact.accepted !== undefined) this.#count.acknowledged += 1
    else if (fact.handed !== undefined) this.#count.unanswered += 1
    if (fact.class === 'emergency') {
      push(this.#emergency.toDevice, fact.onDevice, fact.at)
      push(this.#emergency.toAccepted, fact.accepted, fact.at)
      push(this.#emergency.toCovered, fact.covered, fact.at)
      this.#remember(fact)
    }
    this.#leg(fact, 'first-byte → handed', fact.at, fact.handed)
    this.#leg(fact, 'handed → on-device', fact.handed, fact.onDevice)
    this.#leg(fact, 'on-device → accepted', fact.onDevice, fact.accepted)
    this.#leg(fact, 'first-byte → on-device', fact.at, fact.onDevice)
    this.#leg(fact, 'first-byte → accepted', fact.at, fact.accepted)
  }

  #remember({ bleep, at, covered, accepted }: Fact): void {
    const end = covered ?? accepted
    if (end === undefined) return
    this.#slowest.push({ bleep, at, took: end - at })
    this.#slowest.sort((a, b) => b.took - a.took)
    this.#slowest.length = Math.min(this.#slowest.length, SLOWEST)
  }

  /** The emergencies worth drawing, slowest first: only their hops are read again. */
  get slowest(): readonly { readonly bleep: string; readonly at: Instant }[] {
    return this.#slowest
  }

  #leg(fact: Fact, leg: LegName, from: Instant | undefined, to: Instant | undefined): void {
    if (from === undefined || to === undefined) return
    if (to < from) {
      this.#notes.add('fact-unordered')
      return
    }
    const key = `${fact.class}/${leg}`
    let column = this.#latency.get(key)
    if (column === undefined) {
      column = new Column(Int32Array)
      this.#latency.set(key, column)
    }
    push(column, to, from)
  }

  #plan(staffGroup: string | undefined): ShiftPlan {
    const key = staffGroup ?? NO_GROUP
    let plan = this.#plans.get(key)
    if (plan === undefined) {
      const { shifts, zone, from, to, baseline } = this.#ask
      const first = Math.min(from, baseline?.from ?? from)
      plan = shiftPlan(shifts, staffGroup, zone, first, Math.max(to, baseline?.to ?? to))
      this.#plans.set(key, plan)
    }
    return plan
  }

  /** The group a fact's wait belongs to; `undefined` when it has no place in time saved. */
  #place(fact: Fact): number | undefined {
    if (fact.class === 'emergency' || fact.class === 'test') return undefined
    const shift = this.#plan(fact.staffGroup).at(fact.at)?.name
    if (this.#ask.shift !== undefined && shift !== this.#ask.shift) return undefined
    if (shift === undefined) {
      this.#notes.add('outside-shifts')
      return undefined
    }
    if (fact.role === undefined) this.#notes.add('no-role')
    const key = `${fact.role ?? NO_ROLE}\n${shift}`
    let index = this.#groupOf.get(key)
    if (index === undefined) {
      index = this.#groups.push(newGroup(fact.staffGroup ?? NO_GROUP, fact.role ?? NO_ROLE, shift)) - 1
      this.#groupOf.set(key, index)
    }
    const { people } = this.#groups[index]!
    if (fact.person !== undefined && people.size < SMALLEST_GROUP) people.add(fact.person)
    return index
  }

  #request(fact: Fact, group: number): void {
    if (fact.callBack === undefined) {
      this.#notes.add('no-call-back-number')
      return
    }
    const key = `${fact.number}\n${fact.callBack}`
    const last = this.#lastRequest.get(key)
    if (last !== undefined && fact.at - last < WINDOW) {
      this.#notes.add('request-repeated')
      return
    }
    this.#lastRequest.set(key, fact.at)
    this.#requests.at.push(fact.at)
    this.#requests.extension.push(this.#extensions.id(fact.callBack))
    this.#requests.group.push(group)
  }

  #onPhone(fact: Fact, group: Group): void {
    const accepted = fact.by === 'pbx' ? undefined : fact.accepted
    const wait = accepted === undefined ? undefined : accepted - fact.at
    group.now.add(wait)
    if (accepted !== undefined) group.acknowledged += 1
  }

  #match(): ReadonlyMap<string, Millis | undefined> {
    if (this.#calls === undefined) return new Map()
    const calls = this.#calls.finish()
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
    matchAll(this.#requests, this.#extensions.size, calls, until, sink, this.#notes)
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
    const plan = this.#plan(staffGroup)
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
    return CLASS_NAMES.flatMap((name) =>
      LEG_NAMES.flatMap((leg) => {
        const column = this.#latency.get(`${name}/${leg}`)
        return column === undefined ? [] : [{ class: name, leg, ...spreadOf(column) }]
      }),
    )
  }
}

const NO_FIGURES = {
  before: {
    n: 0,
    censored: 0,
    ambiguous: 0,
    failedCalls: 0,
    medianSeconds: null,
    meanSeconds: null,
    correctedMedianSeconds: null,
    chanceRate: null,
  },
  after: { n: 0, censored: 0, medianSeconds: null, meanSeconds: null },
  minutesPerShift: null,
  interval: null,
} as const

function beforeFigures(group: Group): SavedRow['before'] {
  const was = before(group.observed, group.chance)
  const enough = was.n >= MINIMUM_N
  return {
    n: was.n,
    censored: was.censored,
    ambiguous: group.ambiguous,
    failedCalls: group.failedCalls,
    medianSeconds: enough ? roundOr(was.median) : null,
    meanSeconds: enough ? round(was.mean, 1) : null,
    correctedMedianSeconds: enough ? roundOr(was.correctedMedian) : null,
    chanceRate: was.chanceN === 0 ? null : round(was.chanceRate, 4),
  }
}

function newGroup(staffGroup: string, role: string, shift: string): Group {
  const waits = { observed: new Waits(), chance: new Waits(), now: new Waits() }
  return {
    staffGroup,
    role,
    shift,
    ...waits,
    people: new Set(),
    failedCalls: 0,
    ambiguous: 0,
    acknowledged: 0,
  }
}

function mergeGroups(groups: readonly Group[]): Group {
  const out = newGroup(groups[0]?.staffGroup ?? NO_GROUP, NO_ROLE, groups[0]?.shift ?? '')
  for (const group of groups) {
    out.observed.merge(group.observed)
    out.chance.merge(group.chance)
    out.now.merge(group.now)
    for (const person of group.people) out.people.add(person)
    out.failedCalls += group.failedCalls
    out.ambiguous += group.ambiguous
    out.acknowledged += group.acknowledged
  }
  return out
}

function push(column: Column, to: Instant | undefined, from: Instant): void {
  if (to !== undefined) column.push(Math.min(2_000_000_000, Math.max(0, Math.round(to - from))))
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

const round = (value: number, places: number): number => Math.round(value * 10 ** places) / 10 ** places
const roundOr = (value: number | undefined): number | null => (value === undefined ? null : round(value, 1))
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
