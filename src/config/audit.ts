import { z } from 'zod'
import { secret } from './secret.ts'

/** Where the key and the second place of the audit are. */
export const auditSchema = z
  .strictObject({
    key: secret.optional().meta({
      description: 'Key of its seals, the same on every node; default a file beside the embedded database',
    }),
    anchors: z.string().min(1).optional().meta({
      description:
        'Folder where its places are written down, best on another machine; default with the copies',
    }),
  })
  .prefault({})
  .meta({ description: 'What the audit is held against, so that nobody can change it unseen' })
