import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LABELS, METRICS, type MetricRow, OTHER } from '../../src/core/measure/metrics.ts'
import { REASONS } from '../../src/core/reasons.ts'
import { openMetrics } from '../../src/io/metrics.ts'

test('every reason and fault code has a counter from the first scrape', async () => {
  const { body } = await openMetrics().text()
  for (const code of Object.keys(REASONS))
    expect(body).toContain(`bleepbridge_reasons_total{reason="${code}"} 0`)
  expect(body).toContain('bleepbridge_faults_total{fault="port-absent"} 0')
})

test('a hop lands in buckets from one millisecond to fifteen minutes', async () => {
  const metrics = openMetrics()
  metrics.observe('bleepbridge_hop_seconds', 0.0015, { hop: 'stored', class: 'emergency' })
  metrics.observe('bleepbridge_hop_seconds', 1200, { hop: 'stored', class: 'emergency' })
  const { body, type } = await metrics.text()
  expect(type).toMatch(/^text\/plain/)
  expect(body).toContain('bleepbridge_hop_seconds_bucket{le="0.001",hop="stored",class="emergency"} 0')
  expect(body).toContain('bleepbridge_hop_seconds_bucket{le="0.002",hop="stored",class="emergency"} 1')
  expect(body).toContain('bleepbridge_hop_seconds_bucket{le="900",hop="stored",class="emergency"} 1')
  expect(body).toContain('bleepbridge_hop_seconds_bucket{le="+Inf",hop="stored",class="emergency"} 2')
  expect(body).toContain('bleepbridge_hop_seconds_count{hop="stored",class="emergency"} 2')
})

test('a scraper that asks for OpenMetrics gets exemplars, and the plain text afterwards is as it was', async () => {
  const metrics = openMetrics()
  metrics.count('bleepbridge_bleeps_total', { class: 'urgent' })
  metrics.observe(
    'bleepbridge_hop_seconds',
    0.2,
    { hop: 'handed', class: 'urgent' },
    { bleep: '0190-a', text: 'CARDIAC ARREST' },
  )
  const before = await metrics.text()
  const open = await metrics.text('application/openmetrics-text; version=1.0.0,text/plain;q=0.5')
  const after = await metrics.text()
  expect(open.type).toMatch(/^application\/openmetrics-text/)
  expect(open.body).toMatch(/le="0.25",hop="handed",class="urgent"\} 1 # \{bleep="0190-a"\} 0\.2 \d+/)
  expect(open.body).not.toContain('CARDIAC')
  expect(open.body).toContain('# TYPE bleepbridge_bleeps counter')
  expect(open.body.endsWith('# EOF\n')).toBe(true)
  expect(after.body).toBe(before.body)
  expect(after.body).toContain('bleepbridge_bleeps_total{class="urgent"} 1')
})

test('an observation beyond the last bucket keeps its exemplar and counts once', async () => {
  const metrics = openMetrics()
  metrics.observe('bleepbridge_hop_seconds', 1200, { hop: 'arrived', class: 'routine' }, { bleep: 'b' })
  const { body } = await metrics.text('application/openmetrics-text')
  const beyond = body.split('\n').filter((line) => line.includes('+Inf') && line.includes('arrived'))
  expect(beyond).toHaveLength(1)
  expect(beyond[0]).toMatch(/class="routine"\} 1 # \{bleep="b"\} 1200/)
  expect(body).not.toContain('Infinity')
})

test('no address, person or text becomes a label, and the number of series has a bound', () => {
  const configured = { feed: ['radio-a'], transmitter: ['tx-1'], node: ['north'], subject: ['radio-a'] }
  return fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(METRICS)),
      fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 8 }),
      async (name, texts) => {
        const metrics = openMetrics(configured)
        const row: MetricRow | undefined = (METRICS as Record<string, MetricRow>)[name]
        for (const text of texts) {
          const labels = Object.fromEntries((row?.labels ?? []).map((label) => [label, text]))
          if (row?.type === 'counter') Reflect.apply(metrics.count, metrics, [name, labels])
          if (row?.type === 'gauge') Reflect.apply(metrics.gauge, metrics, [name, 1, labels])
          if (row?.type === 'histogram') Reflect.apply(metrics.observe, metrics, [name, 1, labels])
        }
        const { body } = await metrics.text()
        for (const [, label = '', value = ''] of body.matchAll(/[{,](\w+)="((?:[^"\\]|\\.)*)"/g)) {
          if (label === 'le') continue
          const domain: unknown = (LABELS as Record<string, unknown>)[label]
          const listed = Array.isArray(domain)
            ? domain
            : ((configured as Record<string, string[]>)[label] ?? [])
          expect([...listed, OTHER]).toContain(value)
        }
      },
    ),
    { seed: 7, numRuns: 60 },
  )
})

test('a configured thing shows under its id once the adapter knows it', async () => {
  const metrics = openMetrics()
  metrics.gauge('bleepbridge_feed_up', 1, { feed: 'radio-a' })
  metrics.know({ feed: ['radio-a'] })
  metrics.gauge('bleepbridge_feed_up', 1, { feed: 'radio-a' })
  const { body } = await metrics.text()
  expect(body).toContain('bleepbridge_feed_up{feed="other"} 1')
  expect(body).toContain('bleepbridge_feed_up{feed="radio-a"} 1')
  expect(body).toContain('bleepbridge_labels_refused_total 1')
})

test('the table keeps to its own rules', () => {
  for (const [name, row] of Object.entries<MetricRow>(METRICS)) {
    expect(name).toMatch(/^bleepbridge_[a-z][a-z_]*[a-z]$/)
    expect(name.endsWith('_total'), name).toBe(row.type === 'counter')
    if (row.type === 'histogram') expect(name).toMatch(/_seconds$/)
    expect(row.help.length).toBeGreaterThan(5)
  }
})
