import { constants, fstatSync, openSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { Finding } from '../core/measure/watch/standing.ts'

/** Lines that wait for a reader who is slow; beyond, the newest are dropped. Bytes. */
const MOST_WAITING = 1024 * 1024

export interface LogOut {
  write(line: string): void
  /** Nothing that is written now is read or kept by anybody. */
  troubles(): readonly Finding[]
}

/** The part of standard error, where that is no file, which is asked here. */
interface Reader {
  readonly writableLength: number
  write(text: string): unknown
  on(event: 'error', run: () => void): unknown
}

/**
 * Standard error, which may cost no page: a reader that is gone, one that hangs, a terminal that was stopped and a full
 * disk lose lines of the log and nothing else. A line is written at once where it can be, because one that waits is lost
 * with the process.
 */
export function standardError(): LogOut {
  if (isFile()) return toFile((line) => void writeSync(2, line))
  const terminal = isatty(2) ? ownTerminal() : undefined
  if (terminal === undefined) return toReader(process.stderr)
  return toTerminal((bytes) => writeSync(terminal, bytes))
}

/** Each line is tried anew: a disk may have room again. */
export function toFile(put: (line: string) => void): LogOut {
  let lost = 0
  return {
    write(line) {
      try {
        put(line)
        lost = 0
      } catch {
        lost += 1
      }
    },
    troubles: () => unwritten(lost),
  }
}

/**
 * A terminal that takes nothing (Ctrl-S) refuses at once, and of a line that found room in part the rest goes first.
 * @param put writes without waiting; gives how many bytes were taken
 */
export function toTerminal(put: (bytes: Uint8Array) => number): LogOut {
  let rest: Uint8Array = Buffer.alloc(0)
  return toFile((line) => {
    rest = rest.subarray(rest.length === 0 ? 0 : put(rest))
    if (rest.length > 0) throw new Error('the terminal is full')
    const bytes = Buffer.from(line)
    rest = bytes.subarray(put(bytes))
  })
}

export function toReader(reader: Reader): LogOut {
  let lost = 0
  let gone = false
  // Without this listener a reader that leaves would end the process.
  reader.on('error', () => {
    gone = true
    lost += 1
  })
  return {
    write(line) {
      if (gone || reader.writableLength > MOST_WAITING) lost += 1
      else {
        lost = 0
        reader.write(line)
      }
    },
    troubles: () => unwritten(lost),
  }
}

const unwritten = (lost: number): readonly Finding[] =>
  lost === 0 ? [] : [{ code: 'log-unwritten', subject: 'log', detail: `${lost} lines` }]

function isFile(): boolean {
  try {
    return fstatSync(2).isFile()
  } catch {
    return false
  }
}

/**
 * Node's own stream waits for a terminal, and everything with it. Opened anew it does not, and whoever shares the terminal
 * with us goes on as before. Undefined where it may not be opened (it is another user's).
 */
function ownTerminal(): number | undefined {
  try {
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return undefined
  }
}
