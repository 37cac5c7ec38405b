import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { FAULTS, type Fault } from '../../src/core/faults.ts'
import { faultRules, nightPage } from '../../src/core/measure/fault-rules.ts'
import { LABELS, METRICS, type MetricRow } from '../../src/core/measure/metrics.ts'
import { NIGHT } from '../../src/core/measure/night.ts'
import { removeFolder } from '../support/folders.ts'

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const RULES = file('config/prometheus/alerts.yaml')
const FAULT_RULES = file('config/prometheus/faults.yaml')
const UNIT = file('hardware/systemd/bleepd.service')

/** Every expression of a document, wherever it stands. */
function expressions(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'expr' && typeof value === 'string' ? [value] : expressions(value),
  )
}

const sources = {
  dashboard: JSON.parse(readFileSync(file('config/grafana/bleep-bridge.json'), 'utf8')),
  rules: parse(readFileSync(RULES, 'utf8')),
  'rules of faults': parse(readFileSync(FAULT_RULES, 'utf8')),
}

function rowOf(name: string): MetricRow | undefined {
  const table: Readonly<Record<string, MetricRow>> = METRICS
  const base = name.replace(/_(bucket|sum|count)$/, '')
  return table[name] ?? (table[base]?.type === 'histogram' ? table[base] : undefined)
}

for (const [name, document] of Object.entries(sources)) {
  const all = expressions(document)

  test(`every figure the ${name} asks for is in the table of metrics`, () => {
    expect(all.length).toBeGreaterThan(10)
    const unknown = all
      .flatMap((e) => [...e.matchAll(/bleepbridge_\w+/g)].map(([m]) => m))
      .filter((m) => !rowOf(m))
    expect(unknown).toEqual([])
  })

  test(`every label the ${name} selects or groups by belongs to its figure, and every closed value exists`, () => {
    const wrong: string[] = []
    for (const e of all) {
      const used = [...e.matchAll(/(bleepbridge_\w+)(?:\{([^}]*)\})?/g)]
      const carried = new Set(used.flatMap(([, m = '']) => rowOf(m)?.labels ?? []))
      for (const [, metric = '', selector = ''] of used)
        for (const [, label = '', op = '', value = ''] of selector.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)) {
          if (label === 'instance') continue
          if (!rowOf(metric)?.labels.some((l) => l === label)) wrong.push(`${metric}{${label}}`)
          const domain: unknown = (LABELS as Readonly<Record<string, unknown>>)[label]
          if (!Array.isArray(domain) || value.startsWith('$')) continue
          for (const one of op.includes('~') ? value.split('|') : [value])
            if (!domain.includes(one)) wrong.push(`${label}="${one}"`)
        }
      for (const [, names = ''] of e.matchAll(/by \(([^)]*)\)/g))
        for (const label of names.split(',').map((n) => n.trim()))
          if (!['le', 'instance'].includes(label) && ![...carried].some((l) => l === label))
            wrong.push(`by ${label}`)
    }
    expect(wrong).toEqual([])
  })
}

test('every figure of the table is set somewhere', () => {
  const table = 'core/measure/metrics.ts'
  const code = globSync('**/*.ts', { cwd: file('src') })
    .filter((path) => path !== table)
    .map((path) => readFileSync(file(`src/${path}`), 'utf8'))
    .join('\n')
  const set = new Set([...code.matchAll(/'(bleepbridge_\w+)'/g)].map(([, name]) => name))
  expect(Object.keys(METRICS).filter((name) => !set.has(name))).toEqual([])
})

