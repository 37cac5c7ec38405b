import { expect, test } from 'vitest'
import {
  MODEM_DEADLINE,
  RADIO_DEADLINE,
  soundOf,
  URGENCY,
  VOICE_DEADLINE,
} from '../../../src/core/deliver/urgency.ts'

/** The table a second time, as a nurse would check it: what a class sounds like must not change by a slip of the hand. */
test.each([
  ['emergency', 300, 5, 0.25, 4, 'high', 'critical', 1, 1, 'max', true, 'Emergency call'],
  ['urgent', 900, 8, 0.5, 10, 'high', 'time-sensitive', 0, 1, 'high', true, 'Urgent bleep'],
  ['routine', 3600, 10, 1, 30, 'normal', 'active', 0, 0.6, 'default', false, 'Bleep'],
  ['test', 600, 5, 1, 10, 'high', 'active', 0, 0.3, 'default', false, 'Test call'],
] as const)(
  '%s rings for %i s',
  (c, rings, deadline, first, longest, web, level, critical, volume, android, fullScreen, title) => {
    expect(URGENCY[c]).toEqual({
      rings: rings * 1000,
      deadline: deadline * 1000,
      pause: { first: first * 1000, longest: longest * 1000 },
      webUrgency: web,
      priority: 'high',
      interruption: level,
      sound: { critical, name: `${c}.caf`, volume },
      androidChannel: c,
      androidPriority: android,
      fullScreen,
      title,
    })
  },
)

test('paging equipment is given twenty seconds, whatever the class', () => {
  expect(RADIO_DEADLINE).toBe(20_000)
})

test('a telephone or a modem has 25 seconds, below the lease of an attempt', () => {
  expect([MODEM_DEADLINE, VOICE_DEADLINE]).toEqual([25_000, 25_000])
})

test('a routine call that nobody looked at sounds as an urgent one; the rest sound as they are', () => {
  const sounds = (['emergency', 'urgent', 'routine', 'test'] as const).map((c) => [
    soundOf(c, 'first-sighting').name,
    soundOf(c, 'insists').name,
  ])
  expect(sounds).toEqual([
    ['emergency.caf', 'emergency.caf'],
    ['urgent.caf', 'urgent.caf'],
    ['routine.caf', 'urgent.caf'],
    ['test.caf', 'test.caf'],
  ])
})
