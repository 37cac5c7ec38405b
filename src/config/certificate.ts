import { createPrivateKey, X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { say } from '../core/catalogue/say.ts'
import { ok, type Result } from '../core/faults.ts'
import type { Instant } from '../core/instant.ts'
import { printInstant } from '../core/instant.ts'
import type { ConfigFault } from './fault.ts'
import type { Config } from './load.ts'
import { readText } from './text.ts'

/** A certificate with its chain and the key that belongs to it, both in PEM, and when it ends. */
export interface CertificatePair {
  readonly cert: string
  readonly key: string
  readonly ends: Instant
}

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/**
 * The pair that the configuration names, as a browser will see it: the certificate fits the key, each one of the chain is
 * signed by the next, and the first of them is valid now. Gives the sentence that says what is wrong.
 * `undefined` where the site has none.
 */
export function readPair(
  { http, folder }: Config,
  now: Instant,
): Result<CertificatePair, string> | undefined {
  if (http.tls === undefined) return undefined
  const unread: ConfigFault[] = []
  const cert = readText(resolve(folder, http.tls.cert), true, unread)
  if (cert === undefined)
    return wrong(
      say('settings.cannotBeRead', {
        cert: http.tls.cert,
        why: unread[0]?.detail ?? say('settings.itIsNotThere'),
      }),
    )
  const { key } = http.tls
  if (key === '') return wrong(say('settings.itsKeyCannotBeRead'))
  try {
    const [own, ...above] = (cert.match(PEM) ?? []).map((pem) => new X509Certificate(pem))
    if (own === undefined) return wrong(say('settings.holdsNoCertificateInPem', { cert: http.tls.cert }))
    if (!own.checkPrivateKey(createPrivateKey(key))) return wrong(say('settings.theKeyBelongsToAnother'))
    const chain = [own, ...above]
    const broken = above.findIndex(
      (issuer, i) => !chain[i]?.checkIssued(issuer) || !chain[i]?.verify(issuer.publicKey),
    )
    if (broken >= 0) return wrong(say('settings.certificateItsChainNotSigned', { number: broken + 1 }))
    // A browser goes by the first of the chain that ends, but for the authority at its top, which it knows itself.
    const shown = chain.filter((one) => one === own || one.subject !== one.issuer)
    const from = Math.max(...shown.map(({ validFrom }) => Date.parse(validFrom)))
    const ends = Math.min(...shown.map(({ validTo }) => Date.parse(validTo)))
    if (now < from) return wrong(say('settings.itIsNotValidBefore', { at: printInstant(from) }))
    if (now >= ends) return wrong(say('settings.itEndedAt', { at: printInstant(ends) }))
    return ok({ cert, key, ends })
  } catch (error) {
    return wrong(
      say('settings.itCannotBeUsed', {
        why: error instanceof Error ? error.message.slice(0, 100) : 'unknown',
      }),
    )
  }
}

const wrong = (fault: string): { readonly ok: false; readonly fault: string } => ({ ok: false, fault })

export function pairFaults(config: Config, now: Instant): readonly ConfigFault[] {
  const pair = readPair(config, now)
  return pair === undefined || pair.ok
    ? []
    : [{ path: 'http.tls.cert', code: 'certificate-bad', detail: pair.fault }]
}
