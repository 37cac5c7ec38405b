import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from '../../src/core/instant.ts'
import { callColumns } from '../../src/core/measure/facts/call-columns.ts'
import type { Fact } from '../../src/core/measure/facts/fact.ts'
import { factColumns } from '../../src/core/measure/facts/fact-columns.ts'
import type { CallFact } from '../../src/core/measure/facts/read-call.ts'
import type { Report, ReportAsk } from '../../src/core/measure/report/report.ts'
import { ReportMaker } from '../../src/core/measure/report/report-maker.ts'
import { zoneTable } from '../../src/core/measure/zone.ts'
import { type Seeded, seeded } from '../../src/core/seeded.ts'

/**
 * A hospital of which everything is known: four weeks with pagers only, four weeks with phones. People call back, or
 * answer on the phone, after waits of known distributions; ward telephones are busy with other calls all the time; the
 * exchange's clock is wrong by a known amount.
 */
export interface Hospital {
  readonly baseline: { readonly from: Instant; readonly to: Instant }
  readonly live: { readonly from: Instant; readonly to: Instant }
  readonly before: readonly Fact[]
  readonly after: readonly Fact[]
  /** In order of arrival. */
  readonly calls: readonly CallFact[]
}

export interface HospitalOptions {
  readonly seed: number
  readonly start?: Instant
  readonly weeks?: number
  readonly extensions?: number
  /** Calls an hour at each ward telephone that have nothing to do with bleeps. */
  readonly busy?: number
  /** Bleeps an hour to each role. */
  readonly bleeps?: number
  /** Clock of the exchange less ours, milliseconds, at an instant. */
  readonly pbxAhead?: (at: Instant) => number
  /** Resolution of the exchange's stamps, seconds. */
  readonly precision?: number
  /** Whether the exchange says that a line was engaged; it does unless told otherwise. */
  readonly tellsEngaged?: boolean
  /** When a record that was ready at `at` reaches us. */
  readonly arrives?: (at: Instant, random: Seeded) => Instant
}

const HOSPITAL_ROLES = [
  { role: 'med-reg', name: 'Medical registrar', staffGroup: 'doctor' },
  { role: 'surg-reg', name: 'Surgical registrar', staffGroup: 'doctor' },
  { role: 'med-sho', name: 'Medical senior house officer', staffGroup: 'doctor' },
  { role: 'bed-manager', name: 'Bed manager', staffGroup: 'nurse' },
  { role: 'night-sister', name: 'Night sister', staffGroup: 'nurse' },
] as const

/** Log-normal waits, and the share who never answer. */
const PAGER = { medianSeconds: 150, sigma: 0.9, never: 0.18 }
const PHONE = { medianSeconds: 25, sigma: 0.8, never: 0.05 }
/** From the answer on the phone until the ward has it on its glass, where it looks; other wards are rung after the answer. */
const SCREEN = { looks: 0.5, medianSeconds: 6, sigma: 0.6 }
const RING = { medianSeconds: 240, sigma: 0.7 }

/** A call-back is in vain this often, and of all calls these find the line engaged; tried again, and given up after so many. */
const VAIN = { share: 0.3, engaged: 0.2, again: 75 * SECOND, most: 4 }
/** Where the ward has read the answer on its screen, the doctor still rings this often: the words did not suffice. */
const STILL_RINGS = 0.2
const WINDOW = 15 * MINUTE

interface Called {
  /** After the bleep. */
  readonly after: Millis
  readonly answered: boolean
  /** Not answered, because the line was engaged: the exchange says so. */
  readonly engaged: boolean
}

/** What becomes of one bleep, in milliseconds after it. */
interface Episode {
  readonly accepted?: Millis
  readonly told?: Millis
  readonly calls: readonly Called[]
}

function episode(phones: boolean, looks: boolean, onDevice: Millis, random: Seeded): Episode {
  const wait = waitOf(phones ? PHONE : PAGER, random)
  if (wait === undefined) return { calls: [] }
  if (!phones) return { calls: ringing(wait, random) }
  const accepted = Math.max(onDevice, wait)
  const rings = accepted + moreOf(false, random)
  if (!looks) return { accepted, calls: ringing(rings, random) }
  const told = accepted + moreOf(true, random)
  return { accepted, told, calls: random() < STILL_RINGS ? ringing(rings, random) : [] }
}

