import type { Outcome } from './desk.ts'

/** Where a press on a notification's button comes in, by the token that was sent with it. */
export interface ButtonDoor {
  /** Refuses a token that is not ours, whose time is over, or that was used before. */
  press(token: string): Promise<Outcome<{ readonly said: string }>>
}
