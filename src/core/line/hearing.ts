import type { StandingCode } from '../faults.ts'
import { afterStep, type Instant, MINUTE, type Millis, SECOND } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { CodewordsRead } from './kit/protocol.ts'
import { count, type Readings, startReadings, wrongBits } from './readings.ts'

/** What kind of line is listened to, as far as it matters to whether it is heard. */
export interface Ear {
  /** A stream of bits or samples, which flows whether or not anybody speaks. */
  readonly bits: boolean
  /** Bytes of one sample, where they are sound; else undefined. A receiver that works gives noise between transmissions. */
  readonly sample?: number
  /** The profile takes nearly any text for a page. */
  readonly guesses: boolean
  /** Longest time without anything valid, where the site has said so of a stream; 0: not said. */
  readonly quietAfter: Millis
}

/**
 * Whether a line that is open is heard: something valid came of it, within its bound. An open port proves nothing,
 * and neither do bytes. It is one object that is changed in place, because it is given every byte and must cost next
 * to nothing.
 */
export interface Hearing {
  readonly ear: Ear
  opened: Instant
  /** The last page, call record, poll or other thing that only the right protocol makes. */
  valid: Instant | undefined
  /** Bytes that came since, and when the first of them came. */
  bytes: number
  bytesFrom: Instant | undefined
  /** The last records, oldest first: whether each fitted the profile. */
  readonly records: boolean[]
  /** Since when every sample was like one of these, and how many bytes that were; two while the cut is not known. */
  flat: { levels: readonly number[]; since: Instant; bytes: number } | undefined
  /** Neighbouring samples compared in the window under way, and how many were alike. */
  pairs: { compared: number; alike: number; halfSilent: number }
  /** In the last whole window every second sample repeated the one before, or was always the same. */
  stereo: boolean
  /** How often something valid came soon after flat samples: such a receiver mutes between transmissions. */
  muted: number
  /** Signs of transmissions that were not read, since the last that was. */
  readonly unread: Record<Unread, number>
  readonly readings: Readings
  /** The line has been silent for longer than its own habits allow. */
  overdue: boolean
}

/** Sound at another rate, of the other polarity, and a beginning behind which nothing sound came. */
type Unread = 'signal-rate' | 'signal-inverted' | 'signal-bent'

/** So many transmissions in a row that could not be read, and no chance of speech or a tone. */
const UNREAD: Readonly<Record<Unread, number>> = { 'signal-rate': 2, 'signal-inverted': 2, 'signal-bent': 4 }
const UNREAD_BY: Readonly<Partial<Record<ReasonCode, Unread>>> = {
  'preamble-other-rate': 'signal-rate',
  'sync-upside-down': 'signal-inverted',
  'preamble-heard': 'signal-bent',
}
const UNREADS: readonly Unread[] = ['signal-rate', 'signal-inverted', 'signal-bent']

/** So many codewords with so few wrong bits do not come about by chance. */
const CODED = 16

/** Bytes for so long without anything valid are a fault, on a line and on a stream. */
const NOTHING_VALID: Millis = 5 * MINUTE
const NOTHING_VALID_BITS: Millis = 15 * MINUTE
/** Fewer bytes than this say nothing. */
export const FEWEST = 24
/** Equal samples for so long, and so many bytes of them. */
export const FLAT: Millis = 10 * SECOND
const FLAT_BYTES = 4096
/** A dead input may still move its last bit: by no more than this either way, of 65 536 steps. */
const STILL = 2
/** Bytes of each chunk whose neighbours are compared, and comparisons that make a judgement. */
const PART = 1024
const WINDOW = 20_000
/** A chunk of fewer bytes does not show that a channel is silent. */
const HALF_SILENT = 64
/** Records looked back on, how many must be there, and from which share of misfits on the profile is the wrong one. */
const LOOK_BACK = 20
const ENOUGH = 8
const UNFIT = 0.5
/** An open line that has brought nothing for so long is told as not heard yet. */
const UNHEARD: Millis = 15 * MINUTE

