import { spawn } from 'node:child_process'
import { fdatasyncSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs'
import http from 'node:http'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { createOperator } from '../../hardware/simulators/demo/operator.ts'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { startPushService } from '../../hardware/simulators/push-service.ts'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'
import { ownPort } from '../support/ports.ts'
import { cpuOf, watchGrowth } from './beside-growth.ts'
import { beginLoad, overloaded, raised, sender } from './beside-load.ts'
import { benchSite } from './beside-site.ts'

/**
 * The hot path beside Prometheus Alertmanager (Debian's `prometheus-alertmanager`) in one run, turn by turn: one page by
 * SNPP to one phone (durable, encrypted Web Push) against one alert to one plain webhook with `group_wait: 0s` (not
 * durable). Then a team of 20, then a load. What the disk itself takes is measured in the same run, because every page
 * waits for it. Prints each figure beside its bound; exits 1 where one is missed.
 */
const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '150' },
    teams: { type: 'string', default: '20' },
    /** Of the loads, one after the other: `200,500,1000`. */
    rate: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '30' },
    tmp: { type: 'string', default: tmpdir() },
  },
})
const KEY = 'benchmark-operator-key'
const TEAM = 20
/** Lines of the load: each has one sender, who waits for an answer. */
const SENDERS = 16
/** Past its limit or not, so long after a load all that came has been raised, milliseconds. */
const BACK = 10_000
/** Log of a page with its alert and what came of its push, bytes: 35 blocks. */
const PAGE = 35 * 4096
const BARE = 300
/** Answered a second, of those that are offered: fewer, and the daemon took what it could. */
const ALL = 0.95

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const pause = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms))
const at = (sorted: readonly number[], p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN

let missed = 0
function row(name: string, spans: readonly number[], bound = '', kept = true): void {
  if (!kept) missed += 1
  const sorted = spans.toSorted((a, b) => a - b)
  const figures = [50, 90, 99, 100].map((p) => at(sorted, p).toFixed(1).padStart(8)).join(' ')
  say(
    `${name.padEnd(40)} ${String(sorted.length).padStart(6)} ${figures}   ${bound && (kept ? 'kept ' : 'MISSED')} ${bound}`,
  )
}
const p = (spans: readonly number[], q: number): number =>
  at(
    spans.toSorted((a, b) => a - b),
    q,
  )

const folder = mkdtempSync(join(values.tmp, 'bleep-bridge-beside-'))

/** What one durable write takes on this disk, milliseconds. */
function disk(): number[] {
  const file = openSync(join(folder, 'disk'), 'w')
  return Array.from({ length: 100 }, () => {
    writeSync(file, Buffer.alloc(4096))
    const began = performance.now()
    fdatasyncSync(file)
    return performance.now() - began
  })
}

/**
 * Commits a second of as much log as a page writes, each on the disk before the next, by nothing but SQLite: what our
 * pages are held against.
 */
function bareCommits(): number {
  const db = new DatabaseSync(join(folder, 'bare.sqlite'))
  db.exec('pragma journal_mode = wal; pragma synchronous = full; create table if not exists pages (doc blob)')
  const put = db.prepare('insert into pages values (zeroblob(?))')
  const began = performance.now()
  for (let i = 0; i < BARE; i++) put.run(PAGE)
  const took = performance.now() - began
  db.close()
  return (BARE / took) * 1000
}

/** Alertmanager and its webhook; gives what one alert takes. */
async function alertmanager() {
  const heard = new Map<string, (when: number) => void>()
  const hook = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const when = performance.now()
      response.end()
      for (const { labels } of JSON.parse(body).alerts) heard.get(labels.n)?.(when)
    })
  })
  await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done))
  const address = hook.address()
  const port = await ownPort()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
  writeFileSync(
    join(folder, 'am.yml'),
    stringify({
      route: {
        receiver: 'h',
        group_by: ['...'],
        group_wait: '0s',
        group_interval: '1s',
        repeat_interval: '1h',
      },
      receivers: [{ name: 'h', webhook_configs: [{ url, send_resolved: false }] }],
    }),
  )
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${join(folder, 'am.yml')}`,
      `--storage.path=${join(folder, 'am')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  )
  const agent = new http.Agent({ keepAlive: true })
  const post = (n: string) =>
    new Promise<void>((done, failed) => {
      const headers = { 'content-type': 'application/json' }
      const options = { host: '127.0.0.1', port, path: '/api/v2/alerts', method: 'POST', agent, headers }
      const request = http.request(options, (response) => response.resume().on('end', done))
      request.on('error', failed)
      request.end(JSON.stringify([{ labels: { alertname: 'arrest', n } }]))
    })
  for (let i = 0; i < 100; i++) {
    if (
      await post('up').then(
        () => true,
        () => false,
      )
    )
      break
    await pause(100)
  }
  return {
    async one(n: string): Promise<number> {
      const got = new Promise<number>((done) => heard.set(n, done))
      const began = performance.now()
      await post(n)
      return (await got) - began
    },
    stop() {
      child.kill()
      hook.close()
      agent.destroy()
    },
  }
}

