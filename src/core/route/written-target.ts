import { z } from 'zod'
import { say } from '../catalogue/say.ts'
import type { Target } from '../directory/directory.ts'
import { asId, SITE_ID } from '../ids.ts'

/** `role:med-reg`, `team:adult-crash`, `person:p121`. */
export const writtenTarget = z.string().transform((text, ctx): Target => {
  const [kind, name = '', ...more] = text.split(':')
  if (SITE_ID.test(name) && more.length === 0) {
    if (kind === 'role') return { kind, role: asId(name) }
    if (kind === 'team') return { kind, team: asId(name) }
    if (kind === 'person') return { kind, person: asId(name) }
  }
  ctx.issues.push({
    code: 'custom',
    input: text,
    message: say('settings.targetNextMissingRoleTeam'),
  })
  return z.NEVER
})