export function startHearing(ear: Ear, at: Instant): Hearing {
  return {
    ear,
    opened: at,
    valid: undefined,
    bytes: 0,
    bytesFrom: undefined,
    records: [],
    flat: undefined,
    pairs: { compared: 0, alike: 0, halfSilent: 0 },
    stereo: false,
    muted: 0,
    unread: { 'signal-rate': 0, 'signal-inverted': 0, 'signal-bent': 0 },
    readings: startReadings(),
    overdue: false,
  }
}

/** The port has opened. What came before says nothing about this link, except that the line has worked once. */
export function hearOpened(h: Hearing, at: Instant): void {
  h.opened = at
  h.bytes = 0
  h.bytesFrom = undefined
  h.flat = undefined
  hearSound(h)
}

/** Bytes as they came, of whatever sort; of samples it is also looked whether both channels say the same. */
export function hearBytes(h: Hearing, bytes: Uint8Array, at: Instant): void {
  h.bytesFrom ??= at
  h.bytes += bytes.length
  const { sample } = h.ear
  if (sample === undefined || bytes.length < 2 * sample) return
  compare(h, bytes, sample)
  // Chunks may be cut inside a sample, so both ways to read them are tried.
  const levels = [0, 1].flatMap((from) =>
    (h.flat?.levels ?? [sampleAt(bytes, from)]).filter((level) => isStill(bytes, from, sample, level)),
  )
  if (levels.length === 0) h.flat = undefined
  else if (h.flat) Object.assign(h.flat, { levels: [...new Set(levels)], bytes: h.flat.bytes + bytes.length })
  else h.flat = { levels, since: at, bytes: bytes.length }
}

/** Whether every sample from `from` on, `step` bytes apart, is about `level`. */
function isStill(bytes: Uint8Array, from: number, step: number, level: number): boolean {
  for (let i = from; i + 2 <= bytes.length; i += step)
    if (Math.abs(sampleAt(bytes, i) - level) > STILL) return false
  return true
}

/**
 * One receiver on both channels of a stereo stream says each sample twice: half of all neighbours are alike, which noise
 * never comes near. A part of each chunk is enough.
 */
function compare(h: Hearing, bytes: Uint8Array, size: number): void {
  const { pairs } = h
  const until = Math.min(bytes.length, PART) - 2 * size
  for (let i = 0; i <= until; i += size) {
    pairs.compared += 1
    if (sampleAt(bytes, i) === sampleAt(bytes, i + size)) pairs.alike += 1
  }
  if (size === 2 && until >= HALF_SILENT && isHalfSilent(bytes, until)) pairs.halfSilent += until / size
  if (pairs.compared < WINDOW) return
  const share = pairs.alike / pairs.compared
  h.stereo = (share > 0.45 && share < 0.8) || pairs.halfSilent > pairs.compared / 2
  h.pairs = { compared: 0, alike: 0, halfSilent: 0 }
}

/** In a stereo stream with one silent channel, every second sample never moves. */
function isHalfSilent(bytes: Uint8Array, until: number): boolean {
  const part = bytes.subarray(0, until)
  return [0, 1, 2, 3].filter((from) => isStill(part, from, 4, sampleAt(part, from))).length === 1
}

/** Signed, the least significant byte first. */
function sampleAt(bytes: Uint8Array, i: number): number {
  return ((bytes[i]! | (bytes[i + 1]! << 8)) << 16) >> 16
}

/** Something that only the right protocol makes. */
export function hearValid(h: Hearing, at: Instant): void {
  if (h.flat && isFlat(h, at)) h.muted += 1
  h.valid = at
  h.bytes = 0
  h.bytesFrom = undefined
  h.overdue = false
}

/** A note of the protocol: some say that a transmission began which may not be read. */
export function hearUnread(h: Hearing, reason: ReasonCode): void {
  const what = UNREAD_BY[reason]
  if (what) h.unread[what] += 1
}

/**
 * Codewords of a code that corrects were read.
 * @returns whether they do not come about by chance
 */
export function hearCodewords(h: Hearing, read: CodewordsRead, at: Instant): boolean {
  count(h.readings, read)
  const sound = read.words >= CODED && wrongBits(read) * 4 <= read.words
  if (!sound) return false
  hearValid(h, at)
  hearSound(h)
  return true
}

/** Codewords came as they were sent: the signal is what it should be. */
export function hearSound(h: Hearing): void {
  for (const what of UNREADS) h.unread[what] = 0
}

