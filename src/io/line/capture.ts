import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  type WriteStream,
} from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type FaultValue, failed, type StandingCode } from '../../core/faults.ts'
import { DAY, type Instant, type Millis } from '../../core/instant.ts'
import type { Capture, CaptureKeys } from '../../ports/capture.ts'
import { CAPTURE_ENDING, type CaptureLine, parseCaptureLine, printCaptureLine } from './capture-format.ts'
import { captureSealer, keyName } from './capture-seal.ts'

export interface CaptureSpec {
  readonly folder: string
  /** The feed's id: letters, digits and hyphens. */
  readonly feed: string
  /**
   * Most bytes on disk for this feed; the oldest segment goes when a new one would pass it. What an open alert needs stays
   * beyond that, up to twice as much: a disk that is full would cost the pages themselves.
   */
  readonly maxBytes: number
  /** A segment is closed at this size; at most a quarter of `maxBytes`. */
  readonly segmentBytes: number
  /** From when on an open alert needs what was heard: minus infinity while that is not known; absent: nothing is needed. */
  readonly needed?: () => Instant
  /** Bytes are sealed under these; absent: they stand as they came. */
  readonly keys?: CaptureKeys | undefined
}

/** How many bytes may wait for the disk. Beyond it further bytes are dropped, and counted as one fault. */
const MOST_WAITING = 1024 * 1024

const RETRY: Millis = 30_000
/** A segment is closed after this too: whole segments go by age, and a quiet line must not keep its words with new ones. */
const SEGMENT_LASTS: Millis = DAY

/**
 * Rolling capture in segments `<feed>.<first instant>.capture.jsonl`, readable by the owner alone because it holds
 * message text. A full or broken disk costs the capture, never the line: `onFault` hears of it once per try.
 */
export function rollingCapture(spec: CaptureSpec, onFault: (fault: FaultValue) => void): Capture {
  const segmentBytes = Math.min(spec.segmentBytes, Math.floor(spec.maxBytes / 4))
  /** Oldest first, with what was given to each: the disk may not have it all yet. */
  let segments: Segment[] | undefined
  let current: (Segment & { readonly stream: WriteStream }) | undefined
  let broken = false
  /** Since it broke nothing was written. */
  let failing: StandingCode | undefined
  let looked: Instant = Number.NEGATIVE_INFINITY
  let retryAt: Instant = 0
  const seal = spec.keys && captureSealer(spec.keys)

  function start(at: Instant): typeof current {
    try {
      mkdirSync(spec.folder, { recursive: true, mode: 0o700 })
      segments ??= findSegments(spec)
      makeRoom(
        segments,
        spec.maxBytes - segmentBytes,
        spec.maxBytes,
        spec.needed?.() ?? Number.POSITIVE_INFINITY,
      )
      const stamp = new Date(at).toISOString().replaceAll(':', '').replace('.', '')
      const path = join(spec.folder, `${spec.feed}.${stamp}${CAPTURE_ENDING}`)
      // Opened here and now, so that a segment that is to go cannot come back when its opening is late.
      const stream = createWriteStream(path, { fd: openSync(path, 'a', 0o600) })
      stream.on('error', breakDown)
      const made = { path, bytes: 0, started: at, stream }
      segments.push(made)
      return made
    } catch (error) {
      breakDown(error)
      return undefined
    }
  }

  function breakDown(error: unknown): void {
    if (broken) return
    broken = true
    failing = 'capture-unwritable'
    onFault(failed('capture-unwritable', error instanceof Error ? error.message : String(error)).fault)
  }

  function record(line: CaptureLine): void {
    const segment = writable(line.at)
    if (!segment) return
    if (segment.stream.writableLength > MOST_WAITING) breakDown(new Error('the disk does not keep up'))
    else {
      const text = printCaptureLine(line)
      segment.bytes += text.length
      segment.stream.write(text, (error) => {
        if (!error && !broken && segment === current) failing = undefined
      })
    }
  }

  /** Somebody took the file away while it was open: what is written to it is kept by nobody. */
  function isGone(path: string, at: Instant): boolean {
    if (at - looked < RETRY) return false
    looked = at
    return !existsSync(path)
  }

  /** The segment to write to; a broken one is given another try after a while, when the disk may have room again. */
  function writable(at: Instant): typeof current {
    if (broken && at < retryAt) return undefined
    const over =
      current &&
      (current.bytes >= segmentBytes || at - current.started >= SEGMENT_LASTS || isGone(current.path, at))
    if (current && (broken || over)) {
      current.stream.end()
      current = undefined
    }
    if (!current) {
      broken = false
      retryAt = at + RETRY
      current = start(at)
    }
    return broken ? undefined : current
  }

  return {
    bytes: (direction, wire, bytes, at) => {
      if (seal !== undefined) {
        const sealed = seal(bytes, at)
        // Rather no capture than one that anybody reads.
        if (sealed === undefined) breakDown(new Error('no key can be had'))
        else record({ at, wire, of: direction, ...sealed })
        return
      }
      const hex = Buffer.from(bytes).toString('hex')
      record(direction === 'in' ? { at, wire, in: hex } : { at, wire, out: hex })
    },
    event: (event, wire, at) => record({ at, wire, event }),
    failing: () => failing,
    close: () =>
      new Promise((done) => {
        if (current && !current.stream.destroyed) current.stream.end(() => done())
        else done()
      }),
  }
}

