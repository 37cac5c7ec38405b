import { rmSync, symlinkSync } from 'node:fs'
import { openPty, type Pty } from './pty.ts'

/** A line that can be pulled out and plugged in again under the same name, as a serial adapter under its udev name. */
export interface Plug extends Pty {
  readonly plugged: boolean
  pull(): void
  plug(): void
}

/** @param path the name that stays */
export function openPlug(path: string): Plug {
  const listeners: ((bytes: Uint8Array) => void)[] = []
  let pty: Pty | undefined
  const plug = () => {
    if (pty !== undefined) return
    pty = openPty()
    pty.onBytes((bytes) => {
      for (const hear of listeners) hear(bytes)
    })
    rmSync(path, { force: true })
    symlinkSync(pty.path, path)
  }
  const pull = () => {
    rmSync(path, { force: true })
    pty?.close()
    pty = undefined
  }
  plug()
  return {
    path,
    get plugged() {
      return pty !== undefined
    },
    plug,
    pull,
    write: (bytes) => pty?.write(bytes),
    onBytes: (hear) => void listeners.push(hear),
    close: pull,
  }
}
