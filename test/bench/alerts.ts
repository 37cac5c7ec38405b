/*
 * Two promises of the alert part, measured on the real store and the real clock:
 *   with 10 000 open alerts, due steps fire within 250 ms of their time;
 *   routing and raising one call for a team of 20 costs at most 10 ms of processor time.
 * Run: npm run bench:alerts -- [file]     (a file measures the disk too; default in memory)
 */

import type { Bleep } from '../../src/core/bleep/bleep.ts'
import { classify } from '../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../src/core/bleep/rules.ts'
import type { Directory, Role, TeamMember } from '../../src/core/directory/directory.ts'
import { asId, type PersonId, type RoleId } from '../../src/core/ids.ts'
import { HOUR, type Instant, SECOND } from '../../src/core/instant.ts'
import { policiesSchema, policyFor, snapshotPlan } from '../../src/core/route/policy.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { createAlerts } from '../../src/run/alert/alerts.ts'
import { startRaise } from '../../src/run/alert/raise.ts'
import { startTicker } from '../../src/run/alert/ticker.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { countingRandom } from '../support/ward.ts'

const OPEN = 10_000
const TEAM = 20
const PROBES = 300
const WARM_UP = 100
const RAISED = 1000

const clock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return { cancel: () => clearTimeout(timer) }
  },
}

const people = Array.from({ length: TEAM }, (_, i) => asId<PersonId>(`p${i}`))
const roles = people.map((_, i) => asId<RoleId>(`r${i}`))
const directory: Directory = {
  zone: 'Europe/London',
  people: new Map(people.map((id) => [id, { id, name: id, staffGroup: 'doctor', active: true }])),
  roles: new Map(
    roles.map((id, i): [RoleId, Role] => [
      id,
      {
        id,
        name: id,
        site: 's',
        staffGroup: 'doctor',
        crash: true,
        substitutes: [roles[(i + 1) % TEAM]!],
      },
    ]),
  ),
  teams: new Map([
    [
      asId('crash'),
      {
        id: asId('crash'),
        name: 'crash',
        members: roles.map(
          (role, i): TeamMember => ({ role, need: i < 5 ? 'mandatory' : 'optional', count: 1 }),
        ),
      },
    ],
  ]),
  numbers: new Map([
    [
      '2222',
      {
        number: '2222',
        to: { kind: 'team', team: asId('crash') },
        site: 's',
        description: '',
        class: 'emergency',
      },
    ],
    ['1113', { number: '1113', to: { kind: 'role', role: roles[0]! }, site: 's', description: '' }],
  ]),
  rics: new Map(),
  holders: (role) => [{ person: people[roles.indexOf(role)]!, role, source: 'bench' }],
}

const compiled = compileRules(rulesSchema.parse({}))
if (!compiled.ok) throw new Error('rules')
const { rules } = compiled
const policies = policiesSchema.parse({})
const random = countingRandom()
const store = await openSqlite(process.argv[2] ?? ':memory:')
const base = { store, clock, random, metrics: quietMetrics, log: quietLog, directory: () => directory }
const alerts = createAlerts({ ...base, radio: true })

await store.transact(async (tx) => {
  for (const id of people)
    await tx.devices.add(
      {
        id: asId(`d-${id}`),
        owner: { kind: 'person', person: id },
        label: id,
        channel: 'webpush',
        address: '{}',
        state: 'active',
        enrolled: 0,
      },
      `t-${id}`,
    )
})

const aBleep = (id: string, number: string, text: string, at: Instant): Bleep => ({
  id: asId(id),
  number,
  page: {
    to: { scheme: 'number', number },
    type: 'alpha',
    text,
    quality: 'clean',
    corrected: 0,
    fields: {},
    firstByte: at,
    lastByte: at,
  },
  stage: 'received',
  received: at,
  sightings: 1,
  repeats: 0,
})

const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!
const figures = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b)
  return `p50 ${quantile(sorted, 0.5).toFixed(1)}, p99 ${quantile(sorted, 0.99).toFixed(1)}, worst ${sorted.at(-1)!.toFixed(1)} ms`
}