// As for the webhook beside it: when the whole request had arrived, and not when it has been opened and checked as well.
const push = await startPushService({ now: () => performance.timeOrigin + performance.now() })
const vapid = vapidKeys()
const port = await ownPort()
const pages = await Promise.all(Array.from({ length: SENDERS }, () => ownPort()))
writeFileSync(join(folder, 'push-ca.pem'), push.ca)
const people = benchSite(join(folder, 'site'), TEAM)
writeFileSync(
  join(folder, 'bridge.yaml'),
  stringify({
    version: 1,
    site: { id: 'bench', folder: 'site' },
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: pages.map((listen, i) => ({
      ...{ id: `snpp${i}`, profile: 'snpp', port: { kind: 'tcp-listen', port: listen } },
    })),
    http: {
      port,
      enrolmentsPerMinute: 1000,
      operators: [{ name: 'bench', role: 'switchboard', token: 'env:KEY' }],
    },
    push: {
      webpush: {
        ...{ subject: 'mailto:bench@example.org', publicKey: vapid.publicKey },
        ...{ privateKey: 'env:VAPID', ca: 'push-ca.pem' },
      },
    },
    log: { level: 'error' },
  }),
)
const url = `http://localhost:${port}`
const daemon = await startDaemon({
  ...{ config: join(folder, 'bridge.yaml'), url, log: join(folder, 'bleepd.log') },
  environment: { KEY, VAPID: vapid.privateKey },
})
/** Told of the first push of each call to each person, and when: what rings again for want of an answer counts for nothing. */
let arrived: (call: string, when: number) => void = () => undefined
const known = new Set<string>()
const operator = createOperator(url, KEY)
for (const person of people) {
  const { subscription } = push.subscribe(vapid.publicKey, ({ topic = '', at: came }) => {
    const when = came - performance.timeOrigin
    if (known.has(`${topic} ${person}`)) return
    known.add(`${topic} ${person}`)
    arrived(topic, when)
  })
  const answer = await fetch(`${url}/api/v1/devices`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ code: await operator.code(person), label: person, channel: 'webpush' },
      address: JSON.stringify(subscription),
    }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
/** CPU of the daemon so far, milliseconds. */
const cpu = (): number => cpuOf(daemon.pid)
const path = join(folder, 'bleeps.sqlite')

