import { Temporal } from 'temporal-polyfill'
import { failed, ok, type Result } from '../faults.ts'
import type { BleepId } from '../ids.ts'
import { DAY, type Instant } from '../instant.ts'
import { never } from '../never.ts'
import type { Ground } from './grounds.ts'
import type { About, Place } from './subject.ts'

/** What somebody asks for: a copy of their data, that it goes, or that it is kept and not used. */
export const REQUEST_KINDS = ['access', 'erase', 'restrict'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

/** How it was made sure that whoever asks is who they say, or may ask for them. */
export const VERIFIED_BY = ['identity-document', 'known-to-us', 'representative', 'court'] as const
export type VerifiedBy = (typeof VERIFIED_BY)[number]

/** What becomes of one item. `give`: into the pack. `restrict`: kept, and seen by nobody but governance. */
export const DECISIONS = ['give', 'erase', 'restrict', 'refuse'] as const
export type Decision = (typeof DECISIONS)[number]

const ALLOWED: Readonly<Record<RequestKind, readonly Decision[]>> = {
  access: ['give', 'refuse'],
  erase: ['erase', 'restrict', 'refuse'],
  restrict: ['restrict', 'refuse'],
}

interface Decided {
  readonly what: Decision
  /** On what ground it is refused, or only restricted. */
  readonly ground?: Ground
  readonly by: string
  readonly at: Instant
}

/** Whether one piece of text stays readable in the pack, who said so and why. */
export interface Reviewed {
  readonly hide: boolean
  readonly because: string
  readonly by: string
  readonly at: Instant
}

/** One bleep that a request is about. Holds no words. */
export interface RequestItem {
  readonly bleep: BleepId
  readonly received: Instant
  readonly where: readonly Place[]
  readonly decided?: Decided
  /** Each piece of text that may name somebody else, by its place. */
  readonly reviewed: Readonly<Record<string, Reviewed>>
  /** What became of it: `done`, or the reason why it was left. */
  readonly outcome?: string
}

type RequestState = 'open' | 'found' | 'approved' | 'started' | 'done' | 'withdrawn'

export interface SubjectRequest {
  readonly id: string
  readonly kind: RequestKind
  /** The site's own case number; no name. */
  readonly reason: string
  readonly by: string
  readonly received: Instant
  /** A month after it was received. */
  readonly due: Instant
  readonly state: RequestState
  /** Whose data it is; forgotten when an erasure is done. */
  readonly about?: About
  readonly verified?: { readonly how: VerifiedBy; readonly by: string; readonly at: Instant }
  readonly items: readonly RequestItem[]
  readonly approved?: { readonly by: string; readonly at: Instant }
  /** When work on it last came on: long ago means that whoever did it is dead. */
  readonly touched: Instant
  readonly done?: Instant
  /** How much of what was carried out was looked at again, and how often the words were still there. */
  readonly proof?: { readonly at: Instant; readonly looked: number; readonly still: number }
}

export type RequestInput =
  | { readonly kind: 'verified'; readonly how: VerifiedBy }
  | { readonly kind: 'found'; readonly items: readonly Pick<RequestItem, 'bleep' | 'received' | 'where'>[] }
  | {
      readonly kind: 'decided'
      readonly items: readonly {
        readonly bleep: BleepId
        readonly what: Decision
        readonly ground?: Ground
      }[]
    }
  | {
      readonly kind: 'reviewed'
      readonly bleep: BleepId
      readonly places: readonly { readonly place: string; readonly hide: boolean; readonly because: string }[]
    }
  | { readonly kind: 'approved' }
  | { readonly kind: 'started' }
  | { readonly kind: 'carried-out'; readonly bleep: BleepId; readonly outcome: string }
  | { readonly kind: 'done'; readonly proof: NonNullable<SubjectRequest['proof']> }
  | { readonly kind: 'withdrawn' }

export interface RequestRules {
  /** Whoever approves has decided nothing of it. */
  readonly twoPeople: boolean
}

/**
 * The same day of the next month, or its last one, to the end of that day (ICO, Right of access: time limit).
 * @param zone civil time of the site
 */
export function dueOf(received: Instant, zone: string): Instant {
  const day = Temporal.Instant.fromEpochMilliseconds(Math.floor(received))
    .toZonedDateTimeISO(zone)
    .toPlainDate()
  return day.add({ months: 1 }).add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - 1
}

/** Days before it is due that a request is told to whoever answers for it. */
const AHEAD = 7 * DAY

/** Whether a request must be told of: it is due soon, or it is late. */
export function pressing(
  { state, due }: SubjectRequest,
  now: Instant,
): 'request-due' | 'request-late' | undefined {
  if (state === 'done' || state === 'withdrawn') return undefined
  if (now > due) return 'request-late'
  return now > due - AHEAD ? 'request-due' : undefined
}

/** One step of a request: verify, find, decide each item, approve, carry out, prove. */
export function step(
  request: SubjectRequest,
  input: RequestInput,
  { by, at }: { readonly by: string; readonly at: Instant },
  rules: RequestRules,
): Result<SubjectRequest> {
  const next = (more: Partial<SubjectRequest>): Result<SubjectRequest> =>
    ok({ ...request, ...more, touched: at })
  const over = request.state === 'done' || request.state === 'withdrawn' || request.state === 'started'
  if (over && input.kind !== 'carried-out' && input.kind !== 'done' && input.kind !== 'started')
    return failed('request-over')
  switch (input.kind) {
    case 'verified':
      return next({ verified: { how: input.how, by, at } })
    case 'found': {
      if (request.verified === undefined) return failed('request-unverified')
      const known = new Map(request.items.map((item) => [item.bleep, item]))
      const items = input.items.map((item) => known.get(item.bleep) ?? { ...item, reviewed: {} })
      return next({ state: 'found', items })
    }
    case 'decided':
      return decide(request, input.items, { by, at })
    case 'reviewed':
      return ok({
        ...reopened(request),
        touched: at,
        items: request.items.map((item) => {
          if (item.bleep !== input.bleep) return item
          const said = input.places.map(
            ({ place, hide, because }) => [place, { hide, because, by, at }] as const,
          )
          return { ...item, reviewed: { ...item.reviewed, ...Object.fromEntries(said) } }
        }),
      })
    case 'approved': {
      if (request.state !== 'found') return failed('request-early')
      if (request.items.some(({ decided }) => decided === undefined)) return failed('request-undecided')
      if (rules.twoPeople && request.items.some(({ decided }) => decided?.by === by))
        return failed('request-second')
      return next({ state: 'approved', approved: { by, at } })
    }
    case 'started':
      return request.state === 'approved' || request.state === 'started'
        ? next({ state: 'started' })
        : failed('request-early')
    case 'carried-out':
      return next({
        items: request.items.map((item) =>
          item.bleep === input.bleep ? { ...item, outcome: input.outcome } : item,
        ),
      })
    case 'done': {
      const { about, ...rest } = request
      // A copy may be asked for again; of what was erased not even the name by which it was found stays.
      const kept = request.kind === 'erase' || about === undefined ? rest : request
      return ok({ ...kept, state: 'done', done: at, touched: at, proof: input.proof })
    }
    case 'withdrawn': {
      const { about: _, ...rest } = request
      return ok({ ...rest, state: 'withdrawn', done: at, touched: at })
    }
    default:
      return never(input)
  }
}

/** What was decided anew must be approved anew. */
function reopened({ state, approved: _, ...rest }: SubjectRequest): SubjectRequest {
  return { ...rest, state: state === 'approved' ? 'found' : state }
}

function decide(
  request: SubjectRequest,
  items: readonly { readonly bleep: BleepId; readonly what: Decision; readonly ground?: Ground }[],
  { by, at }: { readonly by: string; readonly at: Instant },
): Result<SubjectRequest> {
  if (request.state !== 'found' && request.state !== 'approved') return failed('request-early')
  const said = new Map(items.map((item) => [item.bleep, item]))
  for (const { bleep, what, ground } of items) {
    if (!request.items.some((item) => item.bleep === bleep)) return failed('bleep-unknown')
    if (!ALLOWED[request.kind].includes(what)) return failed('request-decision', what)
    if (what === 'refuse' && ground === undefined) return failed('request-ground')
  }
  return ok({
    ...reopened(request),
    touched: at,
    items: request.items.map((item) => {
      const one = said.get(item.bleep)
      if (one === undefined) return item
      const ground = one.ground === undefined ? {} : { ground: one.ground }
      return { ...item, decided: { what: one.what, ...ground, by, at } }
    }),
  })
}
