import { constants, openSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { ReadStream } from 'node:tty'
import { z } from 'zod'

const opened = z.object({ master: z.number(), slave: z.number(), pty: z.string() })
const native = z.object({ open: z.custom<(columns: number, rows: number) => unknown>() })

/** One end of a line made of a pseudo-terminal: the daemon opens `path`, the simulator holds the other end. */
export interface Pty {
  readonly path: string
  /** Like a line, it never waits for a reader: what has found no room in `HELD` bytes is lost. */
  write(bytes: Uint8Array): void
  /** Hears what the daemon writes. */
  onBytes(hear: (bytes: Uint8Array) => void): void
  /** Pulls the plug: the port vanishes for whoever has it open. */
  close(): void
}

/** Bytes kept for a reader that is slow or not there, and how often they are offered again. */
const HELD = 64 * 1024
const AGAIN = 2

/** Opens a pseudo-terminal pair. Rate and parity are not emulated: bytes pass at once and as they are. */
export function openPty(): Pty {
  const { platform, arch } = process
  const load = createRequire(import.meta.url)
  // Only the native open: the package's own stream would read the daemon's end too and steal its bytes.
  const { open } = native.parse(load(`@lydell/node-pty-${platform}-${arch}/pty.node`))
  const { master, slave, pty } = opened.parse(open(80, 24))
  for (const fd of [master, slave]) closeOnExec(fd)
  // Raw at once: until the daemon sets its own mode, a fresh terminal would echo and translate.
  const held = new ReadStream(slave)
  held.setRawMode(true)
  // Reading an end whose other end is gone is an error by name only.
  held.on('error', () => undefined)
  return lineEnd(new ReadStream(master), master, pty, () => void held.destroy())
}

const F_SETFD = 2
const FD_CLOEXEC = 1

/** A daemon that we start afterwards must not hold our end as well: its own copy would keep a pulled line alive. */
function closeOnExec(fd: number): void {
  const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi')
  koffi.load(null).func('int fcntl(int fd, int command, int flags)')(fd, F_SETFD, FD_CLOEXEC)
}

/** The end of a line that is there already: another simulator's, or a serial adapter's as it is set. */
export function openTerminal(path: string): Pty {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY)
  const ours = new ReadStream(fd)
  ours.setRawMode(true)
  return lineEnd(ours, fd, path, () => undefined)
}

function lineEnd(ours: ReadStream, fd: number, path: string, closeOther: () => void): Pty {
  const listeners: ((bytes: Uint8Array) => void)[] = []
  ours.on('data', (chunk: Buffer) => {
    for (const hear of listeners) hear(new Uint8Array(chunk))
  })
  ours.on('error', () => undefined)
  let plugged = true
  let waiting = Buffer.alloc(0)
  let retry: NodeJS.Timeout | undefined

  /** A stream of this kind would spin until somebody reads, and hold up everything else. */
  function offer(): void {
    retry = undefined
    if (!plugged) return
    try {
      waiting = waiting.subarray(writeSync(fd, waiting))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
    }
    if (waiting.length > 0) retry = setTimeout(offer, AGAIN)
  }

  return {
    path,
    write(bytes) {
      waiting = Buffer.concat([waiting, bytes.subarray(0, HELD - waiting.length)])
      if (retry === undefined && waiting.length > 0) offer()
    },
    onBytes: (hear) => void listeners.push(hear),
    close() {
      if (!plugged) return
      plugged = false
      clearTimeout(retry)
      closeOther()
      ours.destroy()
    },
  }
}