// One call to a team of 20: classify, route, raise, 20 people's attempts and inbox rows, stored.
const raise = startRaise({
  ...base,
  alerts,
  policies: () => policies,
  classify: (bleep, known) => classify(bleep.page, bleep.number, known, rules),
})
await raise.stop()
const costs: number[] = []
for (let i = 0; i < WARM_UP + RAISED; i++) {
  await store.transact((tx) =>
    tx.bleeps.add(aBleep(`team-${i}`, '2222', 'ADULT CARDIAC ARREST WARD 7B', clock.now())),
  )
  const before = process.cpuUsage()
  await raise.run()
  const used = process.cpuUsage(before)
  costs.push((used.user + used.system) / 1000)
}
process.stdout.write(
  `route and raise for ${TEAM} people, processor time of ${RAISED} calls: ${figures(costs.slice(WARM_UP))} ` +
    `(bound 10); of the very first after the start ${costs[0]!.toFixed(1)} ms\n`,
)

// A thousand arrests at once are no hospital: they end before the next promise is measured.
for (const { id } of await store.transact((tx) => tx.alerts.list({ phase: 'open', limit: OPEN })))
  await alerts.apply(id, { kind: 'cancelled', at: clock.now(), by: 'page', reason: 'cancelled-by-page' })

// Ten thousand open alerts whose next step is an hour away, and among them probes due one after the other.
const plan = snapshotPlan(
  policyFor(policies, 'routine', 'x', { kind: 'role', role: roles[0]! }),
  { kind: 'role', role: roles[0]! },
  directory,
  clock.now(),
)
const probes = new Map<string, Instant>()
for (let i = 0; i < OPEN; i += 100)
  await store.transact(async (tx) => {
    for (let j = i; j < i + 100; j++) {
      const bleep = aBleep(`open-${j}`, '1113', '4421', clock.now())
      await tx.bleeps.add({ ...bleep, stage: 'routed' })
      const { alert } = await alerts.raiseIn(tx, bleep, plan, clock.now())
      await tx.due.set(
        Object.keys(alert.due).map((name) => ({ alert: alert.id, name, at: clock.now() + HOUR })),
      )
      if (j % Math.floor(OPEN / PROBES) === 0) probes.set(alert.id, 0)
    }
  })
const late: number[] = []
const ticker = startTicker({
  ...base,
  node: asId('node'),
  alerts: {
    ...alerts,
    announce(applied) {
      const at = probes.get(applied.alert.id)
      if (at) late.push(clock.now() - at)
      probes.delete(applied.alert.id)
      alerts.announce(applied)
    },
  },
  owner: 'bench',
})
const begin = clock.now() + 5 * SECOND
await store.transact(async (tx) => {
  let n = 0
  for (const id of probes.keys()) {
    const alert = await tx.alerts.get(asId(id))
    const at = begin + n++ * 20
    probes.set(id, at)
    await tx.alerts.save(
      { ...alert!, revision: alert!.revision + 1, due: { 'step-1': at } },
      alert!.revision,
      [],
    )
    await tx.due.forget(alert!.id, 'all')
    await tx.due.set([{ alert: alert!.id, name: 'step-1', at }])
  }
})
store.wake.ring('due')
await new Promise((done) => setTimeout(done, begin - clock.now() + 2 * SECOND + PROBES * 20))
process.stdout.write(
  `${late.length} due steps among ${OPEN} open alerts, lateness: ${figures(late)} (bound 250)\n`,
)

// All of them at once, as after an outage.
await store.transact(async (tx) => {
  for (const alert of await tx.alerts.list({ phase: 'open', limit: OPEN })) {
    const at = clock.now()
    await tx.alerts.save(
      { ...alert, revision: alert.revision + 1, due: { 'step-1': at } },
      alert.revision,
      [],
    )
    await tx.due.forget(alert.id, 'all')
    await tx.due.set([{ alert: alert.id, name: 'step-1', at }])
  }
})
const ready = performance.now()
store.wake.ring('due')
for (let next: Instant | undefined = 0; next !== undefined && next <= clock.now(); ) {
  await new Promise((done) => setTimeout(done, 50))
  next = await store.transact((tx) => tx.due.next())
}
process.stdout.write(
  `${OPEN} steps due at one instant, worked off in ${((performance.now() - ready) / 1000).toFixed(1)} s\n`,
)
await ticker.stop()
await store.close()
