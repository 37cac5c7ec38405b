import { alertAlike, type BleepId, type NodeId, type SightingId } from '../ids.ts'
import type { Instant, Millis } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import { alike, cleaner, hasLost } from './alike.ts'
import type { Bleep, Page, Sighting } from './bleep.ts'

/** A page just read, and by whom. */
export interface Heard {
  readonly page: Page
  /** By the number plan (address.ts). */
  readonly number: string
  readonly tap: string
  /** Every node listens to every line, so the same tap on another node is a listener of its own. */
  readonly node: NodeId
  readonly arrived: Instant
  /** The earliest that it can have come, where its node had stood still until just then; absent: when it arrived. */
  readonly since?: Instant
  /** The bleep made from an earlier, worse copy, where the protocol itself says that this is a better one. */
  readonly improves?: BleepId
}

/** A recent bleep to the same number with everything that was merged into it. */
export interface Recent {
  readonly bleep: Bleep
  readonly sightings: readonly Sighting[]
}

/**
 * A page that we put on the air ourselves and whose call is still open: hearing it is proof that it went out, not a new
 * call. Only given to `merge` for a tap that hears that air.
 */
export interface RePage {
  readonly bleep: BleepId
  readonly number: string
  readonly text: string
  /** From when it was handed to the transmitter until when it comes back on this tap, by what was learnt of both. */
  readonly from: Instant
  readonly until: Instant
}

/** What the profiles say about the feed that heard the page. */
export interface MergeBounds {
  /** How long after the first the transmitter sends its own repeats; 0: it does not repeat. */
  readonly repeatTime: Millis
  /** Greatest difference between two taps' or two nodes' time of one transmission. */
  readonly clockSkew: Millis
  /**
   * How long after a request this tap may hear it, for taps at different points of the path: 0 on the switchboard's
   * link, some seconds on the air behind a busy transmitter.
   */
  readonly lag?: (tap: string) => Millis
}

export type Merged =
  /** A call of its own: someone was bleeped. */
  | { readonly kind: 'new'; readonly reason: ReasonCode }
  /** Another reading of a call already known. `better`: show this reading from now on. */
  | {
      readonly kind: 'sighting'
      readonly bleep: BleepId
      readonly reason: ReasonCode
      readonly better: boolean
      /** How long our own re-page took to come back. */
      readonly delay?: Millis
    }
  /** The same tap has heard the same call again. */
  | {
      readonly kind: 'repeat'
      readonly bleep: BleepId
      readonly reason: ReasonCode
      readonly better: boolean
    }

/**
 * Another tap's sighting, a repeat of the transmitter, or someone bleeping again. Only evidence about the
 * *transmission* merges: which tap heard it, the feed's own sequence number, the profile's repeat time, our own
 * re-page. The same words alone never do, so that a second arrest call rings again, and neither do words of which
 * some are lost.
 * Taps hear calls in order, so a tap's next reading belongs to the oldest call that it has not reported yet.
 */
export function merge(
  heard: Heard,
  recent: readonly Recent[],
  bounds: MergeBounds,
  rePages: readonly RePage[],
): Merged {
  const { page, tap, node, arrived, since = arrived } = heard
  const mine = (s: Sighting) => s.tap === tap && s.node === node
  const improved = recent.find(({ bleep }) => bleep.id === heard.improves)
  if (improved !== undefined && !isAnother(improved, page)) return betterReading(improved.bleep, page)

  const candidates = recent
    .filter(({ bleep }) => bleep.number === heard.number && alike(bleep.page, page))
    .sort((a, b) => a.bleep.received - b.bleep.received)

  // What we put on the air ourselves is a transmission of its own, which the transmitter repeats as well.
  const echo = candidates.find(({ sightings }) =>
    sightings.some(
      (s) =>
        mine(s) && s.reason === 'own-re-page' && Math.abs(arrived - s.page.lastByte) <= bounds.repeatTime,
    ),
  )
  if (echo !== undefined && bounds.repeatTime > 0) return repeat(echo.bleep, page, 'transmitter-repeat')
  const due = rePages.filter(({ until }) => arrived <= until)
  const ours = unheard(due, mine, recent).find((r) => isOurs(r, heard))
  if (ours !== undefined) {
    const delay = arrived - ours.from
    return { kind: 'sighting', bleep: ours.bleep, reason: 'own-re-page', better: false, delay }
  }

  const resent = (ears: (s: Sighting) => boolean) =>
    candidates.find(({ sightings }) => sightings.some((s) => ears(s) && isSameSequence(s.page, page)))?.bleep

  const again = resent(mine)
  if (again !== undefined) return repeat(again, page, 'same-sequence')
  for (const { bleep, sightings } of candidates) {
    if (sightings.some(mine)) continue
    const near = sightings.some((s) => {
      const within = bounds.clockSkew + Math.max(bounds.lag?.(tap) ?? 0, bounds.lag?.(s.tap) ?? 0)
      return s.page.lastByte >= since - within && s.page.lastByte <= arrived + within
    })
    if (near) return sighting(bleep, page, 'other-tap')
  }
  // A sender that got no answer from one node sends its block again to the node that took over.
  const elsewhere = resent((s) => s.tap === tap)
  if (elsewhere !== undefined) return repeat(elsewhere, page, 'same-sequence')
  for (const { bleep, sightings } of candidates.toReversed()) {
    const copies = sightings.filter(mine)
    if (copies.length === 0 || copies.some((other) => areNumbered(other.page, page))) continue
    // Of what was read together behind a standstill nobody knows how far apart it was on the air: in doubt it rings.
    const firstHeard = Math.min(...copies.map((s) => s.since ?? s.page.lastByte))
    // What is lost or was cut off may be the one word in which two calls differ. Where the bits that came bear out the
    // other copy, the decoder has filled it in or said that it improves it.
    if (hasLost(page) || hasLost(bleep.page) || page.text.trim() !== bleep.page.text.trim()) continue
    // Either way: behind a clock that was set back lies a call of its own.
    if (bounds.repeatTime > 0 && Math.abs(arrived - firstHeard) <= bounds.repeatTime) {
      return repeat(bleep, page, 'transmitter-repeat')
    }
  }
  return { kind: 'new', reason: candidates.length === 0 ? 'first-sighting' : 'second-request' }
}

