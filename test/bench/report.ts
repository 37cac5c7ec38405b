import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { lean } from '../../src/cli/lean.ts'
import type { Directory } from '../../src/core/directory/directory.ts'
import { DAY, SECOND } from '../../src/core/instant.ts'
import { USUAL_SHIFTS } from '../../src/core/measure/report/shifts.ts'
import { zoneTable } from '../../src/core/measure/zone.ts'
import { seeded } from '../../src/core/seeded.ts'
import { systemClock } from '../../src/io/clock.ts'
import { renderReport } from '../../src/io/report/render.ts'
import { openSqlite, openSqliteToRead } from '../../src/io/store/open.ts'
import { packSome } from '../../src/run/keep/packs.ts'
import { makeReport } from '../../src/run/keep/report.ts'
import { removeFolder } from '../support/folders.ts'

/**
 * A report over a million bleeps and three million call records: how long, and how much memory. The rows are written
 * straight into the tables (that part is not timed); the report reads them as it always does. Two steps, so that the
 * memory told is the report's own: `make FILE`, then `FILE`.
 */
const BLEEPS = Number(process.env.BLEEPS ?? 1_000_000)
const CALLS = Number(process.env.CALLS ?? 3_000_000)
/** The clocks go back within the eight weeks. */
const START = Date.UTC(2026, 8, 14)
const SPAN = 56 * DAY
const ROLES = 40
const EXTENSIONS = 1500

async function make(path: string): Promise<void> {
  await (await openSqlite(path)).close()
  const db = new DatabaseSync(path)
  db.exec('pragma synchronous = off; begin')
  const random = seeded(1)
  const fact = db.prepare(
    'insert into facts (bleep, at, class, kind, number, role, staff_group, person, call_back, handed, taken, on_device, accepted, "by") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  for (let i = 0; i < BLEEPS; i++) {
    const at = START + (i / BLEEPS) * SPAN
    const role = Math.floor(random() * ROLES)
    const phones = at > START + SPAN / 2
    const handed = phones ? at + 120 : null
    const accepted = phones && random() < 0.9 ? at + 5000 + random() * 60_000 : null
    fact.run(
      `b${String(i).padStart(9, '0')}`,
      at,
      random() < 0.02 ? 'emergency' : 'routine',
      'call-back',
      String(1000 + role),
      `role-${role}`,
      role % 2 ? 'doctor' : 'nurse',
      `person-${Math.floor(random() * 900)}`,
      `4${String(Math.floor(random() * EXTENSIONS)).padStart(4, '0')}`,
      handed,
      phones ? at + 300 : null,
      phones ? at + 1500 : null,
      accepted,
      accepted === null ? null : 'person',
    )
  }
  const zone = zoneTable('Europe/London', START, START + SPAN)
  const call = db.prepare('insert into calls (id, feed, node, arrived, doc) values (?, ?, ?, ?, ?)')
  for (let i = 0; i < CALLS; i++) {
    const arrived = START + (i / CALLS) * SPAN
    const end = new Date(zone.civil(arrived) - Math.floor(random() * 3) * SECOND).toISOString().slice(0, 19)
    const record = {
      end,
      ringSeconds: 4,
      talkSeconds: 20 + Math.floor(random() * 200),
      from: `5${String(Math.floor(random() * EXTENSIONS)).padStart(4, '0')}`,
      to: `4${String(Math.floor(random() * EXTENSIONS)).padStart(4, '0')}`,
      internal: true,
      answered: random() < 0.85,
      mailbox: false,
      precisionSeconds: 1,
    }
    call.run(`c${String(i).padStart(9, '0')}`, 'pbx', 'north', arrived, JSON.stringify(record))
  }
  db.exec('commit')
  db.close()
  await packAll(path)
}

/** As the chores of a running daemon would have done over the weeks. */
async function packAll(path: string): Promise<void> {
  const store = await openSqlite(path)
  const now = START + SPAN + DAY
  await store.transact((tx) => tx.notes.set('facts-until', now, now))
  for (const kind of ['facts', 'calls'] as const)
    while (await packSome(store, kind, 'Europe/London', now, now));
  await store.close()
}

const DIRECTORY: Directory = {
  zone: 'Europe/London',
  people: new Map(),
  roles: new Map(),
  teams: new Map(),
  numbers: new Map(),
  rics: new Map(),
  holders: () => [],
}

async function measure(path: string): Promise<void> {
  lean()
  const store = openSqliteToRead(path)
  const clock = systemClock(() => undefined)
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const began = performance.now()
  const cpu = process.cpuUsage()
  const report = await makeReport(
    { store, directory: DIRECTORY, clock },
    {
      site: 'bench',
      from: START + SPAN / 2,
      to: START + SPAN,
      baseline: { from: START, to: START + SPAN / 2 },
      shifts: USUAL_SHIFTS,
    },
  )
  const made = performance.now()
  const page = (await renderReport(report, 'html')).body.length
  const used = process.cpuUsage(cpu)
  clearInterval(watch)
  peak = Math.max(peak, process.memoryUsage.rss())
  await store.close()
  const figures = {
    bleeps: BLEEPS,
    calls: report.counts.callRecords,
    requests: report.callBack.requests,
    seconds: Math.round(made - began) / 1000,
    withPage: Math.round(performance.now() - began) / 1000,
    cpuSeconds: Math.round((used.user + used.system) / 1000) / 1000,
    peakMegabytes: Math.round(peak / 1e6),
    htmlBytes: page,
  }
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
}

const [first, second] = process.argv.slice(2)
if (first === 'make' && second !== undefined) await make(second)
else if (first !== undefined) await measure(first)
else {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const path = join(folder, 'bench.sqlite')
    await make(path)
    await measure(path)
  } finally {
    removeFolder(folder)
  }
}
