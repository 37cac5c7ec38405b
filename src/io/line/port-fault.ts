import { failed, type StandingCode } from '../../core/faults.ts'
import type { PortFault } from '../../ports/line.ts'

/** Open errors of the serialport binding carry no code, only the operating system's text: text → our fault. */
const OPEN_ERRORS = [
  [/No such (file or directory|device)/i, 'port-absent'],
  [/Permission denied|Operation not permitted/i, 'port-denied'],
  [/Cannot lock port|Resource temporarily unavailable|Device or resource busy/i, 'port-busy'],
  [/Inappropriate ioctl|Is a directory|Not a (tty|typewriter)/i, 'port-not-tty'],
  [/Input\/output error|Bad file descriptor/i, 'port-unplugged'],
] as const

export function openFault(message: string): PortFault {
  const known = OPEN_ERRORS.find(([text]) => text.test(message))
  return failed(known?.[1] ?? 'port-failed', message).fault
}

const FILE_ERRORS: ReadonlyMap<unknown, StandingCode> = new Map([
  ['ENOENT', 'port-absent'],
  ['ENOTDIR', 'port-absent'],
  ['EACCES', 'port-denied'],
  ['EPERM', 'port-denied'],
])

/** Why a path could not be opened by the operating system itself. */
export function fileFault(error: NodeJS.ErrnoException): PortFault {
  return failed(FILE_ERRORS.get(error.code) ?? 'port-failed', error.message).fault
}

/** What a read or write of an open port answers once the device is no longer there (Linux, tty_hangup). */
const GONE: ReadonlySet<unknown> = new Set(['EIO', 'ENXIO', 'ENODEV'])

/** An error in the life of an open port: whichever of read and write meets a pulled plug first, it is unplugged. */
export function lifeFault(error: Error): PortFault {
  const gone = 'code' in error && GONE.has(error.code)
  return failed(gone ? 'port-unplugged' : 'port-failed', error.message).fault
}