/**
 * Whether `merge` looks at what was merged into this bleep. Of a number that is bleeped again and again it does so for few
 * of the calls, and for no others need sightings be read.
 */
export function needsSightings(
  bleep: Bleep,
  { page, number, improves }: Pick<Heard, 'page' | 'number' | 'improves'>,
  rePages: readonly RePage[],
): boolean {
  return (
    bleep.id === improves ||
    (bleep.number === number && alike(bleep.page, page)) ||
    rePages.some((own) => own.bleep === bleep.id)
  )
}

/** The ids of a page that may have to be stored again, because nobody heard what became of the first try. */
export interface Tried {
  readonly bleep: BleepId
  readonly sighting: SightingId
  /** The call that it was another reading of. */
  readonly of?: BleepId
}

/**
 * What the next try of this page must know. Where a node on its own does not know the call that this was a reading of, it
 * rings under the ids of that call, if its alert is named after it: else it would be two on a screen.
 * @param own the id that a new call has
 */
export function triedAs(merged: Merged, own: BleepId, ids: Tried): Tried {
  if (merged.kind === 'new') return { bleep: own, sighting: ids.sighting }
  return alertAlike(merged.bleep) ? { ...ids, of: merged.bleep } : ids
}

/** The bleep after a reading was merged into it. */
export function absorb(bleep: Bleep, page: Page, merged: Exclude<Merged, { kind: 'new' }>): Bleep {
  return {
    ...bleep,
    ...(merged.better ? mendedBy(bleep, page) : {}),
    sightings: bleep.sightings + (merged.kind === 'sighting' ? 1 : 0),
    repeats: bleep.repeats + (merged.kind === 'repeat' ? 1 : 0),
  }
}

/**
 * A better copy is shown from now on, and must be read anew: it may hold the one word that the first had lost. Somebody
 * was bleeped when the first copy came: its times stay.
 */
export function mendedBy(
  { page: { firstByte, lastByte } }: Bleep,
  better: Page,
): Pick<Bleep, 'page' | 'stage'> {
  return { page: { ...better, firstByte, lastByte }, stage: 'received' }
}

function sighting(bleep: Bleep, page: Page, reason: ReasonCode): Merged {
  return { kind: 'sighting', bleep: bleep.id, reason, better: cleaner(page, bleep.page) }
}

/**
 * The decoder comes back to a page it gave out. More of the same page came, or what came makes it doubtful: that always
 * takes its place, as the first was what had come until then. Another copy of it must be the cleaner one.
 */
function betterReading(bleep: Bleep, page: Page): Merged {
  if (isSamePage(page, bleep.page))
    return { kind: 'sighting', bleep: bleep.id, reason: 'later-reading', better: true }
  const better = cleaner(page, bleep.page)
  return { kind: 'sighting', bleep: bleep.id, reason: 'better-reading', better }
}

/**
 * A page that was cut off and taken for one more copy of an earlier call, because nothing spoke against it, and whose
 * rest now shows that it is a call of its own.
 */
function isAnother({ bleep, sightings }: Recent, page: Page): boolean {
  const its = sightings.find((s) => isSamePage(s.page, page))
  return its !== undefined && JOINED.has(its.reason) && !alike(bleep.page, page)
}

/** Merged by what the words allow, not by the transmission itself. */
const JOINED: ReadonlySet<ReasonCode> = new Set(['transmitter-repeat', 'other-tap'])

/** The same address codeword of one transmission, as one decoder counts bits. */
export function isSamePage({ radio: a }: Page, { radio: b }: Page): boolean {
  return a !== undefined && b !== undefined && a.baud === b.baud && a.addressBit === b.addressBit
}

function repeat(bleep: Bleep, page: Page, reason: ReasonCode): Merged {
  return { kind: 'repeat', bleep: bleep.id, reason, better: cleaner(page, bleep.page) }
}

function isOurs(own: RePage, { page, number, arrived }: Heard): boolean {
  if (own.number !== number || arrived < own.from) return false
  return alike({ ...page, text: own.text, quality: 'clean' }, page)
}

/**
 * The re-pages this tap has not reported yet. It hears each once, in order: the same words once more than we sent them
 * are somebody bleeping again.
 */
function unheard(
  rePages: readonly RePage[],
  mine: (s: Sighting) => boolean,
  recent: readonly Recent[],
): readonly RePage[] {
  const left = [...rePages]
  for (const { bleep, sightings } of recent)
    for (const { reason, page } of sightings.filter(mine)) {
      if (reason !== 'own-re-page') continue
      const heard = left.findIndex((r) => r.bleep === bleep.id && r.from <= page.lastByte)
      if (heard >= 0) left.splice(heard, 1)
    }
  return left
}

function isSameSequence(a: Page, b: Page): boolean {
  return a.sequence !== undefined && a.sequence === b.sequence
}

/** Both carry a sequence. Equal ones are met further up, so here the feed itself says that these are two calls. */
function areNumbered(a: Page, b: Page): boolean {
  return a.sequence !== undefined && b.sequence !== undefined
}
