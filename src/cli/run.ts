import { isatty } from 'node:tty'
import { startApp } from '../app.ts'
import { printConfigFault } from '../config/fault.ts'
import { layGood, loadToRun, takeGood } from '../config/last-good.ts'
import { LONG_TABLES } from '../config/reading.ts'
import { sharingWords } from '../config/shared-words.ts'
import { FAULTS } from '../core/faults.ts'
import { MINUTE, type Millis } from '../core/instant.ts'
import { systemClock } from '../io/clock.ts'
import { memoryKeeper } from '../io/free-memory.ts'
import { forReader, openLog } from '../io/log.ts'
import { standardError } from '../io/log-out.ts'
import { openMetrics } from '../io/metrics.ts'
import { systemRandom } from '../io/random.ts'
import { systemdWatchdog } from '../io/systemd.ts'
import { StoreFault } from '../ports/store.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { collectAtRest, sweeper } from './lean.ts'
import { hangUps } from './reload.ts'
import { version } from './version.ts'

const STOPPING = ['SIGINT', 'SIGTERM'] as const

/**
 * `bleepd run`: the daemon, until a signal. A hang-up reads the site's files again; from a terminal it still means that
 * the terminal is gone.
 */
export async function run(file: string): Promise<ExitCode> {
  const reloads = isatty(0) ? undefined : hangUps()
  const sweep = sweeper()
  let read = loadToRun(file, Date.now())
  if (!read.ok) {
    for (const fault of read.fault) process.stderr.write(`${printConfigFault(fault)}\n`)
    return EXIT.configuration
  }
  const share = sharingWords()
  for (const table of LONG_TABLES) read.value.site[table].forEach(share)
  sweep()
  const { config, fingerprint, doubts, instead } = read.value
  // Standard output is for data.
  const out = standardError()
  const log = openLog({ level: config.log.level, base: { node: config.node }, to: forReader(out) })
  for (const { path, code } of instead?.faults ?? []) log.error('started-on-last-good', { path, fault: code })
  for (const { path, code } of doubts) log.warn('config-doubtful', { path, fault: code })
  const metrics = openMetrics()
  let stepped = (_by: Millis): void => undefined
  const clock = systemClock((jump) => {
    metrics.count('bleepbridge_clock_steps_total')
    log.warn('clock-stepped', { jump })
    stepped(jump)
  })
  const watchdog = systemdWatchdog(process.env, process.pid, (why) =>
    log.warn('watchdog-unreachable', { why }),
  )
  const stopped = signalled()
  try {
    const starting = startApp(read.value, {
      ...{ clock, random: systemRandom, log, metrics, watchdog, version: version() },
      logTroubles: out.troubles,
    })
    // Its tables are the daemon's now, and go when a reload has others.
    read = { ok: false, fault: [] }
    // Whoever stops a start that waits for its database need not wait for it: nothing is answered yet, and what is
    // stored is safe from any end.
    const app = await Promise.race([starting, stopped.then(() => undefined)])
    if (app === undefined) {
      log.info('stopping', { signal: await stopped, before: 'started' })
      return ended(EXIT.good)
    }
    if (!app.ok) {
      log.error('not-started', { fault: app.fault.code, detail: app.fault.detail })
      return ended(EXIT.fault)
    }
    stepped = app.value.clockStepped
    if (instead !== undefined) app.value.refused(instead.faults)
    else app.value.kept(layGood(file, { config, fingerprint }, Date.now()) && takeGood(file))
    for (const each of [memoryKeeper(), collectAtRest()]) setInterval(each, MINUTE).unref()
    const caught = catchAll(app.value.unexpected)
    reloads?.serve({ file, app: app.value, log, metrics })
    log.info('stopping', { signal: await stopped })
    reloads?.end()
    await app.value.stop()
    caught()
    return ended(EXIT.good)
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error
    log.error('not-started', { fault: error.code, remedy: FAULTS[error.code].remedy })
    return ended(EXIT.fault)
  }
}

/**
 * What a library still holds open must not keep us: everything of ours has ended, or never began. A thread that hangs on
 * a folder whose server is gone would keep `process.exit` waiting for ever, so another program takes our place.
 */
function ended(code: ExitCode): ExitCode {
  setTimeout(() => {
    process.execve?.('/bin/sh', ['sh', '-c', `exit ${code}`], {})
    process.exit(code)
  }, LINGERS).unref()
  return code
}

/** What nobody caught ends a process, and with it every line: a library's slip is told and the others go on. Returns how to end it. */
function catchAll(tell: (error: unknown) => void): () => void {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  for (const event of events) process.on(event, tell)
  return () => {
    for (const event of events) process.off(event, tell)
  }
}

/** Longest wait for what a library holds open after everything of ours has ended, milliseconds. */
const LINGERS = 500

/** One press can arrive twice, from the terminal and from a launcher; a second press after this ends us at once. */
const SAME_PRESS = 500

function signalled(): Promise<string> {
  return new Promise((done) => {
    const heard = (signal: string): void => {
      done(signal)
      setTimeout(() => {
        for (const one of STOPPING) process.off(one, heard)
      }, SAME_PRESS).unref()
    }
    for (const one of STOPPING) process.on(one, heard)
  })
}
