import { type AnswerClaim, type Mac, readAnswerToken, usedWith } from '../../core/deliver/answer-token.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { ButtonDoor } from '../../ports/button-door.ts'
import type { Desk } from '../../ports/desk.ts'
import type { MqttDoor } from '../../ports/mqtt-door.ts'
import type { Stored } from '../../ports/tools.ts'
import { done, refuse } from './desk-parts.ts'

export interface ButtonParts extends Stored {
  readonly desk: Pick<Desk, 'receipt'>
  /** Answers by whoever knows no versions (run/desk/mqtt-door.ts). */
  readonly door: Pick<MqttDoor, 'answer'>
  readonly mac: Mac
}

/** Answers given by a button of a notification: by its token, which works once. */
export function buttonDoor({ desk, door, store, clock, mac }: ButtonParts): ButtonDoor {
  /** False when it was taken before: two presses at once are one. */
  const take = (claim: AnswerClaim): Promise<boolean> =>
    store.transact(async (tx) => {
      await tx.alone(`device/${claim.device}`)
      const key = usedKey(claim.device)
      const now = clock.now()
      const used = usedWith(await tx.notes.get(key), claim, now)
      if (used === undefined) return false
      await tx.notes.set(key, used, now)
      return true
    })

  return {
    async press(token) {
      const claim = readAnswerToken(token, mac, clock.now())
      if (typeof claim === 'string') return refuse(claim)
      if (!(await take(claim))) return refuse('answer-token-used')
      const { device, attempt, said } = claim
      if (said === 'heard') {
        const told = await desk.receipt(
          { kind: 'device', access: 'holder', device },
          { attempt, stage: 'opened' },
        )
        return told.ok ? done({ said: 'heard' }) : told
      }
      const outcome = await door.answer(device, attempt, said)
      switch (outcome) {
        case 'applied':
        case 'already':
          return done({ said })
        case 'not-asked':
          return refuse('answer-not-asked')
        case 'stale':
          return refuse('answer-stale')
        case 'late':
          return refuse('answer-late')
        default:
          return refuse(outcome)
      }
    },
  }
}

const usedKey = (device: DeviceId): string => `buttons/${device}`
