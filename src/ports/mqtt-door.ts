import type { FaultCode } from '../core/faults.ts'
import type { AttemptId, DeviceId } from '../core/ids.ts'
import type { Answer, AnswerOutcome, ReceiptStage } from '../core/vocabulary.ts'

/** Where displays and wearables report and answer, once it is known which device speaks. */
export interface MqttDoor {
  receipt(device: DeviceId, attempt: AttemptId, stage: ReceiptStage): Promise<void>
  /** Gives the word that the device is told: `applied`, `already`, `late`, … or a fault code. */
  answer(device: DeviceId, attempt: AttemptId, answer: Answer): Promise<AnswerOutcome | FaultCode>
}

/** Whoever may publish on the broker could speak for any device: what counts is signed. */
export interface SignedDoor extends MqttDoor {
  /**
   * Whether this device said it: an MQTT device that may still speak, and `mac` is the HMAC-SHA256 of the text, in
   * hexadecimal, under the SHA-256 of its token, in hexadecimal, which is what we keep of the token.
   */
  vouches(device: DeviceId, text: string, mac: string): Promise<boolean>
}
