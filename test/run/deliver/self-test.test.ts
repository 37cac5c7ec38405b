import { describe, expect, test } from 'vitest'
import type { Attempt, Outcome } from '../../../src/core/deliver/attempt.ts'
import { type ChannelId, traitsOf } from '../../../src/core/deliver/channels.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import type { Doorbell } from '../../../src/core/deliver/payload.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import type { Channel } from '../../../src/ports/channel.ts'
import { createRinger, ringBy } from '../../../src/run/deliver/self-test.ts'
import { aPhone } from '../../support/delivery.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// A ring for no alert: what goes out, by which ways, and what counts as taken.

const NOW = 1_000_000
type Reason = NonNullable<Parameters<typeof createRinger>[2]>

interface Rung {
  readonly channel: ChannelId
  readonly attempt: Attempt
  readonly device: Device
  readonly bell: Doorbell
  readonly signal: AbortSignal
}

const bed = (answers: Partial<Record<ChannelId, Outcome | 'never'>>) => {
  const clock = new VirtualClock(NOW)
  const rung: Rung[] = []
  const channel = (id: ChannelId, answer: Outcome | 'never'): Channel => ({
    id,
    send(attempt, device, bell, signal) {
      rung.push({ channel: id, attempt, device, bell, signal })
      return answer === 'never' ? new Promise(() => undefined) : Promise.resolve(answer)
    },
    close: async () => undefined,
  })
  const ids = Object.keys(answers) as ChannelId[]
  const channels = new Map(ids.map((id) => [id, channel(id, answers[id] ?? 'never')]))
  return { clock, channels, rung, ways: () => rung.map((one) => one.channel) }
}
const taken: Outcome = { kind: 'taken' }
const refused: Outcome = { kind: 'refused', fault: 'push-refused' }

test.each<[Reason, Attempt['purpose'], number]>([
  ['self-test', 'ask', MINUTE],
  ['way-proof', 'ask', 10 * MINUTE],
  ['roll-call', 'ask', 10 * MINUTE],
  ['hand-over', 'ask', 10 * MINUTE],
  ['new-phone', 'ask', 10 * MINUTE],
  ['asker-rung', 'ask', 10 * MINUTE],
  ['shift-ended', 'update', 4 * HOUR],
])('%s goes out as a test of its own kind, and says no more than that', async (reason, purpose, lasts) => {
  const { clock, channels, rung } = bed({ webpush: taken })
  const phone = aPhone('phone')
  expect(await ringBy(channels, clock, reason)(phone, 'test-1', 'webpush')).toBe(taken)
  expect(rung).toMatchObject([
    {
      device: phone,
      attempt: {
        ...{
          id: 'test-1',
          key: `${reason}/test-1/webpush`,
          alert: 'test-1',
          person: reason,
          device: 'phone',
        },
        ...{ channel: 'webpush', purpose, class: 'test', state: 'leased', try: 1, reason },
        ...{ created: NOW, due: NOW, expires: NOW + lasts },
      },
    },
  ])
  expect(rung[0]?.bell).toEqual({ id: 'test-1', class: 'test', purpose })
  expect(clock.pending).toBe(0)
})

test('by a channel that the site has not, nothing is said and nothing waits', async () => {
  const { clock, channels } = bed({})
  expect(await ringBy(channels, clock, 'roll-call')(aPhone('phone'), 'test-1', 'webpush')).toBeUndefined()
  expect(clock.pending).toBe(0)
})

test.each<[ChannelId, number]>([
  ['webpush', 5 * SECOND],
  ['voice', traitsOf('voice').deadline ?? 0],
])('by %s a provider has %d ms', async (id, within) => {
  const { clock, channels, rung } = bed({ [id]: 'never' })
  void ringBy(channels, clock, 'self-test')(aPhone('phone', id), 'test-1', id)
  clock.advance(within - 1)
  expect(rung[0]?.signal.aborted).toBe(false)
  clock.advance(1)
  expect(rung[0]?.signal.aborted).toBe(true)
})

describe('the ringer', () => {
  test.each<[string, Partial<Record<ChannelId, Outcome>>, boolean]>([
    ['taken by both ways', { webpush: taken, socket: taken }, true],
    ['taken by one', { webpush: refused, socket: taken }, true],
    ['refused by both', { webpush: refused, socket: refused }, false],
    ['by no way at all', {}, false],
  ])('what is %s', async (_, answers, said) => {
    const { clock, channels } = bed(answers)
    expect(await createRinger(channels, clock)(aPhone('phone'), 'test-1')).toBe(said)
  })

  test('rings by the device’s own way and over the network, each once, or by the one that is named', async () => {
    const all = bed({ webpush: taken, socket: taken, ntfy: taken })
    const ring = createRinger(all.channels, all.clock)
    await ring(aPhone('phone'), 'test-1')
    await ring(aPhone('app', 'socket'), 'test-2')
    await ring(aPhone('phone'), 'test-3', 'ntfy')
    expect(all.ways()).toEqual(['webpush', 'socket', 'socket', 'ntfy'])
    expect(new Set(all.rung.map(({ attempt }) => attempt.reason))).toEqual(new Set(['self-test']))
  })

  test.each<[Reason, boolean]>([
    ['self-test', true],
    ['way-proof', true],
    ['hand-over', true],
    ['new-phone', true],
    ['asker-rung', true],
    ['roll-call', false],
    ['shift-ended', false],
  ])('for %s a way that cannot be rung without a sound is rung: %s', async (reason, rings) => {
    const { clock, channels, ways } = bed({ ntfy: taken, socket: taken })
    await createRinger(channels, clock, reason)(aPhone('phone', 'ntfy'), 'test-1')
    expect(ways()).toEqual(rings ? ['ntfy', 'socket'] : ['socket'])
  })

  test('a telephone that still rings after five seconds is under way; a push that still hangs is not', async () => {
    for (const [id, said] of [
      ['voice', true],
      ['webpush', undefined],
    ] as const) {
      const { clock, channels } = bed({ [id]: 'never' })
      let heard: boolean | undefined
      void createRinger(channels, clock)(aPhone('phone', id), 'test-1', id).then((yes) => {
        heard = yes
      })
      await clock.elapse(5 * SECOND - 1)
      expect(heard).toBeUndefined()
      await clock.elapse(1)
      expect(heard).toBe(said)
    }
  })
})
