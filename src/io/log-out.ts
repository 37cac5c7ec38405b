import { fstatSync, writeSync } from 'node:fs'
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
 * Standard error, which may cost no page: a reader that is gone, one that hangs, and a full disk lose lines of the log
 * and nothing else. A line is written at once where it can be, because one that waits is lost with the process.
 */
export function standardError(): LogOut {
  return isFile() ? toFile((line) => void writeSync(2, line)) : toReader(process.stderr)
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
