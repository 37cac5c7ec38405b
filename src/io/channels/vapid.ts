import { createPrivateKey, sign } from 'node:crypto'
import { HOUR, type Instant, type Millis } from '../../core/instant.ts'

export interface VapidKeys {
  readonly subject: string
  /** Uncompressed P-256 point and its scalar, base64url. */
  readonly publicKey: string
  readonly privateKey: string
}

/** RFC 8292 clause 2 allows a token 24 hours; half of that forgives a clock that is wrong, and a quarter is used. */
const LIFE: Millis = 12 * HOUR
const USED: Millis = 6 * HOUR

/**
 * The Authorization header for each push service (RFC 8292 clause 3), signed once and kept while it is fresh. The push
 * library would sign a new token for every push, which costs more than everything else it does.
 */
export function vapidHeaders({
  subject,
  publicKey,
  privateKey,
}: VapidKeys): (origin: string, now: Instant) => string {
  const point = Buffer.from(publicKey, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
  const key = createPrivateKey({
    key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '', d: privateKey },
    format: 'jwk',
  })
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = part({ typ: 'JWT', alg: 'ES256' })
  const kept = new Map<string, { readonly header: string; readonly from: Instant }>()
  return (origin, now) => {
    const known = kept.get(origin)
    if (known && now >= known.from && now - known.from < USED) return known.header
    const exp = Math.floor((now + LIFE) / 1000)
    const signed = `${head}.${part({ aud: origin, exp, sub: subject })}`
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
    const header = `vapid t=${signed}.${signature.toString('base64url')}, k=${publicKey}`
    kept.set(origin, { header, from: now })
    return header
  }
}
