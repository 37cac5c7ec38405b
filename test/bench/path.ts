import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { createOperator } from '../../hardware/simulators/demo/operator.ts'
import { startPhone } from '../../hardware/simulators/phone.ts'
import { openPty } from '../../hardware/simulators/pty.ts'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { startPushService } from '../../hardware/simulators/push-service.ts'
import { createTransmitter } from '../../hardware/simulators/transmitter.ts'
import { encodeTransmission, type OutgoingPage } from '../../src/core/pocsag/encode.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/**
 * The path, measured on the real daemon over a pseudo-terminal, from its own stamps: last byte → stored, last byte →
 * handed for a crash team of 20, and memory after many bleeps. Whole transmissions are written at once, so that the
 * last byte of a page arrives with the first and line time counts for nothing.
 */
const { values } = parseArgs({
  options: {
    singles: { type: 'string', default: '100' },
    teams: { type: 'string', default: '40' },
    bleeps: { type: 'string', default: '10000' },
  },
})
const SITE = fileURLToPath(new URL('../../config/sites/demo', import.meta.url))
const KEY = 'benchmark-operator-key'
const TEAM = { number: '2290', ric: 1311976, size: 20 }
const SINGLE = { number: '2101', ric: 1311264 }
/** People without a phone, so that every bleep of the flood stays an open alert. */
const FLOOD = [1311680, 1311688, 1311696, 1311704, 1311712] as const
const BAUD = 2400

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const pause = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms))

/** The demo's site with one team of 20 more. */
function makeSite(folder: string): string {
  const site = join(folder, 'site')
  cpSync(SITE, site, { recursive: true })
  const roles = readFileSync(join(site, 'roles.csv'), 'utf8').split('\n').slice(1)
  const members = roles
    .map((row) => row.split(',')[0])
    .filter((id) => id !== '' && id !== 'resus-officer' && id !== 'han-coord')
  for (const role of members.slice(0, TEAM.size)) {
    appendFileSync(join(site, 'teams.csv'), `bench,Benchmark team,${role},optional,1,,\n`)
  }
  appendFileSync(
    join(site, 'numbers.csv'),
    `${TEAM.number},${TEAM.ric},,team:bench,brackenfell,adult-arrest,emergency,Benchmark team\n`,
  )
  return site
}

function digits(ric: number): OutgoingPage {
  return { ric, function: 0, type: 'numeric', text: String(70_000 + (n++ % 30_000)) }
}

function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN
}

function report(name: string, bound: string, spans: readonly number[]): void {
  const sorted = [...spans].sort((a, b) => a - b)
  const figures = [50, 99, 100].map((p) => percentile(sorted, p).toFixed(1).padStart(8))
  say(`${name.padEnd(44)} ${String(sorted.length).padStart(6)} ${figures.join(' ')}   ${bound}`)
}

const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-bench-'))
const push = await startPushService()
const vapid = vapidKeys()
const air = openPty()
const port = await ownPort()
writeFileSync(join(folder, 'push-ca.pem'), push.ca)
writeFileSync(
  join(folder, 'bridge.yaml'),
  stringify({
    version: 1,
    site: { id: 'bench', folder: makeSite(folder) },
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: [
      {
        id: 'air',
        profile: 'pocsag-packed',
        port: { kind: 'serial', path: air.path },
        repeatMs: 0,
        options: { baud: BAUD },
      },
    ],
    http: {
      port,
      enrolmentsPerMinute: 1000,
      operators: [{ name: 'bench', role: 'switchboard', token: 'env:KEY' }],
    },
    push: {
      webpush: {
        subject: 'mailto:bench@example.org',
        publicKey: vapid.publicKey,
        privateKey: 'env:VAPID',
        ca: 'push-ca.pem',
      },
    },
    log: { level: 'error' },
  }),
)
const url = `http://localhost:${port}`
const daemon = await startDaemon({
  config: join(folder, 'bridge.yaml'),
  url,
  log: join(folder, 'bleepd.log'),
  environment: { KEY, VAPID: vapid.privateKey },
})
const operator = createOperator(url, KEY)
for (const person of (await operator.onDuty()).keys()) {
  await startPhone({
    base: url,
    code: await operator.code(person),
    person,
    push,
    vapidKey: vapid.publicKey,
    temper: { receives: 20, reads: 50, thinks: 50, answer: () => 'accepted' },
  })
}

const transmitter = createTransmitter((bytes) => air.write(bytes), BAUD)
let n = 0
for (let i = 0; i < Number(values.singles); i++) {
  await transmitter.send([{ ric: SINGLE.ric, function: 3, type: 'alpha', text: `PORTER TO WARD ${n++}` }])
}
await pause(1000)
for (let i = 0; i < Number(values.teams); i++) {
  await transmitter.send([
    { ric: TEAM.ric, function: 3, type: 'alpha', text: `ADULT CARDIAC ARREST WARD ${n++}` },
  ])
  await pause(1000)
}
await pause(1000)
const db = new DatabaseSync(join(folder, 'bleeps.sqlite'), { readOnly: true })
const LAST = "json_extract(b.doc, '$.page.lastByte')"
const rows = (sql: string, number: string): number[] =>
  db
    .prepare(sql)
    .all(number)
    .map((row) => Number(row.ms))
const stored = (number: string): number[] =>
  rows(`select json_extract(b.doc, '$.passed.stored') - ${LAST} as ms from bleeps b where number = ?`, number)
const handed = (number: string): number[] =>
  rows(
    `select max(h.at) - ${LAST} as ms from bleeps b join hops h on h.bleep = b.id and h.hop = 'handed'
     where number = ? group by b.id`,
    number,
  )
say(
  `${'milliseconds'.padEnd(44)} ${'n'.padStart(6)} ${['p50', 'p99', 'max'].map((h) => h.padStart(8)).join(' ')}   bound`,
)
report('last byte → stored', 'p99 ≤ 50', [...stored(SINGLE.number), ...stored(TEAM.number)])
report('last byte → handed, one phone', '', handed(SINGLE.number))
report(`last byte → handed, all of a team of ${TEAM.size}`, 'p99 ≤ 250', handed(TEAM.number))

const flood = Number(values.bleeps)
const began = performance.now()
const count = (): number => Number(db.prepare('select count(*) as n from bleeps').get()?.n)
while (n < flood) {
  const pages = FLOOD.flatMap((ric) => [0, 1, 2, 3].map(() => digits(ric)))
  air.write(encodeTransmission(pages).bits)
  while (n - count() > 200) await pause(20)
}
for (let last = -1, now = count(); now !== last; last = now, now = count()) await pause(1000)
const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8')
const mb = (field: string): string =>
  ((Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) || 0) / 1024).toFixed(0)
say(
  `\n${count()} bleeps stored of ${n} sent (flood of ${((performance.now() - began) / 1000).toFixed(0)} s); resident now ${mb('VmRSS')} MB, at most ${mb('VmHWM')} MB   bound < 200`,
)
db.close()
await daemon.stop()
await push.close()
air.close()
removeFolder(folder)
process.exit(0)