test('every loop that may be restarted has a name in the table', () => {
  const code = globSync('run/**/*.ts', { cwd: file('src') }).map((path) =>
    readFileSync(file(`src/${path}`), 'utf8'),
  )
  const names = code.flatMap((text) => [...text.matchAll(/startLoop\(\s*'([^']+)'/g)].map(([, name]) => name))
  expect(names.length).toBeGreaterThan(8)
  expect(names.filter((name) => !LABELS.task.some((task) => task === name))).toEqual([])
})

test('there is a rule for each fault that can stand, as the table has it now (node src/config/print-rules.ts)', () => {
  expect(readFileSync(FAULT_RULES, 'utf8')).toBe(faultRules())
})

test('who gets up at night is said of every fault that is an alarm and can stand, once, and of no other', () => {
  const alarms = Object.entries<Fault>(FAULTS).filter(
    ([, { stands, severity }]) => stands && severity === 'alarm',
  )
  expect(NIGHT.flatMap(({ faults }) => faults).toSorted()).toEqual(alarms.map(([code]) => code).toSorted())
  expect(readFileSync(file('config/prometheus/night.md'), 'utf8')).toBe(nightPage())
})

test('every rule that wakes somebody says whom, and no other does', () => {
  for (const path of [RULES, FAULT_RULES])
    for (const { rules } of parse(readFileSync(path, 'utf8')).groups)
      for (const { alert, labels } of rules)
        expect([alert, labels.team ?? 'nobody']).toEqual([
          alert,
          labels.severity === 'page' ? expect.stringMatching(/^(switchboard|estates|it)$/) : 'nobody',
        ])
})

test('every rule says how bad it is, what it means and what to do', () => {
  const rules = [RULES, FAULT_RULES].flatMap((path) =>
    parse(readFileSync(path, 'utf8')).groups.flatMap((g: { rules: unknown[] }) => g.rules),
  )
  for (const rule of rules) {
    expect(['page', 'ticket']).toContain(rule.labels.severity)
    expect(rule.annotations.summary.length).toBeGreaterThan(10)
    expect(rule.annotations.action.length).toBeGreaterThan(10)
  }
})

test('a region sees several trusts: promtool accepts its file, and the dashboard chooses by what that adds', (ctx) => {
  const page = readFileSync(file('config/prometheus/README.md'), 'utf8')
  const region = /```yaml\n# region\.yml\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  const {
    scrape_configs: [scrape],
  } = parse(region)
  const trusts = scrape.static_configs.map(({ labels }: { labels: object }) => Object.keys(labels))
  expect(trusts).toEqual([['trust'], ['trust']])
  const variables = new Map<string, { query: { query?: string } }>(
    sources.dashboard.templating.list.map((one: { name: string }) => [one.name, one]),
  )
  expect(variables.get('trust')?.query.query).toBe('label_values(bleepbridge_build_info, trust)')
  // All nodes means all of the trust that was chosen.
  expect(variables.get('instance')?.query.query).toContain('{trust=~"$trust"}')
  expect(variables.get('instance')).not.toHaveProperty('allValue')
  const folder = mkdtempSync(join(tmpdir(), 'region-'))
  const path = join(folder, 'region.yml')
  writeFileSync(path, region.replace('[alerts.yaml, faults.yaml]', JSON.stringify([RULES, FAULT_RULES])))
  const done = spawnSync('promtool', ['check', 'config', path], { encoding: 'utf8' })
  removeFolder(folder)
  if (done.error) ctx.skip('needs promtool (Debian package prometheus)')
  expect(`${done.stdout}${done.stderr}`).not.toContain('FAILED')
  expect(done.status).toBe(0)
})

test('promtool accepts the rules', (ctx) => {
  const done = spawnSync('promtool', ['check', 'rules', RULES, FAULT_RULES], { encoding: 'utf8' })
  if (done.error) ctx.skip('needs promtool (Debian package prometheus)')
  expect(`${done.stdout}${done.stderr}`).toContain('SUCCESS')
  expect(done.status).toBe(0)
})

test('systemd accepts the unit, but for the program that is not installed here', (ctx) => {
  const done = spawnSync('systemd-analyze', ['verify', '--man=no', UNIT], { encoding: 'utf8' })
  if (done.error) ctx.skip('needs systemd-analyze')
  const complaints = done.stderr.split('\n').filter((l) => l !== '' && !l.includes('is not executable'))
  expect(complaints).toEqual([])
})

test('the unit is fed only by the daemon, comes back from crashes and stays down when only a person can help', () => {
  const unit = readFileSync(UNIT, 'utf8')
  expect(unit).toMatch(/^Type=notify$/m)
  expect(unit).toMatch(/^NotifyAccess=main$/m)
  expect(unit).toMatch(/^WatchdogSec=\d+s$/m)
  expect(unit).toMatch(/^RestartPreventExitStatus=64 78$/m)
  expect(unit).toMatch(/^Restart=on-failure$/m)
})
