import type { CallRecord, Parties } from '../kit/call-record.ts'
import { type Compiled, compile } from '../kit/pattern.ts'
import type { RecordsOptions, ValueName } from './options.ts'

type Values = Partial<Record<ValueName, string>>
type Condition = { readonly value: ValueName; readonly matches: Compiled }

/** What outside numbers become before anything is stored. */
const EXTERNAL = 'external'

export type RecordOutcome =
  | { readonly kind: 'call'; readonly record: CallRecord; readonly printed: Parties }
  | { readonly kind: 'noise' }
  | { readonly kind: 'date'; readonly date: string }

/** Turns one line of a PBX into a call record by the layout of its profile. Pure; compiled once per feed. */
export class RecordReader {
  readonly #o: RecordsOptions
  readonly #find: (line: string) => Values | undefined
  readonly #noise: readonly Compiled[]
  readonly #date: Compiled | undefined
  readonly #carriesOn: Compiled | undefined
  readonly #station: Compiled
  readonly #startWhen: Condition | undefined
  readonly #swapWhen: Condition | undefined
  readonly #internal: readonly Condition[] | undefined
  readonly #unanswered: readonly Condition[]
  readonly #engaged: readonly Condition[]
  readonly #mailbox: readonly Condition[]

  constructor(o: RecordsOptions) {
    this.#o = o
    this.#find = finder(o.layout)
    this.#noise = o.noise.map(compile)
    this.#date = o.dateRecord === undefined ? undefined : compile(o.dateRecord)
    this.#carriesOn = o.carriesOn === undefined ? undefined : compile(o.carriesOn)
    this.#station = compile(o.station)
    this.#startWhen = condition(o.startWhen)
    this.#swapWhen = condition(o.swapWhen)
    this.#internal = o.internalWhen?.map(compiled)
    this.#unanswered = o.unansweredWhen.map(compiled)
    this.#engaged = o.engagedWhen.map(compiled)
    this.#mailbox = o.mailboxWhen.map(compiled)
  }

