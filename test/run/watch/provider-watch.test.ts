import { expect, test } from 'vitest'
import { asId, type DeviceId } from '../../../src/core/ids.ts'
import type { Sign } from '../../../src/core/measure/watch/availability.ts'
import { watchProviders } from '../../../src/run/watch/provider-watch.ts'
import { quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const PHONE = asId<DeviceId>('phone')

function watch() {
  const said: string[] = []
  const sign = (sort: string, subject: string, one: Sign) =>
    void said.push(`${sort}/${subject} ${one.kind === 'said' ? (one.fault ?? 'well') : one.kind}`)
  const metrics = watchProviders(quietMetrics, { clock: new VirtualClock(), sign })
  const taken = () => metrics.count('bleepbridge_attempts_total', { channel: 'webpush', result: 'taken' })
  return { said, metrics, taken }
}

test('our keys refused three times running are told by name, until something is taken', () => {
  const { said, metrics, taken } = watch()
  for (let i = 0; i < 2; i++) metrics.refused('webpush', 'provider-credentials', PHONE)
  expect(said).toEqual([])
  metrics.refused('webpush', 'provider-credentials', PHONE)
  taken()
  expect(said).toEqual(['provider/webpush provider-credentials', 'provider/webpush well'])
})

test('one phone under another key among well ones is no fault of the provider', () => {
  const { said, metrics, taken } = watch()
  for (let i = 0; i < 9; i++) {
    metrics.refused('webpush', 'provider-credentials', PHONE)
    metrics.refused('webpush', 'push-refused', PHONE)
    taken()
  }
  expect(new Set(said)).toEqual(new Set(['provider/webpush well']))
})

test('one phone whose address is gone is that phone’s, however often it is tried; three are the provider’s', () => {
  const { said, metrics, taken } = watch()
  for (let i = 0; i < 20; i++) metrics.refused('webpush', 'push-address-dead', PHONE)
  metrics.refused('webpush', 'push-address-dead', asId('second'))
  expect(said).toEqual([])
  metrics.refused('webpush', 'push-address-dead', asId('third'))
  taken()
  expect(said).toEqual(['provider/webpush push-addresses-doubted', 'provider/webpush well'])
})

test('a way that says of all what it says of one is told by its own fault: no credit, no voice, no transmitter', () => {
  const { said, metrics } = watch()
  metrics.refused('modem', 'modem-sends-nothing', PHONE)
  metrics.refused('voice', 'voice-speechless', PHONE)
  metrics.refused('radio', 'radio-refused', PHONE)
  metrics.refused('notify', 'text-limit', PHONE)
  for (let i = 0; i < 3; i++) metrics.refused('voice', 'voice-lines-busy', PHONE)
  expect(said).toEqual([
    'provider/modem modem-sends-nothing',
    'provider/voice voice-speechless',
    'provider/radio radio-refused',
    'provider/notify text-limit',
    'provider/voice voice-lines-busy',
  ])
})

test('a wrong number, somebody who does not pick up and a payload of ours say nothing of the way', () => {
  const { said, metrics } = watch()
  for (let i = 0; i < 9; i++)
    for (const fault of ['voice-number-wrong', 'voice-no-answer', 'text-not-sent', 'push-too-large'] as const)
      metrics.refused('voice', fault, asId(`phone-${i}`))
  expect(said).toEqual([])
})

test('attempts that failed for other reasons in between do not make a provider that hangs well', () => {
  const { said, metrics } = watch()
  for (let i = 0; i < 3; i++) {
    metrics.refused('webpush', 'provider-timeout', PHONE)
    metrics.refused('webpush', 'push-too-large', PHONE)
  }
  expect(said).toEqual(['provider/webpush provider-timeout'])
})
