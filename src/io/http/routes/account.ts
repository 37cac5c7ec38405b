import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import type { Caller, Outcome } from '../../../ports/desk.ts'
import type { Sessions } from '../auth.ts'
import type { HttpParts } from '../parts.ts'
import { Refused } from '../problem.ts'
import { del, get, type Mount, post, raw } from '../route.ts'
import type { Streams } from '../stream.ts'
import { entering, webauthn } from './session.ts'

const tag = 'account'
const view = z.object({
  name: z.string(),
  kept: z.boolean().describe('What one signs in with is kept here, and not by a provider'),
  ...{ password: z.boolean(), app: z.boolean() },
  passkeys: z.array(z.object({ id: z.string(), label: z.string(), used: z.iso.datetime().optional() })),
  sessions: z.array(
    z.object({
      ...{ id: z.string(), began: z.iso.datetime(), way: z.enum(['password', 'passkey', 'provider']) },
      own: z.boolean().describe('The one that asks'),
    }),
  ),
})
const challenge = z.string().max(200)

/** What one signs in with oneself. */
export function accountRoutes(parts: HttpParts, sessions: Sessions, streams: Streams): readonly Mount[] {
  const { signIn, desk } = parts
  const { enter } = entering(parts, sessions, streams)
  return [
    get('/account', {
      ...{ summary: say('routes.whatTheCallerSignsIn'), tag, gives: view, refuses: [404] },
      run: ({ caller }) => ofSession(caller, (id) => signIn.account(id)),
    }),
    post('/account/first', {
      ...{ summary: say('routes.firstAccount'), tag, may: 'account.first', refuses: [409], status: 201 },
      body: z.object({ name: z.string().trim().min(1).max(64) }),
      gives: z.object({ name: z.string(), code: z.string() }),
      run: ({ caller, body }) => desk.firstAccount(caller, body.name),
    }),
    raw('POST', '/account/password', {
      ...{ summary: say('routes.anotherPasswordEveryOther'), tag, refuses: [404] },
      body: z.object({ before: z.string().min(1).max(256), password: z.string().min(1).max(256) }),
      async reply({ caller, body, request }, reply) {
        const said = await ofSession(caller, (id) => signIn.changePassword(id, body.before, body.password))
        if (!said.ok) throw new Refused(said.fault)
        return enter(request, reply, said.value)
      },
    }),
    post('/account/passkeys/challenge', {
      ...{ summary: say('routes.whatNewPasskeyHasSign'), tag, refuses: [403, 404] },
      gives: z.object({ challenge, options: webauthn }),
      run: ({ caller }) => ofSession(caller, (id) => signIn.beginPasskey(id)),
    }),
    post('/account/passkeys', {
      ...{ summary: say('routes.onePasskeyMore'), tag, gives: view, refuses: [403, 404], status: 201 },
      body: z.object({ challenge, answer: webauthn, label: z.string().trim().min(1).max(60) }),
      run: ({ caller, body }) => ofSession(caller, (id) => signIn.addPasskey(id, body)),
    }),
    del('/account/passkeys/:id', {
      ...{ summary: say('routes.takeAPasskeyAway'), tag, gives: view, refuses: [403, 404, 409] },
      params: z.object({ id: z.string().max(1400) }),
      run: ({ caller, params }) => ofSession(caller, (id) => signIn.removePasskey(id, params.id)),
    }),
    del('/account/sessions/:id', {
      ...{ summary: say('routes.endASession'), tag, gives: view, refuses: [404] },
      params: z.object({ id: z.string().max(64) }),
      run: ({ caller, params }) => ofSession(caller, (id) => signIn.endSession(id, params.id)),
    }),
  ]
}

async function ofSession<T>(
  caller: Caller,
  work: (session: string) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (caller.kind !== 'operator' || caller.session === undefined)
    return { ok: false, fault: { code: 'account-none' } }
  return work(caller.session)
}
