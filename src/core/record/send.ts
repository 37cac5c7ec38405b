import type { FaultCode } from '../faults.ts'
import type { AlertId } from '../ids.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../instant.ts'
import type { FilingWayId } from '../vocabulary.ts'
import type { Patient } from './patient.ts'

/** One version of a document on its way to the record by one way: a row of that way's outbox. */
export interface FilingSend {
  readonly alert: AlertId
  readonly way: FilingWayId
  /** Sends of one alert by one way go out in this order. */
  readonly seq: number
  readonly act: 'file' | 'withdraw'
  readonly document: number
  readonly version: number
  /** Forgotten with the words. */
  readonly patient?: Patient
  /** `refused`: a dead letter, until a person sends it again · `dropped`: overtaken before it was sent. */
  readonly state: 'waiting' | 'taken' | 'refused' | 'dropped'
  readonly created: Instant
  readonly due: Instant
  /** How often it was begun. */
  readonly tries: number
  /** Set before anything leaves: from then on the record may have it, whatever the answer was. */
  readonly left?: true
  readonly fault?: FaultCode
  /** The record's own codes, never its words: they may name a patient. */
  readonly why?: readonly string[]
  /** Where the record says that it stands. */
  readonly reference?: string
  readonly settled?: Instant
}

/** What is to be sent; one of these goes out by every way of the site. */
export interface NewSend {
  readonly act: FilingSend['act']
  readonly seq: number
  readonly document: number
  readonly version: number
  readonly patient: Patient
}

/** What the far end made of one send. */
export type FilingAnswer =
  | { readonly kind: 'taken'; readonly answer: string; readonly reference?: string }
  /** Not now: the same again later can do no harm. */
  | { readonly kind: 'later'; readonly fault: FaultCode; readonly why?: readonly string[] }
  /** Read and refused: the same again would be refused again. */
  | { readonly kind: 'refused'; readonly why: readonly string[] }
  /** Not processed, for a reason that may pass; after a few times it is a refusal. */
  | { readonly kind: 'rejected'; readonly why: readonly string[] }

const FIRST_WAIT: Millis = 20 * SECOND
const LONGEST_WAIT: Millis = 30 * MINUTE
/** A message that was rejected so often is rejected for ever. */
const REJECTED = 6
/** Codes kept of one answer, and characters of each. */
const MOST_CODES = 6
const LONGEST_CODE = 60

/** A send of a filing by one way, due at once. */
export function sendOf(alert: AlertId, way: FilingWayId, of: NewSend, at: Instant): FilingSend {
  return { ...of, alert, way, state: 'waiting', created: at, due: at, tries: 0 }
}

/**
 * What an answer makes of a send. Pure.
 * @param random 0 to 1: spreads the next tries of many that failed together
 */
export function stepSend(send: FilingSend, answer: FilingAnswer, at: Instant, random: number): FilingSend {
  const { fault: _, why: __, ...bare } = send
  switch (answer.kind) {
    case 'taken':
      return {
        ...{ ...bare, state: 'taken', settled: at },
        ...(answer.reference === undefined ? {} : { reference: answer.reference }),
      }
    case 'refused':
      return { ...bare, state: 'refused', fault: 'filing-refused', why: codes(answer.why), settled: at }
    case 'rejected':
      if (send.tries >= REJECTED)
        return { ...bare, state: 'refused', fault: 'filing-refused', why: codes(answer.why), settled: at }
      return {
        ...bare,
        fault: 'filing-rejected',
        why: codes(answer.why),
        due: at + waitOf(send.tries, random),
      }
    case 'later':
      return {
        ...{ ...bare, fault: answer.fault, due: at + waitOf(send.tries, random) },
        ...(answer.why === undefined ? {} : { why: codes(answer.why) }),
      }
  }
}

/** Doubles from 20 s to half an hour, a quarter more or less by lot. */
export function waitOf(tries: number, random: number): Millis {
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries - 1, 20))
  return Math.round(wait * (0.75 + random / 2))
}

/**
 * What the record may have of a document by now. `there`: it took this version · `unknown`: this version was tried and the
 * answer was lost · `new`: nothing of it ever went out, or all was refused. `maybe`: a later version was tried, and nobody
 * knows whether it arrived.
 */
export type Before =
  | { readonly kind: 'new' }
  | { readonly kind: 'there'; readonly version: number; readonly maybe?: number }
  | { readonly kind: 'unknown'; readonly version: number }

/** What earlier sends of the same document, by the same way, mean for this one. */
export function beforeOf(send: FilingSend, earlier: readonly FilingSend[]): Before {
  const own = earlier
    .filter((e) => e.way === send.way && e.document === send.document && e.seq < send.seq && e.act === 'file')
    .toSorted((a, b) => b.seq - a.seq)
  const taken = own.find(({ state }) => state === 'taken')
  // What was refused was read and not kept.
  const tried = own.find(({ state, left }) => left === true && state !== 'refused')
  if (taken !== undefined) {
    const { version } = taken
    const maybe = tried !== undefined && tried.version > version ? { maybe: tried.version } : {}
    return { kind: 'there', version, ...maybe }
  }
  return tried === undefined ? { kind: 'new' } : { kind: 'unknown', version: tried.version }
}

/** Codes as they may be stored and shown: what is no code could be words. */
function codes(said: readonly string[]): readonly string[] {
  return said
    .filter((code) => /^[\w.:()[\]^/-]+$/.test(code) && !/\d{10}/.test(code))
    .map((code) => code.slice(0, LONGEST_CODE))
    .slice(0, MOST_CODES)
}
