import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { openPty } from '../../hardware/simulators/pty.ts'
import { asId, type FeedId, type NodeId } from '../../src/core/ids.ts'
import { DAY, HOUR } from '../../src/core/instant.ts'
import { ShiftPayload } from '../../src/core/measure/telemetry.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { hasMosquitto, mosquitto, mosquittoSub, NEEDS_MOSQUITTO } from '../support/brokers.ts'
import { removeFolder } from '../support/folders.ts'
import { hospital } from '../support/hospital.ts'
import { ownPort } from '../support/ports.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

/** Eight weeks of a hospital that end now, as a daemon that was off for the last day would find them. */
async function weeksUntilNow(
  path: string,
  now: number,
): Promise<{ readonly from: string; readonly to: string }> {
  // Midnight of a day long past: baselines are told in whole days, and the last one is today.
  const start = Math.floor(now / DAY) * DAY - 55 * DAY
  const h = hospital({ seed: 7, extensions: 16, bleeps: 1, start })
  const store = await openSqlite(path)
  await store.transact(async (tx) => {
    await tx.facts.put([...h.before, ...h.after].filter((fact) => fact.at < now))
    const rows = h.calls.map(({ arrived, record }, i) => ({
      ...{ id: `c${i}`, feed: asId<FeedId>('exchange'), node: asId<NodeId>('north'), arrived, record },
    }))
    for (let i = 0; i < rows.length; i += 500) await tx.calls.add(rows.slice(i, i + 500))
    await tx.notes.set('facts-until', now, now)
    await tx.notes.set('shifts-told-until', now - 26 * HOUR, now)
  })
  await store.close()
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  return { from: day(start), to: day(h.baseline.to) }
}

test('the summary of a shift that has ended reaches a subscriber at the broker, and whoever comes later', async (ctx) => {
  if (!hasMosquitto()) ctx.skip(NEEDS_MOSQUITTO)
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-shift-'))
  cleanUp.push(() => removeFolder(folder))
  const broker = await mosquitto()
  cleanUp.push(broker.close)
  const line = openPty()
  cleanUp.push(line.close)
  const database = join(folder, 'bleeps.sqlite')
  const baseline = await weeksUntilNow(database, Date.now())
  const [port, config] = [await ownPort(), join(folder, 'bridge.yaml')]
  writeFileSync(
    config,
    stringify({
      version: 1,
      node: 'north',
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: database },
      feeds: [
        {
          ...{ id: 'air', profile: 'pocsag-packed', options: { baud: 2400 } },
          port: { kind: 'serial', path: line.path },
        },
      ],
      http: { port },
      mqtt: { url: `mqtt://127.0.0.1:${broker.port}` },
      report: { baseline },
    }),
  )
  // A day and a night, doctors and nurses.
  const filter = 'bleepbridge/demo/north/shift/+/summary'
  const live = mosquittoSub(broker.port, 4, filter, { within: 60 })
  const daemon = await startDaemon({
    ...{ config, url: `http://localhost:${port}`, log: join(folder, 'bleepd.log'), environment: {} },
  })
  cleanUp.push(daemon.stop)
  const heard = (await live).map((text) => {
    const [topic = '', payload = ''] = text.split(/ (.*)/)
    return { topic, summary: ShiftPayload.parse(JSON.parse(payload)) }
  })
  const parts = (topic: string) => topic.split('/')[4]
  expect(heard.map(({ topic }) => parts(topic)).sort()).toEqual([
    'doctor-day',
    'doctor-night',
    'nurse-day',
    'nurse-night',
  ])
  for (const { topic, summary } of heard) {
    expect(parts(topic)).toBe(`${summary.staffGroup}-${summary.shift}`)
    expect(summary.bleeps).toBeGreaterThan(0)
    expect(summary.medianToDeviceSeconds).toBeGreaterThan(0)
    expect(Date.parse(summary.to)).toBeLessThan(Date.now())
    // Four weeks behind the shift are enough to measure by, and exchange records make it no assumption.
    expect(summary.assumed).toBe(false)
    expect(summary.minutesSavedMeasured).toBeGreaterThan(0)
    expect(summary.intervalMinutes?.[0]).toBeLessThan(summary.minutesSavedMeasured ?? 0)
  }
  const later = await mosquittoSub(broker.port, 4, filter)
  expect(later.map((text) => parts(text.split(' ')[0] ?? '')).sort()).toEqual(
    heard.map(({ topic }) => parts(topic)).sort(),
  )
})
