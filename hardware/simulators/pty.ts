import { createRequire } from 'node:module'
import { ReadStream } from 'node:tty'
import { z } from 'zod'

const opened = z.object({ master: z.number(), slave: z.number(), pty: z.string() })
const native = z.object({ open: z.custom<(columns: number, rows: number) => unknown>() })

/** One end of a line made of a pseudo-terminal: the daemon opens `path`, the simulator holds the other end. */
export interface Pty {
  readonly path: string
  write(bytes: Uint8Array): void
  /** Hears what the daemon writes. */
  onBytes(hear: (bytes: Uint8Array) => void): void
  /** Pulls the plug: the port vanishes for whoever has it open. */
  close(): void
}

/** Opens a pseudo-terminal pair. Rate and parity are not emulated: bytes pass at once and as they are. */
export function openPty(): Pty {
  const { platform, arch } = process
  const load = createRequire(import.meta.url)
  // Only the native open: the package's own stream would read the daemon's end too and steal its bytes.
  const { open } = native.parse(load(`@lydell/node-pty-${platform}-${arch}/pty.node`))
  const { master, slave, pty } = opened.parse(open(80, 24))
  // Raw at once: until the daemon sets its own mode, a fresh terminal would echo and translate.
  const held = new ReadStream(slave)
  held.setRawMode(true)
  const ours = new ReadStream(master)
  const listeners: ((bytes: Uint8Array) => void)[] = []
  ours.on('data', (chunk: Buffer) => {
    for (const hear of listeners) hear(new Uint8Array(chunk))
  })
  // Reading a master whose other end is gone is an error by name only.
  ours.on('error', () => undefined)
  held.on('error', () => undefined)
  let plugged = true
  return {
    path: pty,
    write: (bytes) => {
      if (plugged) ours.write(bytes)
    },
    onBytes: (hear) => void listeners.push(hear),
    close() {
      if (!plugged) return
      plugged = false
      held.destroy()
      ours.destroy()
    },
  }
}
