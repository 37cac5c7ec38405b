import { expect, test } from 'vitest'
import { keyDoor } from '../../../src/run/desk/key-door.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'

const attempt = anEmergency(aPhone('desk', 'voice'))

test.each([
  ['1', 'first-ask', ['opened', 'accepted']],
  ['2', 'first-ask', ['opened', 'declined']],
  ['1', 'self-test', ['opened']],
  ['1', 'way-proof', ['opened']],
] as const)('key %s in a call for %s does %j', async (key, reason, wanted) => {
  const said: string[] = []
  const door = {
    receipt: async (_device: string, _attempt: string, stage: string) => void said.push(stage),
    answer: async (_device: string, _attempt: string, answer: string) => {
      said.push(answer)
      return 'applied' as const
    },
  }
  keyDoor(door, { log: quietLog, metrics: quietMetrics })({ ...attempt, reason }, key)
  await new Promise((turn) => setImmediate(turn))
  expect(said).toEqual(wanted)
})
