import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { freshSite, programOf } from '../../hardware/packaging/packaged.ts'
import { stored } from '../../hardware/packaging/snpp-page.ts'
import { aBleep, anAlert } from '../contract/store.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/*
 * How soon a page on a line is answered after a start, with a long record in the database: npm run bench:record -- [alerts]
 * [PACKAGE.deb], else the source tree. The bound is 3 s on a quiet machine, from the start of the process; what compiles once
 * is compiled before. As root the daemon runs before other work, as the unit has it.
 */
const ALERTS = Number(process.argv[2] ?? 1_000_000)
const BOUND = 3
/** Of hardware/systemd/bleepd.service. */
const NICE = -5
const folder = mkdtempSync(join(tmpdir(), 'bleepd-record-'))
const line = await ownPort()

try {
  const [runtime, entry] = programOf(process.argv[3], folder)
  const site = join(folder, 'etc')
  const config = freshSite([runtime, entry], site, await ownPort(), line)
  const start = () => spawn(runtime, [entry, 'run', '--config', config], { stdio: 'ignore' })
  await started('compiles, makes the database', start)
  fill(join(site, 'data/bleeps.sqlite'))
  for (const round of [1, 2, 3]) await started(`${ALERTS} alerts, start ${round}`, start)
} finally {
  removeFolder(folder)
}

/** Starts the daemon, sends pages until one is answered, tells after how long, and ends it. */
async function started(what: string, start: () => ChildProcess): Promise<void> {
  const from = performance.now()
  const daemon = start()
  if (process.getuid?.() === 0) setPriority(daemon.pid ?? 0, NICE)
  while (!(await stored(line))) {
    if (daemon.exitCode !== null) throw new Error('the daemon did not start')
    await new Promise((next) => setTimeout(next, 20))
  }
  const took = (performance.now() - from) / 1000
  const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))?.[1]
  process.stdout.write(
    `${what.padEnd(34)} first page answered after ${took.toFixed(1)} s (bound ${BOUND}), RSS ${Math.round(Number(memory) / 1024)} MB\n`,
  )
  await ended(daemon)
}

async function ended(daemon: ChildProcess): Promise<void> {
  const over = once(daemon, 'exit')
  daemon.kill('SIGTERM')
  await over
}

/** Closed calls, one each half minute up to a day ago. */
function fill(path: string): void {
  const db = new DatabaseSync(path)
  const last = Date.now() - 86_400_000
  const bleep = JSON.stringify({ ...aBleep('x', { stage: 'routed' }), v: 1 })
  const alert = JSON.stringify({ ...anAlert('x', 'x', { phase: 'closed' }), v: 1 })
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ALERTS})`
  db.exec('begin')
  db.prepare(
    `${numbers} insert into bleeps (id, number, received, stage, class, kind, doc)
     select 'b' || i, '0028', ? - i * 30000, 'routed', 'routine', 'x', json_set(?, '$.id', 'b' || i, '$.received', ? - i * 30000) from n`,
  ).run(last, bleep, last)
  db.prepare(
    `${numbers} insert into alerts (id, bleep, version, phase, class, raised, doc)
     select 'a' || i, 'b' || i, 1, 'closed', 'routine', ? - i * 30000,
       json_set(?, '$.id', 'a' || i, '$.bleep', 'b' || i, '$.raised', ? - i * 30000) from n`,
  ).run(last, alert, last)
  db.exec('commit')
  db.close()
}
