import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { classify } from '../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../src/core/bleep/rules.ts'
import type { Directory } from '../../src/core/directory/directory.ts'
import { asId, type FeedId } from '../../src/core/ids.ts'
import { policiesSchema } from '../../src/core/route/policy.ts'
import { systemClock } from '../../src/io/clock.ts'
import { openMetrics } from '../../src/io/metrics.ts'
import { systemRandom } from '../../src/io/random.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { keyFolder } from '../../src/io/store/word-key-folder.ts'
import type { Store } from '../../src/ports/store.ts'
import { createAlerts } from '../../src/run/alert/alerts.ts'
import { startRaise } from '../../src/run/alert/raise.ts'
import { createIngest } from '../../src/run/line/ingest.ts'
import { storedTimes } from '../../src/run/line/stored-times.ts'
import { removeFolder } from '../support/folders.ts'
import { quietLog } from '../support/quiet.ts'
import { aHolding, wardDirectory } from '../support/ward.ts'

/**
 * What sealed words cost a page, beside the store of an earlier revision, in turns within one run: processor time for each
 * bleep, and how long T1 takes. Run: npm run bench:sealed -- --before FOLDER-OF-A-CHECKOUT [--rounds 8] [--turns 60]
 * Exits 1 where a bound is missed.
 */
const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    rounds: { type: 'string', default: '8' },
    turns: { type: 'string', default: '60' },
    bleeps: { type: 'string', default: '20' },
  },
})
const [ROUNDS, TURNS, BLEEPS] = [values.rounds, values.turns, values.bleeps].map(Number) as [
  number,
  number,
  number,
]
const WARM_UP = 12
const MOST_PERCENT = 10
const MOST_MS = 1

const compiled = compileRules(rulesSchema.parse({}))
if (!compiled.ok) throw new Error('rules')
const { rules } = compiled
const policies = policiesSchema.parse({})
const NUMBERS = Array.from({ length: 3000 }, (_, i) => String(20_000 + i))
const site: Directory & { readonly extensions: ReadonlyMap<string, string> } = {
  ...wardDirectory(aHolding()),
  extensions: new Map(),
  numbers: new Map(
    NUMBERS.map((number) => [
      number,
      { number, to: { kind: 'role', role: asId('med-reg') }, site: 's', description: '' },
    ]),
  ),
}
const clock = systemClock(() => undefined)
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bleep-bridge-sealed-'))
type Way = 'before' | 'clear' | 'sealed'
const earlier: { openSqlite(path: string): Promise<Store> } =
  values.before === undefined
    ? { openSqlite }
    : await import(pathToFileURL(resolve(values.before, 'src/io/store/open.ts')).href)

async function opened(way: Way, round: number): Promise<{ store: Store; close: () => Promise<void> }> {
  const path = join(folder, `${way}-${round}.sqlite`)
  if (way !== 'sealed') {
    const store = await (way === 'before' ? earlier.openSqlite(path) : openSqlite(path))
    return { store, close: () => store.close() }
  }
  const keys = await keyFolder(
    { folder: join(folder, `keys-${round}`), siteKey: 'bench', former: [], now: clock.now() },
    true,
  )
  const store = await openSqlite(path, keys)
  return {
    store,
    close: async () => {
      await store.close()
      await keys.close()
    },
  }
}

async function aPath(way: Way, round: number) {
  const { store, close } = await opened(way, round)
  const kept = storedTimes()
  const base = {
    store,
    clock,
    random: systemRandom,
    metrics: openMetrics(),
    log: quietLog,
    directory: () => site,
  }
  const ingest = createIngest({
    ...base,
    node: asId('n'),
    skewMs: 2000,
    lag: () => 0,
    hearsRePages: () => true,
    onStored: kept.onStored,
  })
  const raise = startRaise({
    ...base,
    alerts: createAlerts({ ...base, radio: true }),
    classify: (bleep, known) => classify(bleep.page, bleep.number, known, rules),
    policies: () => policies,
    storedAt: kept.storedAt,
    every: 1e9,
  })
  await raise.stop()
  return { ingest, raise, close }
}
type Path = Awaited<ReturnType<typeof aPath>>
interface Took {
  /** Microseconds of processor time for each bleep. */
  readonly t1: number
  readonly both: number
  /** Milliseconds of each T1. */
  readonly spans: readonly number[]
}

