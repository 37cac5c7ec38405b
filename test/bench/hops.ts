import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bleep } from '../../src/core/bleep/bleep.ts'
import { classify } from '../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../src/core/bleep/rules.ts'
import type { Directory } from '../../src/core/directory/directory.ts'
import { asId, type FeedId } from '../../src/core/ids.ts'
import { ownHops } from '../../src/core/measure/hops.ts'
import { policiesSchema } from '../../src/core/route/policy.ts'
import { systemClock } from '../../src/io/clock.ts'
import { openMetrics } from '../../src/io/metrics.ts'
import { systemRandom } from '../../src/io/random.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Metrics } from '../../src/ports/metrics.ts'
import type { Store, Tx } from '../../src/ports/store.ts'
import { createAlerts } from '../../src/run/alert/alerts.ts'
import { startRaise } from '../../src/run/alert/raise.ts'
import { createIngest } from '../../src/run/line/ingest.ts'
import { type StoredTimes, storedTimes } from '../../src/run/line/stored-times.ts'
import { removeFolder } from '../support/folders.ts'
import { quietLog } from '../support/quiet.ts'
import { aHolding, wardDirectory } from '../support/ward.ts'

/**
 * What stamping the hops of a bleep costs: processor time for each bleep with it and without, in turns within one run,
 * on databases of the same size. `T1` is ingest, page to stored; `T1 + T2` goes on until it is routed and its alert raised.
 * A third database gets a row for each hop as well, which shows what the measurement would see.
 * Run: npm run bench:hops -- [--rounds 12] [--turns 72] [--bleeps 20]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    turns: { type: 'string', default: '72' },
    bleeps: { type: 'string', default: '20' },
  },
})
const ROUNDS = Number(values.rounds)
const TURNS = Number(values.turns)
const BLEEPS = Number(values.bleeps)

const compiled = compileRules(rulesSchema.parse({}))
if (!compiled.ok) throw new Error('rules')
const { rules } = compiled
const policies = policiesSchema.parse({})
const holding = aHolding()
const ward = wardDirectory(holding)
/** As many numbers as a hospital has, so that each has few recent bleeps: the cheapest ingest, where a stamp weighs most. */
const NUMBERS = Array.from({ length: 3000 }, (_, i) => String(20_000 + i))
const site: Directory & { readonly extensions: ReadonlyMap<string, string> } = {
  ...ward,
  extensions: new Map(),
  numbers: new Map(
    NUMBERS.map((number) => [
      number,
      { number, to: { kind: 'role', role: asId('med-reg') }, site: 's', description: '' },
    ]),
  ),
}
const clock = systemClock(() => undefined)

type Stamping = 'on' | 'off' | 'rows'

/** All three pass through the same wrapper. `off`: nothing of a hop is written. `rows`: a row for each as well. */
function stamping(store: Store, how: Stamping): Store {
  const changed = (tx: Tx): Tx => {
    const { bleeps } = tx
    const kept = (bleep: Bleep): Bleep => {
      const { passed, ...rest } = bleep
      return how === 'off' || passed === undefined ? rest : bleep
    }
    const add = async (bleep: Bleep): Promise<void> => {
      await bleeps.add(kept(bleep))
      if (how === 'rows')
        await tx.hops.stamp(
          ownHops(bleep).map((h) => ({ bleep: bleep.id, hop: h.hop, at: h.at, clock: 'ours' })),
        )
    }
    return { ...tx, bleeps: { ...bleeps, add, save: (bleep) => bleeps.save(kept(bleep)) } }
  }
  return { ...store, transact: (work) => store.transact((tx) => work(changed(tx))) }
}

function withoutHops(metrics: Metrics): Metrics {
  return {
    ...metrics,
    observe(name, ...rest) {
      if (name !== 'bleepbridge_hop_seconds') metrics.observe(name, ...rest)
    },
  }
}

