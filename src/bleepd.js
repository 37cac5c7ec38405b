#!/usr/bin/env node
// Entry for any Node: hands over to the runtime the project is built for, or says plainly what is missing.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
/** Set for the process we hand over to, so that it does not outlive us. */
const HANDED_OVER = 'BLEEPD_HANDED_OVER'

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  if (process.env[HANDED_OVER] && process.channel) {
    // Killed without warning, the launcher says nothing more than this; a daemon left behind would hold ports and store.
    process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
    process.channel.unref()
    delete process.env[HANDED_OVER]
  }
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (existsSync(pinned)) {
    const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, [HANDED_OVER]: '1' },
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.once('exit', (code) => process.exit(code ?? 1))
  } else {
    process.stderr.write(
      `bleepd needs Node ${NEEDED} or later and found ${process.versions.node}; 'npm ci' in the project folder brings one\n`,
    )
    process.exitCode = 1
  }
}
