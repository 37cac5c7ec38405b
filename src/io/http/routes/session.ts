import { z } from 'zod'
import { ownPage, type Sessions } from '../auth.ts'
import type { HttpParts } from '../parts.ts'
import { Refused } from '../problem.ts'
import { type Mount, open } from '../route.ts'

const tag = 'switchboard'
const gives = { 204: z.null() }

/** Console sign-in: an operator's key becomes a session cookie that no script can read and no other site can use. */
export const sessionRoutes = ({ desk }: HttpParts, sessions: Sessions): readonly Mount[] => [
  open('POST', '/session', {
    ...{ summary: 'Sign in at the console', tag, limit: 10, gives, refuses: [429] },
    body: z.object({ operator: z.string().trim().min(1).max(64), key: z.string().min(1).max(256) }),
    async answer({ body, request }, reply) {
      if (!ownPage(request, false)) throw new Refused({ code: 'cross-site' })
      const cookie = sessions.open(body.operator, body.key)
      desk.signedIn(body.operator, cookie !== undefined)
      if (cookie === undefined) throw new Refused({ code: 'key-wrong' })
      return reply.code(204).header('set-cookie', cookie).send(null)
    },
  }),
  open('DELETE', '/session', {
    ...{ summary: 'Sign out', tag, gives },
    async answer({ request }, reply) {
      const who = await sessions.identify(request)
      if ('kind' in who) desk.signedOut(who)
      return reply.code(204).header('set-cookie', sessions.end).send(null)
    },
  }),
]
