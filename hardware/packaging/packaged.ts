import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** How the daemon is run: by which runtime, and its entry. */
export type Program = readonly [runtime: string, entry: string]

/** The daemon of a package, unpacked below `folder`; without one that of the source tree. */
export function programOf(deb: string | undefined, folder: string): Program {
  if (deb === undefined) return [process.execPath, resolve('src/bleepd.js')]
  execFileSync('dpkg-deb', ['-x', resolve(deb), join(folder, 'package')])
  const library = join(folder, 'package/usr/lib/bleep-bridge')
  return [join(library, 'bin/node'), join(library, 'src/bleepd.js')]
}

/** What `bleepd init` is told for a trial: its operator is Anna, who has the number 9000. */
export const trialFlags = (port: number): readonly string[] =>
  `--trust Trial --address localhost --operator anna --port ${port}`.split(' ')

/** Gives a configuration fresh from `init` an SNPP line on a port of this machine, to call by. */
export function addLine(config: string, line: number): void {
  const feed = `feeds:\n  - id: trial\n    profile: snpp\n    port: { kind: tcp-listen, port: ${line} }\n`
  writeFileSync(config, readFileSync(config, 'utf8').replace('feeds: []\n', feed))
}

/** A site as `bleepd init` makes it, with a line to call it by; gives its configuration. */
export function freshSite([runtime, entry]: Program, site: string, port: number, line: number): string {
  execFileSync(runtime, [entry, 'init', site, ...trialFlags(port)], { stdio: 'ignore' })
  const config = join(site, 'bridge.yaml')
  addLine(config, line)
  return config
}

/** Looks twice a second until something is so, for a minute at most; whether it came to be. What throws is not so yet. */
export async function until(look: () => Promise<boolean>): Promise<boolean> {
  for (let left = 120; left > 0; left--) {
    if (await look().catch(() => false)) return true
    await pause(500)
  }
  return false
}