interface Segment {
  readonly path: string
  readonly started: Instant
  bytes: number
}

/** Segments of this feed that earlier runs left, oldest first. */
function findSegments(spec: CaptureSpec): Segment[] {
  return readdirSync(spec.folder)
    .filter((name) => name.startsWith(`${spec.feed}.`) && name.endsWith(CAPTURE_ENDING))
    .sort()
    .map((name) => {
      const path = join(spec.folder, name)
      return { path, started: startOf(name), bytes: statSync(path).size }
    })
}

/** When a segment was begun, as its name says; one that says nothing is the oldest. */
function startOf(name: string): Instant {
  const [, day, time, ms] = /\.(\d{4}-\d\d-\d\dT)(\d{6})(\d{3})Z/.exec(name) ?? []
  const at = Date.parse(`${day}${time?.replace(/(..)(..)(..)/, '$1:$2:$3')}.${ms}Z`)
  return Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at
}

/**
 * Removes the captures of every feed that were last written before an instant. Gives how many.
 * @param forget told of the names of keys that were theirs, before each goes
 */
export async function sweepCaptures(
  folder: string,
  before: Instant,
  forget?: (keys: readonly string[]) => Promise<void>,
): Promise<number> {
  const names = await readdir(folder).catch((): string[] => [])
  let swept = 0
  for (const name of names.filter((n) => n.endsWith(CAPTURE_ENDING))) {
    const path = join(folder, name)
    if ((await stat(path)).mtimeMs >= before) continue
    await forget?.(await keysIn(path))
    await rm(path, { force: true })
    swept += 1
  }
  return swept
}

async function keysIn(path: string): Promise<readonly string[]> {
  const names = new Set<string>()
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const line = parseCaptureLine(text)
    if (line !== undefined && 'key' in line) names.add(keyName(line))
  }
  return [...names]
}

/**
 * Removes the oldest until no more than `most` bytes are left, and `more` beside them where they are needed.
 * @param needed what was heard from then on is needed
 */
function makeRoom(segments: Segment[], most: number, more: number, needed: Instant): void {
  let total = segments.reduce((sum, s) => sum + s.bytes, 0)
  while (total > most) {
    const [oldest, next] = segments
    if (!oldest) return
    const isNeeded = (next?.started ?? Number.POSITIVE_INFINITY) >= needed
    if (isNeeded && total <= most + more) return
    segments.shift()
    rmSync(oldest.path, { force: true })
    total -= oldest.bytes
  }
}
