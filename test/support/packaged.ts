import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** How the daemon is run: by which runtime, and its entry. */
export type Program = readonly [runtime: string, entry: string]

/** The daemon of a package, unpacked below `folder`; without one that of the source tree. */
export function programOf(deb: string | undefined, folder: string): Program {
  if (deb === undefined) return [process.execPath, resolve('src/bleepd.js')]
  execFileSync('dpkg-deb', ['-x', resolve(deb), join(folder, 'package')])
  const library = join(folder, 'package/usr/lib/bleep-bridge')
  return [join(library, 'bin/node'), join(library, 'src/bleepd.js')]
}

/** A site as `bleepd init` makes it, with an SNPP line to call it by; gives its configuration. */
export function freshSite([runtime, entry]: Program, site: string, port: number, line: number): string {
  const trust = ['--trust', 'A trust', '--address', 'localhost', '--operator', 'anna', '--port', `${port}`]
  execFileSync(runtime, [entry, 'init', site, ...trust], { stdio: 'ignore' })
  const config = join(site, 'bridge.yaml')
  const feed = `feeds:\n  - id: trial\n    profile: snpp\n    port: { kind: tcp-listen, port: ${line} }\n`
  writeFileSync(config, readFileSync(config, 'utf8').replace('feeds: []\n', feed))
  return config
}
