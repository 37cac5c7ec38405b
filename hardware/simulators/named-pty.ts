import { rmSync, symlinkSync } from 'node:fs'
import { openPty, openTerminal, type Pty } from './pty.ts'

/** A pseudo-terminal under a name that stays, as udev gives real ports; the name goes when the program ends. */
export function openNamedPty(link: string | undefined): Pty & { readonly name: string } {
  const pty = openPty()
  if (link === undefined) return { ...pty, name: pty.path }
  rmSync(link, { force: true })
  symlinkSync(pty.path, link)
  process.on('exit', () => rmSync(link, { force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))
  return { ...pty, name: link }
}

/** The line a simulator speaks on: an end that is there already, or a pseudo-terminal of its own. */
export function openLine(from: {
  readonly port?: string
  readonly link?: string
}): Pty & { readonly name: string } {
  return from.port === undefined ? openNamedPty(from.link) : { ...openTerminal(from.port), name: from.port }
}
