import { expect, test } from 'vitest'
import { apn } from '../../../src/io/channels/apn.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { ringBy } from '../../../src/run/deliver/self-test.ts'
import { aPhone } from '../../support/delivery.ts'
import { APNS_TOPIC, fakeApns } from '../../support/providers/apns.ts'

test('the roll-call wakes an Apple phone in the background: no alert, no sound, and the id that it reports', async () => {
  const apple = await fakeApns()
  const clock = systemClock(() => {})
  const channel = apn({ ...apple.credentials, topic: APNS_TOPIC, sandbox: false }, clock, apple.reach)
  const device = { ...aPhone('phone', 'apn'), address: 'ab'.repeat(32) }
  const said = await ringBy(new Map([['apn', channel]]), clock, 'roll-call')(device, 'roll-1', 'apn')
  expect([said?.kind, apple.faults]).toEqual(['taken', []])
  const push = apple.received.at(-1) ?? ''
  expect(push).toContain('"content-available":1')
  expect(push).toContain('"id":"roll-1"')
  for (const loud of ['"alert"', '"sound"', 'mutable-content']) expect(push).not.toContain(loud)
  await channel.close()
  await apple.close()
})
