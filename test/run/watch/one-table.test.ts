import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { healthView } from '../../../src/core/desk/views.ts'
import { FAULTS, type FaultCode, isStanding } from '../../../src/core/faults.ts'
import { SECOND } from '../../../src/core/instant.ts'
import { faultRules } from '../../../src/core/measure/fault-rules.ts'
import { type HealthPayload, message } from '../../../src/core/measure/telemetry.ts'
import type { Finding } from '../../../src/core/measure/watch/standing.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Telemetry } from '../../../src/ports/telemetry.ts'
import { createHealth } from '../../../src/run/watch/health.ts'
import { startHealthWatch } from '../../../src/run/watch/health-watch.ts'
import { openBed } from '../../support/desk-bed.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const CODES = Object.keys(FAULTS) as FaultCode[]
/** By what a rule fires, by the code in its expression. */
const RULES = new Map(
  (parse(faultRules()).groups[0].rules as { expr: string; annotations: { action: string } }[]).map((rule) => [
    /fault="([^"]+)"/.exec(rule.expr)?.[1] ?? '',
    rule.annotations.action,
  ]),
)
/** What can stand: what a caller is refused and what `check` finds ends with its answer. */
const STANDING = CODES.filter(isStanding)

test('every fault that can stand is told by /readyz, metric, rule, broker and board, from one table', async () => {
  const clock = new VirtualClock()
  const store = await openSqlite(':memory:')
  const metrics = listeningMetrics()
  const told: HealthPayload[] = []
  const nothing = () => undefined
  const telemetry: Telemetry = {
    ...{
      announce: nothing,
      state: nothing,
      figures: nothing,
      node: nothing,
      alerts: nothing,
      shift: nothing,
    },
    health: (payload) => void told.push(payload),
  }
  const findings: Finding[] = STANDING.map((code) => ({ code, subject: `of-${code}` }))
  const health = createHealth({
    ...{ clock, broker: () => undefined, troubles: () => findings },
    probe: { found: () => undefined },
    auditor: {
      state: () => ({
        open: 0,
        oldest: undefined,
        checked: clock.now(),
        withoutFuture: 0,
        late: 0,
        good: true,
        unraised: 0,
        parked: 0,
      }),
    },
    feeds: [
      { id: 'f', view: () => ({ id: 'f', state: 'open', sentence: '' }), faults: () => [], held: () => 0 },
    ],
  })
  const watch = startHealthWatch({
    ...{ store, clock, metrics, wake: store.wake, log: quietLog, health, sign: () => undefined },
    telemetry,
  })
  await clock.elapse(3 * SECOND)
  const bed = await openBed({ clock, desk: { ready: health.ready } })
  const site = await bed.desk.site({ kind: 'operator', access: 'switchboard', operator: 'op' })

  const ready = healthView.parse(await health.ready())
  const onBroker = told.at(-1)
  if (onBroker === undefined || !site.ok) throw new Error('told nobody')
  // As it goes out: the payload's own schema refuses a code that it does not know.
  message({ site: 's', node: 'n' }, 'health', [], onBroker)
  for (const code of STANDING) {
    const { sentence, remedy } = FAULTS[code]
    for (const [by, reasons] of [
      ['/readyz', ready.reasons],
      ['board', site.value.reasons],
      ['broker', onBroker.standing],
    ] as const)
      expect({ by, ...reasons.find((r) => r.code === code) }).toMatchObject({ by, code, sentence, remedy })
    const gauge = metrics.gauges.findLast(([n, , l]) => n === 'bleepbridge_standing' && l?.fault === code)
    expect([code, gauge?.[1]]).toEqual([code, 1])
    expect(RULES.get(code)).toContain(remedy)
  }
  await watch.stop()
  await bed.close()
  await store.close()
})

test('what can stand is told by something of ours: a rule of a fault that nobody finds would never fire', () => {
  const told = globSync('src/{run,app,io,core,cli,config}/**/*.ts')
    .filter((file) => !/core\/(faults|measure\/night|catalogue\/.*)\.ts$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  expect(CODES.filter((code) => !told.includes(`'${code}'`))).toEqual([])
  expect(STANDING.length).toBeGreaterThan(100)
  expect([...RULES.keys()].toSorted()).toEqual(STANDING.toSorted())
})
