import type { Attempt } from '../../core/deliver/attempt.ts'
import type { VoiceKey } from '../../core/deliver/voice-call.ts'
import type { Answer } from '../../core/vocabulary.ts'
import type { MqttDoor } from '../../ports/mqtt-door.ts'
import type { Telling } from '../../ports/tools.ts'
import { defect } from '../defect.ts'

/** As it is spoken: 1 if you are coming, 2 if you cannot. */
const KEYS: Readonly<Record<VoiceKey, Answer>> = { 1: 'accepted', 2: 'declined' }

/** Keys that are pressed in a telephone call: the answer, or, in a test of the way, that it was heard. */
export function keyDoor(door: MqttDoor, tools: Telling) {
  return (attempt: Attempt, key: VoiceKey): void => {
    const test = attempt.reason === 'self-test' || attempt.reason === 'way-proof'
    const heed = async () => {
      await door.receipt(attempt.device, attempt.id, 'opened')
      if (!test) await door.answer(attempt.device, attempt.id, KEYS[key])
    }
    void heed().catch((error: unknown) => defect(tools, 'step-failed', attempt.id, error))
  }
}
