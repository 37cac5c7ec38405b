import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../../src/io/clock.ts'
import { systemRandom } from '../../src/io/random.ts'
import { openKeptSqlite } from '../../src/io/store/kept-sqlite.ts'
import { openPostgres } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { removeFolder } from '../support/folders.ts'
import { startPostgres } from '../support/postgres.ts'
import { aHolding, EVERYBODY, enrol, startWard, type Ward } from '../support/ward.ts'

/**
 * What all of the NHS would take, from what this machine does: so many trusts at once in one process, each with a
 * database of its own (a file, or one of a PostgreSQL that is partitioned by trust), each page going the whole path from
 * T1 to a channel that takes it at once. Throughput and CPU are measured at several numbers of trusts, a straight line is
 * put through them by least squares, and that line is carried on. Everything that is assumed and not measured is named.
 * With PostgreSQL the same number of trusts is then shared out among several daemons, processes of their own, beside one
 * server: what a node takes, what a core, and what the server itself uses.
 */
const { values } = parseArgs({
  options: {
    trusts: { type: 'string', default: '1,4,16,48' },
    seconds: { type: 'string', default: '10' },
    store: { type: 'string', default: 'sqlite' },
    daemons: { type: 'string', default: '1,2,3' },
    /** Databases of one of those daemons, told to it by us. */
    databases: { type: 'string' },
    /** Assumed: pages an hour for each holder who is at work, on the mean; the Monday's peak is so many times that. */
    hourly: { type: 'string', default: '1' },
    peak: { type: 'string', default: '3' },
    /** Assumed: what a core costs a year, pounds, with its share of memory, disk and power. */
    core: { type: 'string', default: '250' },
  },
})
const NHS = { trusts: 200, holders: 130_000, atWork: 1 / 3 }
/** Never planned above this share of a core: the rest is for the worst minute. */
const LOADED = 0.3
/** Pages under way in one trust; its lines wait for their answers. */
const LINES = 2

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const MB = 1 << 20

interface Measured {
  readonly trusts: number
  readonly perSecond: number
  /** CPU of the daemon's process, milliseconds a page; PostgreSQL's own is not in it. */
  readonly cpuMs: number
  readonly memory: number
  readonly p99: number
}

async function measure(trusts: number, open: (n: number) => Promise<Store>): Promise<Measured> {
  const clock = systemClock(() => undefined)
  const wards: { ward: Ward; store: Store }[] = []
  for (let n = 0; n < trusts; n++) {
    const store = await open(n)
    await enrol(store, EVERYBODY)
    const ward = startWard({
      ...{ store, clock, random: systemRandom, holding: aHolding() },
      onSent: () => undefined,
    })
    wards.push({ ward, store })
  }
  let pages = 0
  const spans: number[] = []
  const until = performance.now() + Number(values.seconds) * 1000
  const [began, beforeCpu] = [performance.now(), cpu()]
  await Promise.all(
    wards.flatMap(({ ward }) =>
      Array.from({ length: LINES }, async () => {
        while (performance.now() < until) {
          const start = performance.now()
          pages += 1
          // One in twenty is a call to a team.
          await ward.page(pages % 20 === 0 ? '2222' : '1113', `CALL EXT ${10_000 + pages}`)
          spans.push(performance.now() - start)
        }
      }),
    ),
  )
  const took = (performance.now() - began) / 1000
  const used = cpu() - beforeCpu
  const memory = process.memoryUsage().rss / MB
  for (const { ward, store } of wards) {
    await ward.stop()
    await store.close()
  }
  const sorted = spans.toSorted((a, b) => a - b)
  return {
    ...{ trusts, perSecond: pages / took, cpuMs: used / pages, memory },
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
  }
}

/** The straight line through the points, by least squares, and how much of their spread it explains. */
function line(points: readonly (readonly [x: number, y: number])[]) {
  const n = points.length
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / n
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)]
  const spread = mean(([x]) => (x - mx) ** 2)
  const slope = spread === 0 ? 0 : mean(([x, y]) => (x - mx) * (y - my)) / spread
  const at = (x: number) => my + slope * (x - mx)
  const all = mean(([, y]) => (y - my) ** 2)
  const left = mean(([x, y]) => (y - at(x)) ** 2)
  return { at, slope, start: at(0), fit: all === 0 ? 1 : 1 - left / all }
}

if (values.databases !== undefined) {
  const urls = values.databases.split(' ')
  process.send?.(await measure(urls.length, (n) => openPostgres(urls[n] ?? '', () => undefined)))
  process.exit(0)
}

