import { z } from 'zod'
import { say } from '../core/catalogue/say.ts'
import type { ConfigFault } from './fault.ts'
import { secret } from './secret.ts'

/** Under which keys words stand in the database; config/encryption.md. */
export const encryptionSchema = z
  .strictObject({
    siteKey: secret.meta({ description: 'Seals the keys of words; 32 characters of chance or more' }),
    formerKeys: z
      .array(secret)
      .default([])
      .meta({ description: 'What the site key was: keys sealed under it are sealed anew at the next start' }),
    folder: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Of the keys; default `word-keys` beside the embedded database' }),
    also: z.string().min(1).optional().meta({
      description: 'The same keys on another disk, kept as they are now and in no series of copies',
    }),
    database: secret.optional().meta({
      description: 'With PostgreSQL: another database for the keys, so that dumps of words do not hold them',
    }),
  })
  .optional()
  .meta({ description: 'Words sealed in the database, each bleep under a key that erasing it destroys' })

/** Keys of several nodes lie where each finds them. */
export function encryptionFaults({
  encryption,
  store,
}: {
  readonly encryption?: { readonly database?: string | undefined } | undefined
  readonly store: { readonly kind: 'sqlite' | 'postgres' }
}): readonly ConfigFault[] {
  if (encryption === undefined || (store.kind === 'postgres') === (encryption.database !== undefined))
    return []
  return [{ path: 'encryption.database', code: 'config-value', detail: say('settings.keysOfSeveralNodes') }]
}
