import { mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Attempt } from '../../../src/core/deliver/attempt.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { asId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { watchInbox } from '../../../src/io/channels/modem-inbox.ts'
import { keepReports } from '../../../src/run/deliver/provider-reports.ts'
import { mqttDoor } from '../../../src/run/desk/mqtt-door.ts'
import { textDoor } from '../../../src/run/desk/text-door.ts'
import { type Bed, openBed } from '../../support/desk-bed.ts'
import { removeFolder } from '../../support/folders.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

const NUMBER = '+447700900123'
let bed: Bed
let clock: VirtualClock
let heed: ReturnType<typeof textDoor>
let faults: string[]

beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 8, 8, 12))
  bed = await openBed({ clock })
  faults = []
  const device: Device = {
    ...{ id: asId('mobile'), owner: { kind: 'person', person: bed.holder('med-reg') }, label: 'Mobile' },
    ...{ channel: 'modem', address: NUMBER, state: 'active', enrolled: clock.now() },
  }
  await bed.store.transact((tx) => tx.devices.add(device, 'token'))
  const metrics = {
    ...quietMetrics,
    count: (_: string, labels?: object) => void faults.push(...Object.values(labels ?? {}).map(String)),
  }
  const tools = { ...bed, log: quietLog, metrics }
  heed = textDoor({ ...tools, door: mqttDoor(bed.desk, bed.store), report: keepReports(tools) })
})
afterEach(() => bed.close())

const call = async () => {
  const { id } = await bed.call({ text: 'REVIEW', kind: 'review', class: 'urgent', roles: ['med-reg'] })
  return id
}
const phase = async (id: string) => (await bed.store.transact((tx) => tx.alerts.get(asId(id))))?.phase
const attempts = (id: string): Promise<readonly Attempt[]> =>
  bed.store.transact((tx) => tx.attempts.ofAlert(asId(id)))

test('1 from the number is the answer to the call that was texted there, on the record as opened', async () => {
  const id = await call()
  expect(await heed(NUMBER, ' 1\n', clock.now() + 1)).toBe(true)
  expect(await phase(id)).toBe('covered')
  expect((await attempts(id)).map(({ channel, state }) => [channel, state])).toEqual([['modem', 'opened']])
})

test('2 says no, and a number that is nobody’s, or words, answer nothing', async () => {
  const id = await call()
  for (const stranger of ['+447700900999', '', 'anonymous', 'O2'])
    expect(await heed(stranger, '1', clock.now() + 1)).toBe(false)
  await heed(NUMBER, '11', clock.now() + 1)
  expect(await heed(NUMBER, 'on my way in 10', clock.now() + 1)).toBe(true)
  expect(await phase(id)).toBe('ringing')
  expect(faults).toContain('text-reply-unclear')
  await heed(NUMBER, '2', clock.now() + 1)
  const alert = await bed.store.transact((tx) => tx.alerts.get(id))
  expect(Object.values(alert?.responders ?? {}).map(({ state }) => state)).toEqual(['declined'])
})

test('with two calls open nobody knows which is meant: neither is answered, and both go on', async () => {
  const [one, two] = [await call(), await call()]
  await heed(NUMBER, '1', clock.now() + 1)
  expect([await phase(one), await phase(two)]).toEqual(['ringing', 'ringing'])
  expect(faults).toContain('text-reply-unclear')
})

test('of two people who share a telephone nobody can say who answers: neither does, and the call goes on', async () => {
  const shared: Device = {
    ...{ id: asId('shared'), owner: { kind: 'person', person: bed.holder('surg-reg') }, label: 'Shared' },
    ...{ channel: 'modem', address: NUMBER, state: 'active', enrolled: clock.now() },
  }
  await bed.store.transact((tx) => tx.devices.add(shared, 'token-2'))
  const roles = ['med-reg', 'surg-reg']
  const { id } = await bed.call({ text: 'REVIEW', kind: 'review', class: 'urgent', roles })
  expect((await attempts(id)).map(({ device }) => device).sort()).toEqual(['mobile', 'shared'])
  await heed(NUMBER, '1', clock.now() + 1)
  expect(await phase(id)).toBe('ringing')
  expect(faults).toContain('text-reply-unclear')
})

test('a reply with one call over and one open is the answer to the one that is open', async () => {
  const [over, open] = [await call(), await call()]
  const version = (await bed.store.transact((tx) => tx.alerts.get(over)))?.version ?? 0
  await bed.alerts.apply(over, {
    ...{ kind: 'closed', at: clock.now(), version, by: { kind: 'switchboard', operator: 'op' } },
  })
  await heed(NUMBER, '1', clock.now() + 1)
  expect(await phase(open)).toBe('covered')
})

test('a text that was written before the call, or comes when it is over, answers nothing', async () => {
  const id = await call()
  await heed(NUMBER, '1', clock.now() - MINUTE)
  expect(await phase(id)).toBe('ringing')
})

test('what the network says of a text is on the record as the network’s, and is no receipt', async () => {
  const id = await call()
  await heed(NUMBER, 'Delivered', clock.now() + 1)
  await settle()
  const bleep = (await bed.store.transact((tx) => tx.alerts.get(id)))?.bleep
  const hops = await bed.store.transact((tx) => tx.hops.of(bleep ?? asId('none')))
  expect(hops.map(({ hop }) => hop)).toContain('text-delivered')
  expect((await attempts(id))[0]?.state).toBe('queued')
  expect(await phase(id)).toBe('ringing')
})

test('the inbox of gammu-smsd: ours is taken away once it is stored, others’ texts are left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'inbox-'))
  mkdirSync(join(folder, 'sub'))
  const id = await call()
  const put = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    const at = new Date(clock.now() + 1000)
    utimesSync(join(folder, name), at, at)
  }
  put(`IN20260908_120001_00_${NUMBER}_00.txt`, '1')
  put('IN20260908_120002_00_+447700900555_00.txt', '1')
  put('IN20260908_120003_00_+447700900123_00.txt.part', '1')
  put(`IN20260908_120004_00_${NUMBER}_00.txt`, 'x'.repeat(5000))
  const inbox = watchInbox(folder, clock, heed)
  while (readdirSync(folder).length > 4) {
    await clock.elapse(1000)
    await turn()
  }
  expect(await phase(id)).toBe('covered')
  expect(readdirSync(folder)).toHaveLength(4)
  inbox.close()
  removeFolder(folder)
})

test('a text that a service shows again is not heeded again: an answer changed since stays changed', async () => {
  const id = await call()
  expect(await heed(NUMBER, '1', clock.now() + 1, 'r1')).toBe(true)
  expect(await phase(id)).toBe('covered')
  await heed(NUMBER, '2', clock.now() + 2, 'r2')
  expect(await phase(id)).toBe('exhausted')
  expect(await heed(NUMBER, '1', clock.now() + 1, 'r1')).toBe(true)
  expect(await phase(id)).toBe('exhausted')
})