function ringing(first: Millis, random: Seeded): readonly Called[] {
  const calls: Called[] = []
  for (let after = first; calls.length < VAIN.most; after += VAIN.again * (0.5 + random())) {
    const luck = random()
    const answered = luck >= VAIN.share
    calls.push({ after, answered, engaged: luck < VAIN.engaged })
    if (answered) break
  }
  return calls
}

/** What is true of one request of a phase: the mean wait, seconds cut at 15 minutes, and calls in those minutes. */
interface Truth {
  readonly knows: number
  readonly calls: number
  readonly vain: number
  readonly engaged: number
  /** Of requests answered on a phone, the share that led to no call. */
  readonly noCall: number
}

/** By numbers. @param looks the share of requests that come from wards that look at their screen */
export function truth(phones: boolean, looks = SCREEN.looks): Truth {
  const random = seeded(4711)
  const n = 200_000
  const sum = { knows: 0, calls: 0, vain: 0, engaged: 0, accepted: 0, noCall: 0 }
  for (let i = 0; i < n; i++) {
    const onDevice = 405 + random() * 1590
    const { accepted, told, calls } = episode(phones, random() < looks, onDevice, random)
    const seen = calls.filter(({ after }) => after <= WINDOW)
    const rang = seen.find(({ answered }) => answered)?.after
    sum.knows += Math.min(WINDOW, told ?? WINDOW, rang ?? WINDOW) / SECOND
    sum.calls += seen.filter(({ answered }) => answered).length
    sum.vain += seen.filter(({ answered }) => !answered).length
    sum.engaged += seen.filter(({ engaged }) => engaged).length
    if (accepted === undefined) continue
    sum.accepted += 1
    if (seen.length === 0) sum.noCall += 1
  }
  const { knows, calls, vain, engaged } = sum
  return {
    ...{ knows: knows / n, calls: calls / n, vain: vain / n, engaged: engaged / n },
    noCall: sum.noCall / sum.accepted,
  }
}

export function hospital(options: HospitalOptions): Hospital {
  const { seed, weeks = 4, extensions = 24, busy = 0.8, bleeps = 0.35, precision = 1 } = options
  const start = options.start ?? Date.UTC(2026, 8, 6, 23)
  const pbxAhead = options.pbxAhead ?? (() => 47 * SECOND)
  const arrives = options.arrives ?? ((at, random) => at + 200 + random() * 2500)
  const random = seeded(seed)
  const middle = start + weeks * 7 * DAY
  const end = middle + weeks * 7 * DAY
  const zone = zoneTable('Europe/London', start, end)
  const calls: CallFact[] = []
  const call = (picked: Instant, extension: string, { answered, engaged }: Omit<Called, 'after'>) => {
    const talk = answered ? 20 + Math.floor(random() * 160) : 0
    const ring = 2 + Math.floor(random() * 5)
    const over = picked + talk * SECOND
    const stamp = Math.floor(zone.civil(over + pbxAhead(over)) / (precision * SECOND)) * precision * SECOND
    calls.push({
      feed: 'exchange',
      arrived: arrives(over, random),
      record: {
        end: new Date(stamp).toISOString().slice(0, 19),
        ringSeconds: ring,
        talkSeconds: talk,
        from: `${7000 + Math.floor(random() * 400)}`,
        to: extension,
        internal: true,
        answered,
        mailbox: false,
        ...(engaged && options.tellsEngaged !== false ? { engaged } : {}),
        precisionSeconds: precision,
      },
    })
  }
  const before: Fact[] = []
  const after: Fact[] = []
  for (const { role, staffGroup } of HOSPITAL_ROLES)
    for (let at = start; ; ) {
      at += (-Math.log(1 - random()) / bleeps) * HOUR
      if (at >= end) break
      const extension = `${4200 + Math.floor(random() * extensions)}`
      const phones = at >= middle
      const handed = 60 + random() * 90
      const onDevice = handed + 300 + random() * 1500
      const looks = screenOf(extension, extensions)
      const { accepted, told, calls: made } = episode(phones, looks, onDevice, random)
      for (const one of made) call(at + one.after, extension, one)
      const common = {
        bleep: `${role}-${Math.floor(at)}`,
        at,
        class: 'routine' as const,
        kind: 'call-back',
        number: role,
        role,
        staffGroup,
        person: `${role}-${Math.floor(random() * 12)}`,
        callBack: extension,
        ward: wardOf(extension),
      }
      if (!phones) before.push(common)
      else
        after.push({
          ...{ ...common, handed: at + handed, onDevice: at + onDevice },
          ...(accepted === undefined ? {} : { accepted: at + accepted, by: 'person' as const }),
          ...(told === undefined ? {} : { told: at + told }),
        })
    }
  for (let e = 0; e < extensions; e++)
    for (let at = start; ; ) {
      at += (-Math.log(1 - random()) / busy) * HOUR
      if (at >= end) break
      const luck = random()
      call(at, `${4200 + e}`, { answered: luck < 0.85, engaged: luck > 0.92 })
    }
  before.sort((a, b) => a.at - b.at)
  after.sort((a, b) => a.at - b.at)
  // A batch leaves the exchange in the order in which its calls ended.
  const ended = ({ record }: CallFact) => record.end ?? ''
  calls.sort((a, b) => a.arrived - b.arrived || (ended(a) < ended(b) ? -1 : ended(a) > ended(b) ? 1 : 0))
  return {
    baseline: { from: start, to: middle },
    live: { from: middle, to: end },
    before,
    after,
    calls,
  }
}

