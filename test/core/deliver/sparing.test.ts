import { expect, test } from 'vitest'
import type { Attempt } from '../../../src/core/deliver/attempt.ts'
import type { ChannelId } from '../../../src/core/deliver/channels.ts'
import { isSparing, spared } from '../../../src/core/deliver/sparing.ts'
import { asId } from '../../../src/core/ids.ts'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'

const attempt = (channel: ChannelId, created: number, device = 'd1'): Attempt => ({
  ...{
    id: asId(`${device}-${channel}-${created}`),
    key: `${created}`,
    alert: asId('a1'),
    person: asId('p1'),
  },
  ...{ device: asId(device), channel, purpose: 'ask', class: 'emergency', state: 'queued', try: 0 },
  ...{ created, due: created, expires: created + 5 * MINUTE, reason: 'first-ask' },
})

/** What goes out of a call that asks this way again and again. */
function goesOut(channel: ChannelId, every: number, times: number, device?: string): number[] {
  const out: Attempt[] = []
  for (let i = 0; i < times; i++) out.push(...spared([attempt(channel, i * every, device)], out))
  return out.map(({ created }) => created)
}

test('texts of one call go out half a minute apart, however fast it asks, and five times at most', () => {
  expect(goesOut('nudge', 5 * SECOND, 10)).toEqual([0, 30 * SECOND])
  expect(goesOut('nudge', MINUTE, 60)).toEqual([0, 1, 2, 3, 4].map((n) => n * MINUTE))
})

test('what costs nothing is never held back, and one device holds back no other', () => {
  expect(goesOut('socket', SECOND, 60)).toHaveLength(60)
  const earlier = [attempt('nudge', 0, 'd1')]
  expect(spared([attempt('nudge', SECOND, 'd2'), attempt('webpush', SECOND)], earlier)).toHaveLength(2)
})

test('another way to the same device holds back nothing', () => {
  expect(spared([attempt('voice', SECOND)], [attempt('nudge', 0)])).toHaveLength(1)
})

test('only what costs something is worth looking up', () => {
  expect(isSparing([attempt('webpush', 0), attempt('nudge', 0)])).toBe(true)
  expect(isSparing([attempt('webpush', 0), attempt('socket', 0)])).toBe(false)
})

test('a clock that was set back holds back no text for as long', () => {
  const earlier = [attempt('nudge', 60 * MINUTE)]
  expect(spared([attempt('nudge', 10 * MINUTE)], earlier)).toHaveLength(1)
  expect(spared([attempt('nudge', 60 * MINUTE - SECOND)], earlier)).toHaveLength(0)
})
