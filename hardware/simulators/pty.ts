import { closeSync, read, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { z } from 'zod'

/**
 * A pseudo-terminal: `path` is opened like any serial port, the other end is ours. Only the add-on's own `open` is used,
 * because the package's terminal object reads the port's side too and would steal bytes.
 */
export interface Pty {
  readonly path: string
  write(bytes: Uint8Array): void
  /** Told of everything the port's side sends. */
  onBytes(heard: (bytes: Uint8Array) => void): void
  close(): void
}

const opened = z.object({ master: z.number(), slave: z.number(), pty: z.string() })

export function openPty(): Pty {
  const require = createRequire(import.meta.url)
  const native = z
    .object({ open: z.custom<(columns: number, rows: number) => unknown>((f) => typeof f === 'function') })
    .parse(require(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`))
  // Our own slave end stays open, so that the line survives while the daemon has it closed.
  const { master, slave, pty } = opened.parse(native.open(80, 24))
  const listeners: ((bytes: Uint8Array) => void)[] = []
  let closed = false

  const buffer = new Uint8Array(4096)
  const listen = (): void => {
    read(master, buffer, 0, buffer.length, null, (error, count) => {
      if (closed) return
      if (error && (error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      if (!error) for (const heard of listeners) heard(buffer.slice(0, count))
      setTimeout(listen, error || count === 0 ? 5 : 0)
    })
  }
  return {
    path: pty,
    write: (bytes) => {
      writeSync(master, bytes)
    },
    onBytes(heard) {
      listeners.push(heard)
      if (listeners.length === 1) listen()
    },
    close() {
      if (closed) return
      closed = true
      closeSync(master)
      closeSync(slave)
    },
  }
}
