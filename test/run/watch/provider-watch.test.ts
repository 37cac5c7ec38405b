import { expect, test } from 'vitest'
import type { Sign } from '../../../src/core/measure/watch/availability.ts'
import { watchProviders } from '../../../src/run/watch/provider-watch.ts'
import { quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

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
  for (let i = 0; i < 2; i++) metrics.refused('webpush', 'provider-credentials')
  expect(said).toEqual([])
  metrics.refused('webpush', 'provider-credentials')
  taken()
  expect(said).toEqual(['provider/webpush provider-credentials', 'provider/webpush well'])
})

test('one phone under another key among well ones is no fault of the provider', () => {
  const { said, metrics, taken } = watch()
  for (let i = 0; i < 9; i++) {
    metrics.refused('webpush', 'provider-credentials')
    metrics.refused('webpush', 'push-refused')
    taken()
  }
  expect(new Set(said)).toEqual(new Set(['provider/webpush well']))
})