const NEVER: StoredTimes = { onStored: () => undefined, storedAt: () => undefined }
// Where there is memory to write to, the disk does not blur the figures.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bleep-bridge-hops-'))

async function aPath(how: Stamping, round: number) {
  const opened = await openSqlite(join(folder, `${how}-${round}.sqlite`))
  const store = stamping(opened, how)
  const kept = how === 'off' ? NEVER : storedTimes()
  const real = openMetrics()
  const metrics = how === 'off' ? withoutHops(real) : real
  const base = { store, clock, random: systemRandom, metrics, log: quietLog, directory: () => site }
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
  // Its loop would work inside the figures: it is run by hand.
  await raise.stop()
  return { ingest, raise, close: () => opened.close() }
}

type Path = Awaited<ReturnType<typeof aPath>>
let sent = 0

/** Microseconds of processor time for each bleep. */
async function turn({ ingest, raise }: Path): Promise<{ t1: number; both: number }> {
  const source = { feed: asId<FeedId>('air'), tap: 'air', repeatMs: 0 }
  const began = process.cpuUsage()
  for (let i = 0; i < BLEEPS; i++) {
    const at = clock.now()
    sent += 1
    const page = {
      ...({ to: { scheme: 'number', number: NUMBERS[sent % NUMBERS.length]! }, type: 'numeric' } as const),
      ...({ text: String(10_000 + (sent % 89_999)), quality: 'clean', corrected: 0, fields: {} } as const),
      ...{ firstByte: at - 400, lastByte: at },
    }
    const done = await ingest.store(source, page, undefined, at)
    if (!done.ok) throw new Error(done.fault.code)
  }
  const stored = process.cpuUsage(began)
  for (let i = 0; i < BLEEPS; i += 50) await raise.run()
  const routed = process.cpuUsage(began)
  const each = ({ user, system }: NodeJS.CpuUsage) => (user + system) / BLEEPS
  return { t1: each(stored), both: each(routed) }
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

const seen: Record<Stamping, Awaited<ReturnType<typeof turn>>[]> = { on: [], off: [], rows: [] }
/** Every order equally often: whoever comes first has the other's waste to clear away. */
const ORDERS: readonly (readonly Stamping[])[] = [
  ['on', 'off', 'rows'],
  ['off', 'on', 'rows'],
  ['on', 'rows', 'off'],
  ['off', 'rows', 'on'],
  ['rows', 'on', 'off'],
  ['rows', 'off', 'on'],
]
/** Turns in which the code of a fresh path settles. */
const WARM_UP = 12
for (let round = 0; round < ROUNDS; round++) {
  // Fresh paths: where one happens to lie in memory is worth a few in a hundred by itself.
  const order = ORDERS[round % ORDERS.length]!
  const paths = new Map<Stamping, Path>()
  for (const how of order) paths.set(how, await aPath(how, round))
  for (let i = 0; i < TURNS + WARM_UP; i++)
    for (const how of ORDERS[i % ORDERS.length]!) {
      const took = await turn(paths.get(how)!)
      if (i >= WARM_UP) seen[how].push(took)
    }
  for (const path of paths.values()) await path.close()
}
for (const part of ['t1', 'both'] as const) {
  const of = (how: Stamping) => seen[how].map((s) => s[part])
  const [on, off, rows] = [of('on'), of('off'), of('rows')]
  const over = (some: readonly number[]) => (median(some.map((us, i) => us / off[i]!)) - 1) * 100
  const name = part === 't1' ? 'ingest (T1), page to stored' : 'T1 + T2, page to alert raised'
  const bound = part === 't1' ? '   bound < 2 %' : ''
  process.stdout.write(
    `${name}: ${median(off).toFixed(0)} µs a bleep without hops, ${median(on).toFixed(0)} with; ` +
      `added ${over(on).toFixed(1)} % (median of ${on.length} pairs)${bound}; a row for each would add ${over(rows).toFixed(1)} %\n`,
  )
}
removeFolder(folder)
