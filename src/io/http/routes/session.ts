import { z } from 'zod'
import type { Caller } from '../../../ports/desk.ts'
import { ownPage, type Sessions } from '../auth.ts'
import { Buckets } from '../buckets.ts'
import type { HttpParts } from '../parts.ts'
import { Refused } from '../problem.ts'
import { type Mount, open } from '../route.ts'
import type { Streams } from '../stream.ts'

const tag = 'switchboard'
const gives = { 204: z.null() }

/** Wrong keys for one name from one address, in a minute. */
const WRONG = 10

/** Console sign-in: an operator's key becomes a session cookie that no script can read and no other site can use. */
export function sessionRoutes(
  { desk, clock }: HttpParts,
  sessions: Sessions,
  streams: Streams,
): readonly Mount[] {
  const leave = async (who: Caller): Promise<void> => {
    await desk.signedOut(who)
    streams.endOf(who)
  }
  // By address and name: a neighbour who guesses at one name keeps nobody else from signing in.
  const wrong = new Buckets(clock, WRONG, WRONG / 60)
  return [
    open('POST', '/session', {
      ...{ summary: 'Sign in at the console', tag, limit: 300, gives, refuses: [429] },
      body: z.object({ operator: z.string().trim().min(1).max(64), key: z.string().min(1).max(256) }),
      async answer({ body, request }, reply) {
        if (!ownPage(request, false)) throw new Refused({ code: 'cross-site' })
        const tries = `${request.ip} ${body.operator}`
        if (!wrong.has(tries)) throw new Refused({ code: 'too-many-requests' })
        const cookie = sessions.open(body.operator, body.key)
        desk.signedIn(body.operator, cookie !== undefined)
        if (cookie === undefined) {
          wrong.take(tries)
          throw new Refused({ code: 'key-wrong' })
        }
        wrong.forget(tries)
        // Whoever was signed in here before is not any more.
        const before = sessions.of(request)
        if (before !== undefined) await leave(before)
        return reply.code(204).header('set-cookie', cookie).send(null)
      },
    }),
    open('DELETE', '/session', {
      ...{ summary: 'Sign out', tag, gives },
      async answer({ request }, reply) {
        // A session that was ended already still takes its cookie away.
        const who = await sessions.identify(request)
        if ('kind' in who) await leave(who)
        else if (who.code === 'cross-site') throw new Refused(who)
        return reply.code(204).header('set-cookie', sessions.end).send(null)
      },
    }),
  ]
}
