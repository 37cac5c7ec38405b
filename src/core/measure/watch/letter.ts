import { z } from 'zod'
import { given } from '../../given.ts'

/** A letter as it lies in the database until its carrier has taken it. */
const waitingSchema = z
  .object({
    id: z.string(),
    by: z.string(),
    to: z.array(z.string()),
    subject: z.string(),
    text: z.string(),
    pages: z.record(z.string(), z.string()).optional(),
    written: z.number(),
    due: z.number(),
    try: z.number(),
  })
  .transform(({ pages, ...letter }) => ({ ...letter, ...given({ pages }) }))
export type Waiting = z.infer<typeof waitingSchema>

/** What cannot be read is nobody's letter: no carrier takes it, and it is let go. */
export function readLetter(value: unknown, id: string): Waiting {
  const nobodys = { by: '', to: [], subject: '', text: '', written: 0, due: 0, try: 0 }
  return waitingSchema.safeParse(value).data ?? { id, ...nobodys }
}

const newsSchema = z.object({ told: z.record(z.string(), z.number()), at: z.number() })

/** What a reader was last told, and when; nothing where that is not known. */
export const readTold = (value: unknown): z.infer<typeof newsSchema> =>
  newsSchema.safeParse(value).data ?? { told: {}, at: 0 }
