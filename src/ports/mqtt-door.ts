import type { FaultCode } from '../core/faults.ts'
import type { AttemptId, DeviceId } from '../core/ids.ts'
import type { Answer, AnswerOutcome, ReceiptStage } from '../core/vocabulary.ts'

/** Where displays and wearables report and answer; the broker's access list vouches for which device speaks. */
export interface MqttDoor {
  receipt(device: DeviceId, attempt: AttemptId, stage: ReceiptStage): Promise<void>
  /** Gives the word that the device is told: `applied`, `already`, `late`, … or a fault code. */
  answer(device: DeviceId, attempt: AttemptId, answer: Answer): Promise<AnswerOutcome | FaultCode>
}
