#!/usr/bin/env node
// Entry for any Node: hands over to the runtime the project is built for, or says plainly what is missing.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { isatty } from 'node:tty'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
/** Set for the process we hand over to, so that it does not outlive us. */
const HANDED_OVER = 'BLEEPD_HANDED_OVER'
/** The command that only fills the cache of compiled code. */
const WARM = 'compile-ahead'
/**
 * The daemon lives for months on a small machine beside others. Left alone, V8 lets garbage grow to twice what is held
 * (main.ts), and glibc keeps what each of its threads once needed: together 20 MB and more (`npm run bench:phones`).
 * `--optimize-for-size` by the command line makes new space one megabyte whatever else is said, and collecting that took a
 * sixth of the daemon's work (`npm run bench:beside`): it is told later, and new space grows while there is work and shrinks
 * when there is none. And the heap is marked for nothing below a hundred megabytes. None of these can be told once a process
 * has begun; what can is in cli/lean.ts.
 */
const YOUNG = '--max-semi-space-size=8'
// Of three compilers the middle one buys the daemon nothing that could be measured, and takes 3 to 6 MB.
const FLAGS = [YOUNG, '--no-maglev', '--initial-heap-size=128']
// What compiling a thousand files has needed for a moment is given back, which glibc else keeps for later. A folder on a
// server that is gone holds a thread for each read, and names of push services are looked up by the same few.
const ENV = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072', UV_THREADPOOL_SIZE: '16' }

/** @param {string} path from this file */
const besides = (path) => fileURLToPath(new URL(path, import.meta.url))
const me = besides('bleepd.js')
const command = process.argv[2]
const lives = command === 'run'

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  if (lives && process.execve && !process.channel && !process.execArgv.includes(YOUNG)) {
    // Becomes the process that was meant: same id, same parent, same standard streams.
    const meant = [process.execPath, ...process.execArgv, ...FLAGS, ...process.argv.slice(1)]
    process.execve(process.execPath, meant, { ...process.env, ...ENV })
  }
  // A hang-up asks for files to be read again, and before the first reading there is nothing to be done: unheard, it
  // would end us.
  if (lives && !isatty(0)) process.on('SIGHUP', () => undefined)
  // The package brings its code in few files without types (hardware/packaging/bundle.ts): what is compiled of them need not
  // be kept, and is not kept in memory either.
  if (existsSync(besides('main.ts'))) {
    // What is compiled under the daemon's flags is of no use under others.
    const cache = besides(
      `../node_modules/.cache/bleepd${process.execArgv.includes(YOUNG) ? `-run${FLAGS.join('')}` : ''}`,
    )
    // Before the first start another process compiles everything: the reader of TypeScript stays out of ours.
    if (lives && !(existsSync(cache) && readdirSync(cache).length > 0))
      spawnSync(process.execPath, [...process.execArgv, me, WARM], { stdio: 'ignore' })
    nodeModule.enableCompileCache?.(cache)
  }
  if (command === WARM) {
    await import('./main.ts')
    // V8 takes compiled code back under the flags alone under which it was written: the daemon tells itself two on the way.
    nodeModule.flushCompileCache?.()
    const { daemonHeap } = await import('./cli/lean.ts')
    daemonHeap()
    await import('./cli/run.ts')
    process.exit(0)
  }
  if (process.env[HANDED_OVER] && process.channel) {
    // Killed without warning, the launcher says nothing more than this; a daemon left behind would hold ports and store.
    process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
    process.channel.unref()
    delete process.env[HANDED_OVER]
  }
  // Who reads our output may leave first, as head does: that is no fault, and nothing is left to be done.
  if (!lives)
    process.stdout.on('error', (error) => {
      if (!('code' in error) || error.code !== 'EPIPE') throw error
      process.exit(0)
    })
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  const pinned = besides('../node_modules/.bin/node')
  if (existsSync(pinned)) {
    const child = spawn(pinned, [...(lives ? FLAGS : []), me, ...process.argv.slice(2)], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...(lives ? ENV : {}), [HANDED_OVER]: '1' },
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