/** So many trusts shared out among so many daemons. */
async function shared(trusts: number, daemons: number, fresh: () => Promise<string>) {
  const urls: string[] = []
  while (urls.length < trusts) urls.push(await fresh())
  const port = new URL(urls[0] ?? '').port
  const before = serverCpu(port)
  const began = performance.now()
  const all = await Promise.all(
    Array.from({ length: daemons }, async (_, d): Promise<Measured> => {
      const own = urls.filter((_url, i) => i % daemons === d)
      const child = fork(import.meta.filename, ['--seconds', values.seconds, '--databases', own.join(' ')])
      const [[measured]] = await Promise.all([once(child, 'message'), once(child, 'exit')])
      return measured
    }),
  )
  const perSecond = all.reduce((sum, one) => sum + one.perSecond, 0)
  const cores = all.reduce((sum, one) => sum + (one.perSecond * one.cpuMs) / 1000, 0)
  const server = (serverCpu(port) - before) / ((performance.now() - began) / 1000)
  return { perSecond, cores, server, memory: Math.max(...all.map(({ memory }) => memory)) }
}

/** Processor time of the PostgreSQL at that port and of all that it started, seconds. */
function serverCpu(port: string): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        const [user, system, ended, endedSystem] = fields.slice(11, 15).map(Number)
        const times = { own: Number(user) + Number(system), gone: Number(ended) + Number(endedSystem) }
        return [{ pid, parent: fields[1], line: readFileSync(`/proc/${pid}/cmdline`, 'utf8'), ...times }]
      } catch {
        return []
      }
    })
  const head = stats.find(({ line }) => line.includes('postgres') && line.split('\0').includes(port))
  const children = stats.filter(({ parent }) => parent === head?.pid)
  return (children.reduce((sum, { own }) => sum + own, 0) + (head?.own ?? 0) + (head?.gone ?? 0)) / 100
}

const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-nhs-'))
const server = values.store === 'postgres' ? await startPostgres() : undefined
let files = 0
const open = async (): Promise<Store> =>
  server
    ? openPostgres(await server.fresh(), () => undefined)
    : openKeptSqlite(join(folder, `trust-${++files}.sqlite`), { now: Date.now, onMended: () => undefined })

const points: Measured[] = []
say(`${values.store}: trusts   pages/s  CPU ms a page   RSS MB   T1 and T2 p99 ms`)
for (const trusts of values.trusts.split(',').map(Number)) {
  const one = await measure(trusts, open)
  points.push(one)
  const figures = [one.perSecond.toFixed(0), one.cpuMs.toFixed(2), one.memory.toFixed(0), one.p99.toFixed(0)]
  say(`${String(trusts).padStart(16)} ${figures.map((text) => text.padStart(12)).join(' ')}`)
}
const work = line(points.map(({ trusts, cpuMs }) => [trusts, cpuMs]))
const room = line(points.map(({ trusts, memory }) => [trusts, memory]))
say(
  `CPU ms a page ≈ ${work.start.toFixed(2)} + ${work.slope.toFixed(4)} × trusts (R² ${work.fit.toFixed(2)})`,
)
say(`RSS MB ≈ ${room.start.toFixed(0)} + ${room.slope.toFixed(2)} × trusts (R² ${room.fit.toFixed(2)})`)

if (server) {
  const trusts = Math.max(...points.map((point) => point.trusts))
  say(
    `\n${trusts} trusts on ${availableParallelism()} cores: daemons   pages/s   a node   a core (daemons)   server, cores   most RSS MB`,
  )
  for (const daemons of values.daemons.split(',').map(Number)) {
    const { perSecond, cores, server: used, memory } = await shared(trusts, daemons, () => server.fresh())
    const figures = [perSecond, perSecond / daemons, perSecond / cores, used, memory]
    say(`${String(daemons).padStart(10)} ${figures.map((n) => n.toFixed(1).padStart(12)).join(' ')}`)
  }
}

const mean = (NHS.holders * NHS.atWork * Number(values.hourly)) / 3600
const peak = mean * Number(values.peak)
say(
  `\nA winter Monday, assumed: ${values.hourly} an hour for each of ${Math.round(NHS.holders * NHS.atWork)} at work, peak × ${values.peak}: ${mean.toFixed(0)} pages/s on the mean, ${peak.toFixed(0)} at the peak`,
)
const perCore = 1000 / Math.max(work.start, ...points.map((point) => point.cpuMs))
say(`One core takes ${perCore.toFixed(0)} pages/s at the dearest point measured`)
const cores = peak / (perCore * LOADED)
say(`All ${NHS.trusts} trusts: ${cores.toFixed(1)} cores at ${LOADED * 100} % load, the database's own apart`)
const own = Math.max(cores, NHS.trusts * 2)
say(
  `One installation a trust, two nodes each: ${NHS.trusts * 2} small machines, of which work needs ${((cores / own) * 100).toFixed(1)} %`,
)
const pounds = (n: number) => `£${((n * Number(values.core)) / NHS.holders).toFixed(2)}`
say(
  `A holder a year at £${values.core} a core: ${pounds(own)} with machines of their own, ${pounds(Math.max(2, cores) * 2)} shared and doubled`,
)
say(
  `First to break in one shared process: ${room.at(NHS.trusts) > 2048 ? 'memory' : 'one thread'}: ${NHS.trusts} trusts would hold ${room.at(NHS.trusts).toFixed(0)} MB and use ${((peak / perCore) * 100).toFixed(0)} % of its core at the peak`,
)
await server?.stop()
removeFolder(folder)
process.exit(0)