/** Wards that look at their screen are the first of the plan; the others never do, and are rung. */
function screenOf(extension: string, extensions: number): boolean {
  return Number(extension) - 4200 < SCREEN.looks * extensions
}

/** Four telephones to a ward. */
function wardOf(extension: string): string {
  return `Ward ${1 + Math.floor((Number(extension) - 4200) / 4)}`
}

function moreOf(looks: boolean, random: Seeded): number {
  return waitOf({ never: 0, ...(looks ? SCREEN : RING) }, random) ?? 0
}

/** Milliseconds, or `undefined` when nobody ever answers. People take at least a few seconds. */
function waitOf({ medianSeconds, sigma, never }: typeof PAGER, random: Seeded): number | undefined {
  if (random() < never) return undefined
  return medianSeconds * Math.exp(sigma * normalQuantile(random())) * SECOND
}

/** Inverse of the normal distribution: Acklam's rational approximation, error below 1.2e-9. */
function normalQuantile(p: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ]
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572]
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ]
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416]
  const poly = (k: readonly number[], x: number) => k.reduce((sum, value) => sum * x + value, 0)
  if (p <= 0) return -8
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p))
    return poly(c, q) / (poly(d, q) * q + 1)
  }
  if (p > 1 - 0.02425) return -normalQuantile(1 - p)
  const q = p - 0.5
  return (poly(a, q * q) * q) / (poly(b, q * q) * q * q + 1)
}

export const HOSPITAL_SHIFTS = [
  { name: 'day', from: '08:00', to: '20:00' },
  { name: 'night', from: '20:00', to: '08:00' },
]

/** The report of a hospital's four live weeks against its four weeks before, changed as a test needs it. */
export function hospitalReport(h: Hospital, more: Partial<ReportAsk> = {}): Report {
  const maker = new ReportMaker({
    site: 'demo',
    zone: 'Europe/London',
    from: h.live.from,
    to: h.live.to,
    made: h.live.to,
    shifts: HOSPITAL_SHIFTS,
    baseline: h.baseline,
    roleNames: new Map(HOSPITAL_ROLES.map(({ role, name }) => [role, name])),
    availability: [],
    air: [],
    ...more,
  })
  const [never, ever] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  maker.addBaseline(factColumns(h.before), never, ever)
  maker.add(factColumns(h.after), never, ever)
  if (h.calls.length > 0) maker.addCalls(callColumns(h.calls, maker.zone), never, ever)
  const steps = maker.finish()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
