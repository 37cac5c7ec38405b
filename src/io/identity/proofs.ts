import { Secret, TOTP } from 'otpauth'
import { z } from 'zod'
import { SECOND } from '../../core/instant.ts'
import type { Proofs } from '../../ports/identity.ts'
import { guessable } from './guessable.ts'
import { Passwords } from './passwords.ts'

const STEP = 30
/** A phone's clock may be a step out. */
const WINDOW = 1
const TITLE = 'Bleep Bridge'
/** EdDSA, ES256, RS256 (IANA COSE algorithms): what authenticators have today. */
const ALGORITHMS = [-8, -7, -257]

/** Read with the first passkey: a site without them does without its memory. */
const webauthn = () => import('@simplewebauthn/server')

/** Only what the library reads without asking; it checks the rest. */
const base64url = z.string().regex(/^[\w-]+$/)
const answered = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  response: z.record(z.string(), z.unknown()),
})
const registration = answered.extend({
  response: z.object({ clientDataJSON: base64url, attestationObject: base64url }),
})
const assertion = answered.extend({
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish().transform((handle) => handle ?? undefined),
  }),
})

/** @param origin how browsers call us: passkeys are made for its host and serve no other */
export function createProofs(origin: string): Proofs {
  const passwords = new Passwords()
  const host = new URL(origin).hostname
  const totp = (secret: string, label = '') =>
    new TOTP({ issuer: TITLE, label, secret: Secret.fromBase32(secret), period: STEP })
  const expected = (challenge: string) => ({
    expectedChallenge: Buffer.from(challenge).toString('base64url'),
    expectedOrigin: origin,
    expectedRPID: host,
    requireUserVerification: true,
  })
  return {
    hash: (password) => passwords.hash(password),
    guessable,
    matches: (password, hash) => passwords.matches(password, hash),
    get waiting() {
      return passwords.waiting
    },
    newSecret: () => new Secret({ size: 20 }).base32,
    secretLink: (secret, account) => totp(secret, account).toString(),
    stepOf(secret, code, now) {
      const by = totp(secret).validate({ token: code, timestamp: now, window: WINDOW })
      return by === null ? undefined : Math.floor(now / (STEP * SECOND)) + by
    },
    async passkeyOptions(challenge, account, known) {
      const { generateRegistrationOptions } = await webauthn()
      const made = await generateRegistrationOptions({
        supportedAlgorithmIDs: ALGORITHMS,
        ...{ rpName: TITLE, rpID: host, challenge, attestationType: 'none' },
        ...{ userName: account, userDisplayName: account, userID: new TextEncoder().encode(account) },
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        excludeCredentials: known.map(({ id }) => ({ id })),
      })
      return { ...made }
    },
    async readPasskey(challenge, answer) {
      const read = registration.safeParse(answer)
      if (!read.success) return undefined
      const { verifyRegistrationResponse } = await webauthn()
      const proved = await verifyRegistrationResponse({
        supportedAlgorithmIDs: ALGORITHMS,
        ...expected(challenge),
        response: { ...read.data, clientExtensionResults: {} },
      }).catch(() => undefined)
      if (proved?.verified !== true) return undefined
      const { id, publicKey, counter } = proved.registrationInfo.credential
      return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter }
    },
    async askOptions(challenge) {
      const { generateAuthenticationOptions } = await webauthn()
      return {
        ...(await generateAuthenticationOptions({ rpID: host, challenge, userVerification: 'required' })),
      }
    },
    async provePasskey(challenge, answer, { id, publicKey, counter }) {
      const read = assertion.safeParse(answer)
      if (!read.success) return undefined
      const { response, ...said } = read.data
      const { userHandle, ...rest } = response
      const { verifyAuthenticationResponse } = await webauthn()
      const proved = await verifyAuthenticationResponse({
        ...expected(challenge),
        response: {
          ...{ ...said, clientExtensionResults: {} },
          response: userHandle === undefined ? rest : { ...rest, userHandle },
        },
        credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter },
      }).catch(() => undefined)
      return proved?.verified === true ? proved.authenticationInfo.newCounter : undefined
    },
  }
}
