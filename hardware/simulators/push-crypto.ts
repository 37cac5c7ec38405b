import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  type ECDH,
  hkdfSync,
  randomBytes,
  verify,
} from 'node:crypto'

/** The secrets a browser keeps for one push subscription (RFC 8291 clause 2). */
export class SubscriptionKeys {
  readonly #pair: ECDH = createECDH('prime256v1')
  readonly #auth = randomBytes(16)

  constructor() {
    this.#pair.generateKeys()
  }

  /** What the browser gives away: base64url, as PushSubscription.toJSON prints it. */
  get shared(): { readonly p256dh: string; readonly auth: string } {
    return { p256dh: this.#pair.getPublicKey('base64url'), auth: this.#auth.toString('base64url') }
  }

  /**
   * Decrypts one aes128gcm body (RFC 8188 clause 2, keys by RFC 8291 clause 3.4).
   * @throws Error when the body is not a single, whole, genuine record
   */
  decrypt(body: Buffer): Buffer {
    if (body.length < 86 + 17) throw new Error('body is shorter than header and one record')
    const salt = body.subarray(0, 16)
    const recordSize = body.readUInt32BE(16)
    const keyLength = body[20]
    if (keyLength !== 65) throw new Error('sender key is not an uncompressed P-256 point')
    const sender = body.subarray(21, 86)
    const record = body.subarray(86)
    if (record.length > recordSize) throw new Error('more than one record')
    const secret = this.#pair.computeSecret(sender)
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#pair.getPublicKey(), sender])
    const keying = Buffer.from(hkdfSync('sha256', secret, this.#auth, info, 32))
    const expand = (label: string, length: number) =>
      Buffer.from(hkdfSync('sha256', keying, salt, Buffer.from(`Content-Encoding: ${label}\0`), length))
    const cipher = createDecipheriv('aes-128-gcm', expand('aes128gcm', 16), expand('nonce', 12))
    cipher.setAuthTag(record.subarray(-16))
    const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()])
    const end = padded.findLastIndex((byte) => byte !== 0)
    if (padded[end] !== 2) throw new Error('last record lacks its delimiter')
    return padded.subarray(0, end)
  }
}

/** A key pair for VAPID as the configuration wants it: base64url. */
export function vapidKeys(): { readonly publicKey: string; readonly privateKey: string } {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  // OpenSSL leaves out leading zeros; the field has 32 bytes.
  const scalar = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32)
  return { publicKey: pair.getPublicKey('base64url'), privateKey: scalar.toString('base64url') }
}

/**
 * Checks a VAPID Authorization header (RFC 8292 clauses 2 and 3).
 * @param origin of the push service: the token's audience
 * @returns the sender's public key, base64url
 * @throws Error naming the first rule that is broken
 */
export function checkVapid(header: string | undefined, origin: string, now: number = Date.now()): string {
  const read = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)$/.exec(header ?? '')
  if (!read) throw new Error('authorization is not "vapid t=…, k=…"')
  const [, head = '', claims = '', signature = '', key = ''] = read
  const point = Buffer.from(key, 'base64url')
  if (point.length !== 65 || point[0] !== 4) throw new Error('k is not an uncompressed P-256 point')
  const { alg } = readPart(head)
  if (alg !== 'ES256') throw new Error('token is not signed with ES256')
  const genuine = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKeyOf(point), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!genuine) throw new Error('token signature is false')
  const { aud, exp, sub } = readPart(claims)
  if (aud !== origin) throw new Error(`audience is ${String(aud)}, not ${origin}`)
  const left = typeof exp === 'number' ? exp - now / 1000 : Number.NaN
  if (!(left > 0 && left <= 86_400)) throw new Error('token does not expire within the next 24 hours')
  if (typeof sub !== 'string' || !/^(mailto:|https:)/.test(sub)) throw new Error('subject is not a contact')
  return key
}

function readPart(part: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function publicKeyOf(point: Buffer) {
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, format: 'jwk' })
}
