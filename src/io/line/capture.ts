import { createWriteStream, mkdirSync, readdirSync, rmSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { type FaultValue, failed } from '../../core/faults.ts'
import type { Instant, Millis } from '../../core/instant.ts'
import type { Capture } from '../../ports/capture.ts'
import { CAPTURE_ENDING, type CaptureLine, printCaptureLine } from './capture-format.ts'

export interface CaptureSpec {
  readonly folder: string
  /** The feed's id: letters, digits and hyphens. */
  readonly feed: string
  /** Most bytes on disk for this feed; the oldest segment goes when a new one would pass it. */
  readonly maxBytes: number
  /** A segment is closed at this size; at most a quarter of `maxBytes`. */
  readonly segmentBytes: number
}

/** What may wait for the disk before further bytes are dropped and counted as one fault. */
const MOST_WAITING = 1024 * 1024

const RETRY: Millis = 30_000

/**
 * Rolling capture in segments `<feed>.<first instant>.capture.jsonl`, readable by the owner alone because it holds
 * message text. A full or broken disk costs the capture, never the line: `onFault` hears of it once per try.
 */
export function rollingCapture(spec: CaptureSpec, onFault: (fault: FaultValue) => void): Capture {
  const segmentBytes = Math.min(spec.segmentBytes, Math.floor(spec.maxBytes / 4))
  let stream: WriteStream | undefined
  let written = 0
  let broken = false
  let retryAt: Instant = 0

  function start(at: Instant): WriteStream | undefined {
    try {
      mkdirSync(spec.folder, { recursive: true, mode: 0o700 })
      makeRoom(spec, segmentBytes)
    } catch (error) {
      breakDown(error)
      return undefined
    }
    const stamp = new Date(at).toISOString().replaceAll(':', '').replace('.', '')
    const made = createWriteStream(join(spec.folder, `${spec.feed}.${stamp}${CAPTURE_ENDING}`), {
      flags: 'a',
      mode: 0o600,
    })
    made.on('error', breakDown)
    written = 0
    return made
  }

  function breakDown(error: unknown): void {
    if (broken) return
    broken = true
    onFault(failed('capture-unwritable', error instanceof Error ? error.message : String(error)).fault)
  }

  function record(line: CaptureLine): void {
    const current = segment(line.at)
    if (!current) return
    if (current.writableLength > MOST_WAITING) breakDown(new Error('the disk does not keep up'))
    else {
      const text = printCaptureLine(line)
      written += text.length
      current.write(text)
    }
  }

  /** The segment to write to; a broken one is given another try after a while, when the disk may have room again. */
  function segment(at: Instant): WriteStream | undefined {
    if (broken && at < retryAt) return undefined
    if (stream && (broken || written >= segmentBytes)) {
      stream.end()
      stream = undefined
    }
    if (!stream) {
      broken = false
      retryAt = at + RETRY
      stream = start(at)
    }
    return broken ? undefined : stream
  }

  return {
    bytes: (direction, wire, bytes, at) => {
      const hex = Buffer.from(bytes).toString('hex')
      record(direction === 'in' ? { at, wire, in: hex } : { at, wire, out: hex })
    },
    event: (event, wire, at) => record({ at, wire, event }),
    close: () =>
      new Promise((done) => {
        if (stream && !stream.destroyed) stream.end(() => done())
        else done()
      }),
  }
}

/** Removes the oldest segments of this feed until one more fits. */
function makeRoom(spec: CaptureSpec, segmentBytes: number): void {
  const segments = readdirSync(spec.folder)
    .filter((name) => name.startsWith(`${spec.feed}.`) && name.endsWith(CAPTURE_ENDING))
    .sort()
    .map((name) => ({ path: join(spec.folder, name), size: statSync(join(spec.folder, name)).size }))
  let total = segments.reduce((sum, s) => sum + s.size, 0)
  for (const segment of segments) {
    if (total + segmentBytes <= spec.maxBytes) return
    rmSync(segment.path, { force: true })
    total -= segment.size
  }
}
