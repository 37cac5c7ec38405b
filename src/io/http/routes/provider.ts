import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import type { FaultCode } from '../../../core/faults.ts'
import type { Errand } from '../../../ports/vouch.ts'
import type { Sessions } from '../auth.ts'
import { cookie } from '../auth.ts'
import type { HttpParts } from '../parts.ts'
import { type Mount, open } from '../route.ts'
import type { Streams } from '../stream.ts'
import { entering } from './session.ts'

const tag = 'switchboard'
const PLACES = { console: '/console/', phone: '/app/' } as const

/** By the trust's own provider: out with a start, back with what it says, and word of a sign-out there. */
export function providerRoutes(parts: HttpParts, sessions: Sessions, streams: Streams): readonly Mount[] {
  const { vouch, config } = parts
  if (vouch === undefined) return []
  const { instead } = entering(parts, sessions, streams)
  const name = config.tls ? '__Host-bleepd-away' : 'bleepd-away'
  // Lax: the browser comes back from another site, and brings it along.
  const attributes = `Path=/; HttpOnly; SameSite=Lax${config.tls ? '; Secure' : ''}`
  const gone = `${name}=; Max-Age=0; ${attributes}`
  /** Back at our page, which says why; a code tells nobody anything. */
  const refused = (reply: FastifyReply, errand: Errand, code: FaultCode) =>
    reply.header('set-cookie', gone).redirect(`${PLACES[errand]}#refused=${code}`, 303)
  return [
    open('GET', '/provider/start', {
      ...{ summary: say('routes.toTheProvider'), tag, limit: 300 },
      query: z.object({
        errand: z.enum(['console', 'phone']).default('console'),
        again: z.literal('1').optional().describe('Whoever is there has to show anew who they are'),
      }),
      async answer({ query: { errand, again } }, reply) {
        const begun = await vouch.begin(errand, again !== undefined)
        if (!begun.ok) return refused(reply, errand, begun.fault.code)
        const { url, kept } = begun.value
        return reply.header('set-cookie', `${name}=${kept}; Max-Age=900; ${attributes}`).redirect(url, 303)
      },
    }),
    open('GET', '/provider/back', {
      ...{ summary: say('routes.backFromTheProvider'), tag, limit: 300 },
      query: z.object({
        code: z.string().max(4096).optional(),
        state: z.string().max(512).optional(),
        iss: z.string().max(512).optional(),
        session_state: z.string().max(512).optional(),
        error: z.string().max(512).optional(),
        error_description: z.string().max(2048).optional(),
      }),
      async answer({ request, query }, reply) {
        const said = new URLSearchParams()
        for (const [name, value] of Object.entries(query)) if (value !== undefined) said.set(name, value)
        const kept = cookie(request.headers.cookie, name) ?? ''
        const back = await vouch.finish(said.toString(), kept)
        if (!back.ok) return refused(reply, vouch.errand(kept), back.fault.code)
        if (back.value.errand === 'phone')
          return reply.header('set-cookie', gone).redirect(`/app/#enrol=${back.value.code}`, 303)
        await instead(request)
        return reply
          .header('set-cookie', [gone, sessions.cookieOf(back.value.session)])
          .redirect(PLACES.console, 303)
      },
    }),
    open('POST', '/provider/signed-out', {
      summary: say('routes.signedOutAtTheProvider'),
      ...{ tag, limit: 300 },
      body: z.object({ logout_token: z.string().max(8192) }),
      async answer({ body }, reply) {
        return reply.code((await vouch.signedOut(body.logout_token)) ? 200 : 400).send()
      },
    }),
  ]
}
