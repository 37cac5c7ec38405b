import { z } from 'zod'
import { say } from '../../core/catalogue/say.ts'

const line = z.string().regex(/^[^\p{C}]{1,120}$/u, say('settings.lineTooLong'))

/** What `bleepd init` must know. Everything else of the first files is the same everywhere. */
export const answersSchema = z.strictObject({
  trust: line,
  hospital: line,
  /** How phones and screens will reach us: a name of the hospital's DNS, or an address. */
  address: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, say('settings.nameSuchBleepsExampleNhs')),
  port: z.number().int().min(1).max(65535),
  /** Whom push providers may write to: VAPID's contact. */
  contact: z.email(),
  /** The first operator's name. */
  operator: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, say('settings.lettersDigitsDotsAndDashes'))
    .refine((name) => name !== 'switchboard', say('settings.switchboardHasKeyItsOwn')),
})
export type Answers = z.infer<typeof answersSchema>

/** A line that the doctor has listened to, or that has yet to say something. */
export interface FoundLine {
  readonly id: string
  readonly path: string
  /** Absent: nothing was heard, so the feed is written down and commented out. */
  readonly profile?: string
}