/** A record that fitted the profile, or did not. */
export function hearRecord(h: Hearing, fits: boolean): void {
  h.records.push(fits)
  if (fits) {
    h.bytes = 0
    h.bytesFrom = undefined
  }
  if (h.records.length > LOOK_BACK) h.records.shift()
}

/** Most of the last records fitted nothing: whatever fits by chance is a guess. */
export function isUnfit({ records }: Hearing): boolean {
  const misfits = records.filter((fits) => !fits).length
  return records.length >= ENOUGH && misfits > UNFIT * records.length
}

function isFlat({ flat }: Hearing, at: Instant): boolean {
  return flat !== undefined && at - flat.since >= FLAT && flat.bytes >= FLAT_BYTES
}

/** The clock stepped: a silence is no longer and no shorter for it (see `afterStep`). */
export function hearStepped(h: Hearing, by: Millis, from: Instant, at: Instant): void {
  const moved = (heard: Instant): Instant => afterStep(heard, by, from, at)
  h.opened = moved(h.opened)
  if (h.valid !== undefined) h.valid = moved(h.valid)
  if (h.bytesFrom !== undefined) h.bytesFrom = moved(h.bytesFrom)
  if (h.flat) h.flat.since = moved(h.flat.since)
}

/** What is wrong with how this line is heard, worst first; nothing where it is heard or has had no time yet. */
export function judgeHearing(h: Hearing, isOpen: boolean, at: Instant): readonly StandingCode[] {
  const found: StandingCode[] = []
  if (isUnfit(h)) found.push('profile-unfit')
  if (!isOpen) return found
  if (isFlat(h, at) && h.muted < 2) found.push('signal-flat')
  else if (h.stereo) found.push('signal-stereo')
  else {
    const unread = UNREADS.find((what) => h.unread[what] >= UNREAD[what]) ?? h.readings.fault
    if (unread) found.push(unread)
  }
  const bound = h.ear.bits ? NOTHING_VALID_BITS : NOTHING_VALID
  const since = Math.max(h.opened, h.valid ?? h.opened)
  const bytesFor = h.bytesFrom === undefined || h.bytes < FEWEST ? 0 : at - h.bytesFrom
  // A stream flows through a quiet night; where it once brought pages its habits tell how long is too long.
  if (bytesFor >= bound && !(h.ear.bits && h.valid !== undefined)) found.push('nothing-valid')
  const said = h.ear.bits && h.ear.quietAfter > 0 && at - since >= h.ear.quietAfter
  if (h.overdue || said) found.push('line-quiet')
  else if (found.length === 0 && h.valid === undefined && at - h.opened >= UNHEARD) found.push('line-unheard')
  return found
}

/**
 * Whether most of what a line carries fits nothing: a wrong rate or parity, a crossed wire, an open input. It is
 * judged over windows of time, so that a burst of noise is no alarm, and is told within two windows of its beginning.
 */
export interface GarbageWatch {
  readonly since: Instant
  readonly heard: number
  readonly discarded: number
  readonly garbage: boolean
}

/** Length of a window. */
export const GARBAGE_WINDOW: Millis = 4000

/** Fewer bytes than this say nothing about a line. */
const FEW = 24

/** Share of bytes that fit nothing from which a line is garbage, and below which it is sound again. */
const GARBAGE_FROM = 0.8
const SOUND_BELOW = 0.3

export function startGarbageWatch(at: Instant): GarbageWatch {
  return { since: at, heard: 0, discarded: 0, garbage: false }
}

/** Adds bytes to the window: heard in all, and of these discarded. */
export function countGarbage(watch: GarbageWatch, heard: number, discarded: number): GarbageWatch {
  return { ...watch, heard: watch.heard + heard, discarded: watch.discarded + discarded }
}

/** Judges the window that is over and starts the next; a window with too few bytes changes nothing. */
export function judgeGarbage(watch: GarbageWatch, at: Instant): GarbageWatch {
  const share = watch.heard === 0 ? 0 : watch.discarded / watch.heard
  const told = watch.heard >= FEW || watch.discarded >= FEW
  const garbage = told ? (watch.garbage ? share >= SOUND_BELOW : share >= GARBAGE_FROM) : watch.garbage
  return { since: at, heard: 0, discarded: 0, garbage }
}
