import { readFileSync } from 'node:fs'
import { failed } from '../../core/faults.ts'
import type { Instant, Millis } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { LineEvent, LinePort, Link } from '../../ports/line.ts'
import { beginsCapture, CAPTURE_ENDING, type CaptureLine, parseCaptureLine } from './capture-format.ts'

export interface ReplaySpec {
  readonly file: string
  /** `original`: with the pauses as captured. `fast`: one after another without waiting. */
  readonly pace: 'original' | 'fast'
  /** Which wire of a two-wire capture this port plays. */
  readonly wire?: 'a' | 'b'
}

/** Plays a capture, or a file of raw bytes, as if it were a line. What is written to it goes nowhere; the link closes at the end of the file. */
export function replayPort(spec: ReplaySpec, clock: Clock): LinePort {
  return { name: spec.file, open: (on) => openReplay(spec, clock, on) }
}

function openReplay(spec: ReplaySpec, clock: Clock, on: (event: LineEvent) => void): Link {
  const chunks = readChunks(spec)
  let timer: Timer
  let closed = false

  function finish(fault?: 'capture-unreadable'): void {
    if (closed) return
    closed = true
    timer.cancel()
    const at = clock.now()
    on(fault ? { kind: 'closed', at, fault: failed(fault, spec.file).fault } : { kind: 'closed', at })
  }

  function play(index: number): void {
    const chunk = chunks?.[index]
    if (!chunk) finish()
    else {
      const at = clock.now()
      on({ kind: 'bytes', bytes: chunk.bytes.slice(), at, began: at })
      if (!closed) timer = clock.after(gap(index), () => play(index + 1))
    }
  }

  function gap(index: number): Millis {
    const here = chunks?.[index]
    const next = chunks?.[index + 1]
    return spec.pace === 'fast' || !here || !next ? 0 : Math.max(0, next.at - here.at)
  }

  timer = clock.after(0, () => {
    if (!chunks) finish('capture-unreadable')
    else {
      on({ kind: 'opened', at: clock.now() })
      if (!closed) timer = clock.after(0, () => play(0))
    }
  })

  return {
    write: () => Promise.resolve(failed('line-listen-only', spec.file)),
    close() {
      if (closed) return
      timer.cancel()
      timer = clock.after(0, () => finish())
    },
  }
}

interface Chunk {
  readonly at: Instant
  readonly bytes: Uint8Array
}

/** Raw bytes without times come in pieces of this size. */
const PIECE = 256

/** The heard bytes of a file, in order; `undefined` when it is not there, or is named a capture and holds none. */
function readChunks(spec: ReplaySpec): Chunk[] | undefined {
  let file: Uint8Array
  try {
    file = readFileSync(spec.file)
  } catch {
    return undefined
  }
  if (!spec.file.endsWith(CAPTURE_ENDING) && !beginsCapture(file)) return pieces(file)
  const lines = Buffer.from(file)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
  const parsed = lines.map(parseCaptureLine).filter((line) => line !== undefined)
  // What is sealed cannot be played: `bleepd decode` opens it where the keys are.
  const isSealed = parsed.some((line) => 'key' in line)
  if (isSealed || (lines.length > 0 && parsed.length === 0)) return undefined
  return parsed
    .filter((line): line is Heard => 'in' in line && line.wire === (spec.wire ?? 'a'))
    .map((line) => ({ at: line.at, bytes: Uint8Array.from(Buffer.from(line.in, 'hex')) }))
}

type Heard = Extract<CaptureLine, { in: string }>

function pieces(file: Uint8Array): Chunk[] {
  const chunks: Chunk[] = []
  for (let i = 0; i < file.length; i += PIECE) chunks.push({ at: 0, bytes: file.slice(i, i + PIECE) })
  return chunks
}
