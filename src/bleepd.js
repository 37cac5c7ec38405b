#!/usr/bin/env node
// Entry for any Node: hands over to the runtime the project is built for, or says plainly what is missing.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (existsSync(pinned)) {
    const child = spawnSync(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    })
    process.exitCode = child.status ?? 1
  } else {
    process.stderr.write(
      `bleepd needs Node ${NEEDED} or later and found ${process.versions.node}; 'npm ci' in the project folder brings one\n`,
    )
    process.exitCode = 1
  }
}
