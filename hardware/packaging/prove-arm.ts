import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { addLine, trialFlags } from './packaged.ts'
import { stored } from './snpp-page.ts'

/*
 * Runs the package for arm64 on this machine by qemu-user: node hardware/packaging/prove-arm.ts PACKAGE_arm64.deb ROOT
 * ROOT holds libraries for arm64: /usr/aarch64-linux-gnu where Debian's libstdc++6-arm64-cross is installed.
 * How long it takes says nothing of a board: each instruction is translated.
 */
const [deb = '', libraries = ''] = process.argv.slice(2)
const LINE = 14_446
const PORT = 18_446
const BOUND = 300_000
const work = mkdtempSync(join(tmpdir(), 'bleep-arm-'))
const library = join(work, 'usr/lib/bleep-bridge')
const site = join(work, 'etc')
const config = join(site, 'bridge.yaml')
// The daemon becomes itself anew with these flags; an emulated program cannot become another, so it has them at once.
const source = () => readFileSync(join(library, 'src/bleepd.js'), 'utf8')
const young = () => /--max-semi-space-size=\d+/.exec(source())?.[0] ?? ''
const emulated = (...args: readonly string[]) =>
  [
    '-L',
    resolve(libraries),
    join(library, 'bin/node'),
    young(),
    join(library, 'src/bleepd.js'),
    ...args,
  ] as const
const bleepd = (...args: readonly string[]) =>
  execFileSync('qemu-aarch64-static', emulated(...args), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })

try {
  execFileSync('dpkg-deb', ['-x', deb, work])
  tell(`it says its version: ${bleepd('--version').trim()}`)
  bleepd('init', site, ...trialFlags(PORT))
  addLine(config, LINE)
  bleepd('check', '--config', config)
  tell('init and check')
  const daemon = spawn('qemu-aarch64-static', emulated('run', '--config', config), {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    const until = Date.now() + BOUND
    while (!(await stored(LINE))) {
      if (daemon.exitCode !== null || Date.now() > until) throw new Error('no page was answered')
      await pause(500)
    }
    tell('a page on its line is stored, and answered')
  } finally {
    const over = once(daemon, 'exit')
    daemon.kill('SIGTERM')
    tell(`it ends with ${(await over)[0]}`)
  }
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
}

function tell(what: string): void {
  process.stdout.write(`holds  ${what}\n`)
}