say(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`)
const other = installed('prometheus-alertmanager') ? await alertmanager() : undefined
if (other === undefined) say('prometheus-alertmanager is not installed: nothing stands beside')
const senders = await Promise.all(pages.map(sender))
const [snpp] = senders
if (snpp === undefined) throw new Error('no line')
await pause(3000)

// What the daemon does anyhow, whatever comes.
const beforeIdle = cpu()
await pause(5000)
const idle = (cpu() - beforeIdle) / 5000

const [stored, pushed, theirs]: [number[], number[], number[]] = [[], [], []]
const [beforeSingles, singlesBegan] = [cpu(), performance.now()]
for (let i = 0; i < Number(values.pages); i++) {
  let start = 0
  const got = new Promise<number>((done) => {
    arrived = (_, when) => done(when)
  })
  const took = await snpp.page('5000', `CALL EXT ${4000 + i}`, (when) => {
    start = when
  })
  if (took !== undefined) stored.push(took)
  pushed.push((await got) - start)
  await pause(60)
  if (other) theirs.push(await other.one(`n${i}`))
  await pause(60)
}
const each = (cpu() - beforeSingles - idle * (performance.now() - singlesBegan)) / Number(values.pages)
const synced = disk()
say(
  `${'milliseconds'.padEnd(40)} ${'n'.padStart(6)} ${['p50', 'p90', 'p99', 'max'].map((h) => h.padStart(8)).join(' ')}`,
)
row('one fdatasync of this disk', synced)
if (other) row('Alertmanager: POST → webhook', theirs)
row('bleepd: SEND → 250, stored', stored, 'p50 ≤ 1.5', p(stored, 50) <= 1.5)
row('bleepd: SEND → push at the service', pushed, 'p50 ≤ 4', p(pushed, 50) <= 4)
if (other) {
  const [mid, far] = [p(pushed, 50) / p(theirs, 50), p(pushed, 99) / p(theirs, 99)]
  row('  push ÷ webhook at p50', [mid], '≤ 3', mid <= 3)
  row('  push ÷ webhook at p99', [far], '≤ 1.5', far <= 1.5)
}
say(`  the daemon at rest takes ${(idle * 100).toFixed(1)} % of a core`)
row('CPU of the daemon for a page, above rest', [each], '≤ 3', each <= 3)

const team: number[] = []
const calls = new Set<string>()
for (let i = 0; i < Number(values.teams); i++) {
  let start = 0
  const all = new Promise<void>((done) => {
    let left = TEAM
    let ours: string | undefined
    arrived = (call, when) => {
      // A late first ring of the call before is no ring of this one.
      ours ??= calls.has(call) ? undefined : call
      calls.add(call)
      if (call !== ours) return
      team.push(when - start)
      left -= 1
      if (left === 0) done()
    }
  })
  await snpp.page('5555', `ADULT CARDIAC ARREST WARD ${i}`, (when) => {
    start = when
  })
  await all
  await pause(300)
}
row(`a team of ${TEAM}: SEND → each push`, team, 'p99 ≤ 40', p(team, 99) <= 40)

for (const rate of values.rate.split(',').map(Number)) {
  const commits = bareCommits()
  const load = beginLoad(senders, { rate, seconds: Number(values.seconds) })
  arrived = (_, when) => load.pushed(when)
  const [before, seen] = [cpu(), overloaded(url)]
  const grown = watchGrowth({ pid: daemon.pid, path, say }, load.so)
  const { answers, urgent, sent, refused, wall, lost } = await load.done
  grown()
  const took = cpu() - before
  row(`${rate}/s for ${values.seconds} s: SEND → 250`, answers)
  row('  emergencies: SEND → push', urgent, 'p99 ≤ 250', p(urgent, 99) <= 250 && lost === 0)
  const done = answers.length / wall
  say(`  ${sent} sent (${done.toFixed(0)}/s answered), ${refused} refused, ${lost} emergencies never pushed`)
  say(`  ${(took / sent).toFixed(2)} ms CPU a page`)
  // Before and behind the load, because neighbours of the disk come and go.
  const bare = (commits + bareCommits()) / 2
  const ratio = done / bare
  const full = done < rate * ALL
  row('  pages stored ÷ bare commits of their size', [ratio], full ? '≥ 0.8' : '', !full || ratio >= 0.8)
  const offered = full ? '' : `, of ${rate} that were offered`
  say(`  bare: ${bare.toFixed(0)} commits/s, × ${ratio.toFixed(2)} stored${offered}`)
  const back = await raised(path)
  say(
    `  ${(await seen()) ? 'told as overloaded' : 'never behind for long'}; all raised again ${(back / 1000).toFixed(1)} s after`,
  )
  if (back > BACK || lost > 0) missed += 1
}

for (const by of senders) by.end()
other?.stop()
await daemon.stop()
await push.close()
removeFolder(folder)
process.exit(missed > 0 ? 1 : 0)
