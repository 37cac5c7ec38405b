import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { asId, type DeviceId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { startWayProof, type WayProof } from '../../../src/run/watch/way-proof.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { aRole, person, smallSite } from '../../support/small-site.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import { countingRandom } from '../../support/ward.ts'

// Ada holds the role by day, from 8 to 8; Ben by night.
const SIX = Date.UTC(2026, 10, 20, 6)
const directory = buildDirectory(smallSite({ roles: [aRole('reg', { crash: true })] }))
let store: Store
let clock: VirtualClock
let proof: WayProof
let rung: string[]
/** Whether the key is pressed. */
let presses: boolean

const desk = (id: string, of: string, channel: Device['channel'] = 'voice'): Device => ({
  ...{ id: asId<DeviceId>(id), owner: { kind: 'person', person: person(of) }, label: id, channel },
  ...{ address: '4421', state: 'active', enrolled: SIX },
})
const add = (device: Device) => store.transact((tx) => tx.devices.add(device, `token-${device.id}`))
const pass = async (ms: number) => {
  await clock.elapse(ms)
  await settle()
}

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock(SIX)
  rung = []
  presses = true
  proof = startWayProof({
    ...{ store, clock, log: quietLog, metrics: quietMetrics, random: countingRandom() },
    directory: () => directory,
    answers: (id) => id === 'voice',
    ring: async (device) => {
      rung.push(`${device.id} ${new Date(clock.now()).toISOString().slice(0, 13)}`)
      if (presses) {
        const proved = { voice: { at: clock.now(), by: 'self-test' as const } }
        await store.transact(async (tx) => {
          const known = (await tx.devices.get(device.id)) ?? device
          await tx.devices.save({ ...known, proved })
        })
      }
      return true
    },
  })
})
afterEach(async () => {
  await proof.stop()
  await store.close()
})

test('once a month, by day, whoever is on duty; nothing else', async () => {
  await add(desk('ada', 'ada'))
  await add(desk('ben', 'ben'))
  await add(desk('text', 'ada', 'nudge'))
  await add(desk('app', 'ada', 'webpush'))
  await pass(3.9 * HOUR)
  expect(rung).toEqual([])
  await pass(DAY)
  expect(rung).toEqual(['ada 2026-11-20T10'])
  await pass(29 * DAY)
  expect(rung).toHaveLength(1)
  await pass(2 * DAY)
  expect(rung).toHaveLength(2)
  expect(proof.troubles()).toEqual([])
})

test('who presses no key is asked once a day, and after a month and some days somebody is told', async () => {
  presses = false
  await add(desk('ada', 'ada'))
  await pass(3 * DAY)
  expect(rung).toHaveLength(3)
  expect(proof.troubles()).toEqual([])
  await pass(33 * DAY)
  expect(proof.troubles()).toEqual([{ code: 'way-unproved', subject: 'ways', detail: '1' }])
})

test('a minute apart, so that a test never takes all lines', async () => {
  for (const id of ['one', 'two', 'three']) await add(desk(id, 'ada'))
  await pass(4 * HOUR)
  const before = rung.length
  await pass(MINUTE)
  expect(rung.length - before).toBeLessThanOrEqual(1)
  await pass(5 * MINUTE)
  expect(new Set(rung.map((one) => one.split(' ')[0])).size).toBe(3)
})
