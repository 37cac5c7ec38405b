import type { Attempt } from '../../core/deliver/attempt.ts'
import type { Answer } from '../../core/vocabulary.ts'
import type { MqttDoor } from '../../ports/mqtt-door.ts'
import type { Telling } from '../../ports/tools.ts'
import { defect } from '../defect.ts'

/** As the recording says it: 1 if you are coming, 2 if you cannot. Any other key is no answer. */
const KEYS: Readonly<Record<string, Answer>> = { 1: 'accepted', 2: 'declined' }

/** Keys that are pressed in a telephone call: the answer, or, in a test of the way, that it was heard. */
export function keyDoor(door: MqttDoor, tools: Telling) {
  return (attempt: Attempt, key: string): void => {
    const answer = KEYS[key]
    if (answer === undefined) return
    const heed = async () => {
      await door.receipt(attempt.device, attempt.id, 'opened')
      if (attempt.reason !== 'self-test') await door.answer(attempt.device, attempt.id, answer)
    }
    void heed().catch((error: unknown) => defect(tools, 'step-failed', attempt.id, error))
  }
}
