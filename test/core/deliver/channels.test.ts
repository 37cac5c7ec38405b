import { expect, test } from 'vitest'
import { CHANNEL_IDS, ENTERED, isOnAir, SELF_ENROLLED, traitsOf } from '../../../src/core/deliver/channels.ts'

test('what has somewhere to type a code enrols itself; what has a number or a topic is entered; the air is neither', () => {
  expect(SELF_ENROLLED).toEqual(['webpush', 'apn', 'fcm', 'socket', 'mqtt'])
  expect(ENTERED).toEqual(['ntfy', 'notify', 'modem', 'voice', 'nudge'])
  expect(CHANNEL_IDS.filter((id) => isOnAir(id))).toEqual(['radio'])
  expect([...SELF_ENROLLED, ...ENTERED, 'radio'].toSorted()).toEqual(CHANNEL_IDS.toSorted())
})

test('whatever goes through somebody else, or is read in passing, is masked, but for our own app', () => {
  for (const id of CHANNEL_IDS) {
    const { by, ourApp, masked, answers, enrolsItself } = traitsOf(id)
    if (by === 'provider' && !ourApp && !answers) expect(masked, id).toBe(true)
    if (ourApp) expect([id, enrolsItself, answers]).toEqual([id, true, true])
  }
})