let sent = 0
async function turn({ ingest, raise }: Path): Promise<Took> {
  const source = { feed: asId<FeedId>('air'), tap: 'air', repeatMs: 0 }
  const spans: number[] = []
  const began = process.cpuUsage()
  for (let i = 0; i < BLEEPS; i++) {
    const at = clock.now()
    sent += 1
    const page = {
      ...({ to: { scheme: 'number', number: NUMBERS[sent % NUMBERS.length] ?? '' }, type: 'alpha' } as const),
      ...({
        text: `MR JONES WARD 7B BED ${sent} PLEASE REVIEW NEWS 7`,
        quality: 'clean',
        corrected: 0,
      } as const),
      ...{ fields: { beep: '3' }, firstByte: at - 400, lastByte: at },
    }
    const from = performance.now()
    const done = await ingest.store(source, page, undefined, at)
    spans.push(performance.now() - from)
    if (!done.ok) throw new Error(done.fault.code)
  }
  // What works beside the thread, as new keys do, gets its turn, as between the bytes of a line.
  await new Promise((next) => setImmediate(next))
  const stored = process.cpuUsage(began)
  for (let i = 0; i < BLEEPS; i += 50) await raise.run()
  const routed = process.cpuUsage(began)
  const each = ({ user, system }: NodeJS.CpuUsage) => (user + system) / BLEEPS
  return { t1: each(stored), both: each(routed), spans }
}

const at = (numbers: readonly number[], p: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * p))] ??
  Number.NaN
const seen: Record<Way, Took[]> = { before: [], clear: [], sealed: [] }
const ORDERS: readonly (readonly Way[])[] = [
  ['before', 'clear', 'sealed'],
  ['sealed', 'before', 'clear'],
  ['clear', 'sealed', 'before'],
  ['before', 'sealed', 'clear'],
  ['sealed', 'clear', 'before'],
  ['clear', 'before', 'sealed'],
]
for (let round = 0; round < ROUNDS; round++) {
  const paths: Partial<Record<Way, Path>> = {}
  for (const way of ORDERS[round % ORDERS.length] ?? []) paths[way] = await aPath(way, round)
  for (let i = 0; i < TURNS + WARM_UP; i++)
    for (const way of ORDERS[i % ORDERS.length] ?? []) {
      const path = paths[way]
      if (path === undefined) continue
      const took = await turn(path)
      if (i >= WARM_UP) seen[way].push(took)
    }
  for (const path of Object.values(paths)) await path.close()
}
const p99 = (way: Way): number =>
  at(
    seen[way].flatMap(({ spans }) => spans),
    0.99,
  )
let missed = false
for (const way of ['clear', 'sealed'] as const) {
  const over = (part: 't1' | 'both'): number =>
    (at(
      seen[way].map((one, i) => one[part] / (seen.before[i]?.[part] ?? Number.NaN)),
      0.5,
    ) -
      1) *
    100
  const more = p99(way) - p99('before')
  missed ||= more > MOST_MS || over('both') > MOST_PERCENT
  const us = (part: 't1' | 'both') =>
    `${at(
      seen[way].map((one) => one[part]),
      0.5,
    ).toFixed(0)} µs`
  process.stdout.write(
    `${way.padEnd(7)} T1 ${us('t1')} a bleep (${over('t1').toFixed(1)} %), T1 + T2 ${us('both')} (${over('both').toFixed(1)} %, bound ${MOST_PERCENT} %); ` +
      `T1 p99 ${p99(way).toFixed(2)} ms, ${more.toFixed(2)} more (bound ${MOST_MS} ms); ${seen[way].length} turns\n`,
  )
}
removeFolder(folder)
process.exit(missed ? 1 : 0)