  /** @param date civil date of the last date record, for layouts that print it apart */
  read(line: string, date?: string): RecordOutcome | undefined {
    if (this.#noise.some((n) => n.match(line))) return { kind: 'noise' }
    const told = this.#date?.match(line)
    if (told) return { kind: 'date', date: isoDate(told) }
    const values = this.#find(line)
    if (!values) return undefined
    const [stampDate, stampTime] = values.stamp?.split(/[ T]+/, 2) ?? []
    const time = readTime(stampTime ?? values.time, values.meridiem)
    const dated = stampDate ?? values.date
    const day = dated === undefined ? (date ?? '') : readDate(dated, this.#o.dateOrder)
    if (time === undefined || day === undefined) return undefined
    const printed = this.#parties(values)
    return { kind: 'call', record: this.#record(values, `${day}T${time}`, printed), printed }
  }

  /** The record that `line` makes of the line before it, which was none by itself. */
  complete(before: string, line: string, date?: string): RecordOutcome | undefined {
    const rest = this.#carriesOn?.match(line)?.rest
    return rest === undefined ? undefined : this.read(`${before.trimEnd()} ${rest}`, date)
  }

  /** Whether a line that is no record may be the first half of one. */
  get inTwoLines(): boolean {
    return this.#carriesOn !== undefined
  }

  #parties(values: Values): Parties {
    const swapped = isMet(this.#swapWhen, values)
    return {
      from: (swapped ? values.to : values.from) ?? '',
      to: (swapped ? values.from : values.to) ?? '',
      ...(values.dialled && { dialled: values.dialled }),
    }
  }

  #record(values: Values, stamp: string, { from, to, dialled }: Parties): CallRecord {
    const o = this.#o
    const engaged = this.#engaged.some((c) => isMet(c, values))
    // What says that a line was engaged stands where others say that the call was internal.
    const internal =
      (engaged ? undefined : this.#internal?.some((c) => isMet(c, values))) ?? this.#bothStations(from, to)
    const talkSeconds = readTalk(values)
    const ringSeconds = readDuration(values.ring)
    const mailbox = this.#mailbox.some((c) => isMet(c, values))
    const toTheSecond = /T\d\d:\d\d:\d\d$/.test(stamp)
    const starts = o.stampTells === 'start' || isMet(this.#startWhen, values)
    return {
      ...(starts ? { start: stamp } : { end: stamp }),
      ...(ringSeconds !== undefined && { ringSeconds }),
      ...(talkSeconds !== undefined && { talkSeconds }),
      from: this.#party(from, internal),
      to: this.#party(to, internal),
      ...(dialled && { dialled: this.#party(dialled, internal) }),
      internal,
      answered:
        !mailbox && !engaged && (talkSeconds ?? 0) > 0 && !this.#unanswered.some((c) => isMet(c, values)),
      mailbox,
      ...(engaged && { engaged }),
      ...(values.type && { type: values.type }),
      precisionSeconds: toTheSecond && o.precisionSeconds === 60 ? 1 : o.precisionSeconds,
    }
  }

  #bothStations(from: string, to: string): boolean {
    return this.#station.match(from) !== undefined && this.#station.match(to) !== undefined
  }

  /** A number inside the house as printed; anything else, trunks too, tells nothing but that it was outside. */
  #party(number: string, internal: boolean): string {
    if (number === '' || internal || this.#station.match(number)) return number
    return EXTERNAL
  }
}

function finder(layout: RecordsOptions['layout']): (line: string) => Values | undefined {
  if (layout.kind === 'csv') {
    const fields = Object.entries(layout.fields) as [ValueName, number][]
    return (line) => {
      const cells = line.split(',')
      if (cells.length < layout.atLeast) return undefined
      return Object.fromEntries(fields.map(([name, at]) => [name, (cells[at - 1] ?? '').trim()]))
    }
  }
  if (layout.kind === 'columns') {
    const columns = Object.entries(layout.columns) as [ValueName, { at: number; length: number }][]
    const check = compile(layout.check)
    return (line) => {
      if (!check.match(line)) return undefined
      return Object.fromEntries(
        columns.map(([name, c]) => [name, line.slice(c.at - 1, c.at - 1 + c.length).trim()]),
      )
    }
  }
  const patterns = layout.patterns.map(compile)
  return (line) => {
    for (const p of patterns) {
      const groups = p.match(line)
      if (groups) return Object.fromEntries(Object.entries(groups).map(([name, v]) => [name, v.trim()]))
    }
    return undefined
  }
}

function compiled(c: { value: ValueName; matches: string }): Condition {
  return { value: c.value, matches: compile(c.matches) }
}

function condition(c: { value: ValueName; matches: string } | undefined): Condition | undefined {
  return c === undefined ? undefined : compiled(c)
}

function isMet(c: Condition | undefined, values: Values): boolean {
  return c?.matches.match(values[c.value] ?? '') !== undefined
}

const two = (n: number): string => String(n).padStart(2, '0')

function isoDate(told: Readonly<Record<string, string>>): string {
  return civilDate(told.year, Number(told.month), Number(told.day)) ?? ''
}

function civilDate(year: string | undefined, month: number, day: number): string | undefined {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined
  const prefix = year === undefined ? '-' : year.length === 2 ? `20${year}` : year
  return `${prefix}-${two(month)}-${two(day)}`
}

function readDate(text: string, order: RecordsOptions['dateOrder']): string | undefined {
  const numbers = text.split(/\D+/).filter((n) => n !== '')
  if (numbers.length !== order.length) return undefined
  const at = (letter: string): string | undefined => numbers[order.indexOf(letter)]
  const year = order.includes('y') ? at('y') : undefined
  const [month, day] = [Number(at('m')), Number(at('d'))]
  return civilDate(year, month, day) ?? civilDate(year, day, month)
}

/** `HH:MM`, `HH:MM:SS` or `HHMM`, on the 24-hour clock or with `p`, `PM`, `a`, `AM` behind it or apart. */
function readTime(text: string | undefined, meridiem: string | undefined): string | undefined {
  const parts = /^(\d{1,2}):?(\d\d)(?::(\d\d))?\s*([ap]m?)?$/i.exec(text ?? '')
  if (!parts) return undefined
  const half = (parts[4] ?? meridiem ?? '').trim().toLowerCase().charAt(0)
  let hour = Number(parts[1])
  if (half === 'p' && hour < 12) hour += 12
  if (half === 'a' && hour === 12) hour = 0
  if (hour > 23 || Number(parts[2]) > 59 || Number(parts[3] ?? 0) > 59) return undefined
  return `${two(hour)}:${parts[2]}${parts[3] === undefined ? '' : `:${parts[3]}`}`
}

/** Seconds of `SS`, `M'SS`, `MM:SS`, `HH:MM'SS` or `HH:MM:SS`; `undefined` for anything else, such as stars. */
function readDuration(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+(?:[:']\d+){0,2}$/.test(text)) return undefined
  return text.split(/\D/).reduce((seconds, part) => seconds * 60 + Number(part), 0)
}

function readTalk(values: Values): number | undefined {
  if (values.talk !== undefined) return readDuration(values.talk)
  const { talkHours, talkMinutes, talkTenths } = values
  if (talkHours === undefined && talkMinutes === undefined && talkTenths === undefined) return undefined
  return Number(talkHours ?? 0) * 3600 + Number(talkMinutes ?? 0) * 60 + Number(talkTenths ?? 0) * 6
}
