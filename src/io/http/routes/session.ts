import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { accountName } from '../../../core/identity/account.ts'
import type { Session } from '../../../core/identity/session.ts'
import type { Caller, Outcome } from '../../../ports/desk.ts'
import { ownPage, type Sessions } from '../auth.ts'
import { Buckets } from '../buckets.ts'
import { draw } from '../draw.ts'
import { plain } from '../gate.ts'
import type { HttpParts } from '../parts.ts'
import { Refused } from '../problem.ts'
import { type Mount, open } from '../route.ts'
import type { Streams } from '../stream.ts'

const tag = 'switchboard'
const gives = { 204: z.null() }

/** Wrong keys for one name from one address, in a minute. */
const WRONG = 10
/** And for all names: passwords take a core for a third of a second each. */
const WRONG_HERE = 60

/** What a browser gives of a passkey. */
export const webauthn = z.record(z.string(), z.unknown())
const challenge = z.string().max(200)
const label = z.string().trim().min(1).max(60)
const name = z.string().trim().min(1).max(64)
const password = z.string().min(1).max(256)
const digits = z
  .string()
  .trim()
  .regex(/^\d{6}$/)

/** A new session takes the place of the one that this browser had. */
type Enter = (request: FastifyRequest, reply: FastifyReply, session: Session) => Promise<FastifyReply>

export function entering({ desk }: HttpParts, sessions: Sessions, streams: Streams) {
  const leave = async (who: Caller): Promise<void> => {
    await desk.signedOut(who)
    streams.endOf(who)
  }
  /** Whoever was signed in here before is not any more. */
  const instead = async (request: FastifyRequest): Promise<void> => {
    const before = await sessions.of(request)
    if (before !== undefined) await leave(before)
  }
  const enter: Enter = async (request, reply, session) => {
    await instead(request)
    return reply.code(204).header('set-cookie', sessions.cookieOf(session)).send(null)
  }
  return { leave, instead, enter }
}

/**
 * Console sign-in: an operator's key, an account's password and code, or a passkey become a session cookie that no script
 * can read and no other site can use.
 */
export function sessionRoutes(parts: HttpParts, sessions: Sessions, streams: Streams): readonly Mount[] {
  const { desk, clock, signIn } = parts
  const { leave, instead, enter } = entering(parts, sessions, streams)
  // By address and name: a neighbour who guesses at one name keeps nobody else from signing in.
  const wrong = new Buckets(clock, WRONG, WRONG / 60)
  const wrongHere = new Buckets(clock, WRONG_HERE, WRONG_HERE / 60)
  const own = (request: FastifyRequest): void => {
    if (!ownPage(request, false)) throw new Refused({ code: 'cross-site' })
  }
  /** Counts what was wrong, for this name and for this address. */
  const tried = async <T>(
    request: FastifyRequest,
    name: string,
    work: () => Promise<Outcome<T>>,
  ): Promise<T> => {
    own(request)
    const address = plain(request.ip)
    const tries = `${address} ${name}`
    // Taken before anybody looks, or a hundred guesses at once would count as none.
    if (!wrong.take(tries)) throw new Refused({ code: 'too-many-requests' })
    if (!wrongHere.take(address)) {
      wrong.give(tries)
      throw new Refused({ code: 'too-many-requests' })
    }
    const said = await work()
    if (said.ok) wrong.forget(tries)
    else if (said.fault.code === 'second-factor-wanted') wrong.give(tries)
    if (said.ok || said.fault.code === 'second-factor-wanted') wrongHere.give(address)
    if (said.ok) return said.value
    throw new Refused(said.fault)
  }
  return [
    open('GET', '/session/ways', {
      ...{ summary: say('routes.whatSignPageOffersHere'), tag, limit: 300 },
      gives: {
        200: z.object({
          ...{ keys: z.boolean(), accounts: z.boolean() },
          provider: z.string().optional().describe('What people call the sign-in provider'),
          phones: z.boolean().describe('Whether a phone can be taken up with it'),
        }),
      },
      answer: async () => ({
        ...{ keys: parts.config.operators.length > 0, ...(await signIn.ways()) },
        phones: parts.vouch?.phones ?? false,
        ...(parts.vouch === undefined ? {} : { provider: parts.vouch.title }),
      }),
    }),
    open('POST', '/session', {
      ...{ summary: say('routes.signInAtTheConsole'), tag, limit: 300, gives, refuses: [429] },
      body: z.object({
        operator: name,
        key: password.describe('An operator’s key, or the password of an account'),
        code: digits.optional().describe('Of the authenticator app, once it is asked for'),
      }),
      async answer({ body: { operator, key, code }, request }, reply) {
        const cookie = await tried(request, operator, async () => {
          const kept = sessions.open(operator, key)
          const account = accountName(operator)
          if (kept !== undefined || sessions.knows(operator) || account === undefined) {
            desk.signedIn(operator, kept !== undefined)
            return kept === undefined
              ? { ok: false, fault: { code: 'key-wrong' } }
              : { ok: true, value: kept }
          }
          const said = await signIn.byPassword(account, key, code)
          return said.ok ? { ok: true, value: sessions.cookieOf(said.value) } : said
        })
        await instead(request)
        return reply.code(204).header('set-cookie', cookie).send(null)
      },
    }),
    open('POST', '/session/passkey/challenge', {
      ...{ summary: say('routes.whatAPasskeyHasTo'), tag, limit: 300 },
      gives: { 200: z.object({ challenge, options: webauthn }) },
      answer: () => signIn.ask(),
    }),
    open('POST', '/session/passkey', {
      ...{ summary: say('routes.signAtConsolePasskey'), tag, limit: 300, gives, refuses: [429] },
      body: z.object({ challenge, answer: webauthn }),
      async answer({ body, request }, reply) {
        const session = await tried(request, '', () => signIn.byPasskey(body.challenge, body.answer))
        return enter(request, reply, session)
      },
    }),
    open('POST', '/session/set-up/challenge', {
      ...{
        summary: say('routes.oneTimeCodeWhatAccount'),
        tag,
        limit: 300,
        refuses: [403, 429],
      },
      body: z.object({ name, code: z.string().max(64) }),
      gives: {
        200: z.object({ secret: z.string(), qr: z.string(), challenge, options: webauthn }),
      },
      async answer({ body, request }) {
        const { secret, link, challenge, options } = await tried(request, body.name, () =>
          signIn.beginSetUp(body.name, body.code),
        )
        return { secret, qr: await draw(link), challenge, options }
      },
    }),
    open('POST', '/session/set-up', {
      summary: say('routes.setAccountUpOneTime'),
      ...{ tag, limit: 300, gives, refuses: [403, 429] },
      body: z.object({
        ...{ name, code: z.string().max(64) },
        chosen: z.union([
          z.object({ password, secret: z.string().regex(/^[A-Z2-7]{32}$/), code: digits }),
          z.object({ challenge, answer: webauthn, label }),
        ]),
      }),
      async answer({ body: { name, code, chosen }, request }, reply) {
        const session = await tried(request, name, () => signIn.setUp(name, code, chosen))
        return enter(request, reply, session)
      },
    }),
    open('DELETE', '/session', {
      ...{ summary: say('routes.signOut'), tag, gives },
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
