import { createPrivateKey, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

/** A certificate that vouches for itself, for simulated providers: PEM, ready for `tls` and for a client's `ca`. */
export interface SelfSigned {
  readonly cert: string
  readonly key: string
}

const HOUR = 3_600_000

/**
 * Makes a P-256 certificate for localhost, 127.0.0.1 and further names (RFC 5280, version 3), valid from an hour ago
 * for a day. Written out here so that no simulator needs a certificate tool.
 */
export function selfSigned(names: readonly string[] = [], now: number = Date.now()): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const signedBy = sequence(oid(ECDSA_WITH_SHA256))
  const name = sequence(set(sequence(oid(COMMON_NAME), der(0x0c, Buffer.from('Bleep Bridge simulator')))))
  const altNames = sequence(
    ...['localhost', ...names].map((dns) => der(0x82, Buffer.from(dns))),
    der(0x87, Buffer.from([127, 0, 0, 1])),
  )
  const extensions = sequence(
    sequence(oid(BASIC_CONSTRAINTS), TRUE, octets(sequence(TRUE))),
    sequence(oid(SUBJECT_ALT_NAME), octets(altNames)),
  )
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    signedBy,
    name,
    sequence(time(now - HOUR), time(now + 24 * HOUR)),
    name,
    publicKey,
    der(0xa3, extensions),
  )
  const signature = createSign('sha256').update(body).sign(createPrivateKey(privateKey))
  const certificate = sequence(body, signedBy, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey,
  }
}

const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
const COMMON_NAME = [0x55, 0x04, 0x03]
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13]
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11]

/** Distinguished encoding (X.690): tag, shortest length, content. */
function der(tag: number, content: Buffer): Buffer {
  const n = content.length
  const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const TRUE = der(0x01, Buffer.from([0xff]))
const sequence = (...parts: readonly Buffer[]) => der(0x30, Buffer.concat(parts))
const set = (...parts: readonly Buffer[]) => der(0x31, Buffer.concat(parts))
const octets = (content: Buffer) => der(0x04, content)
const oid = (bytes: readonly number[]) => der(0x06, Buffer.from(bytes))
const integer = (bytes: Buffer) => der(0x02, bytes)

/** UTCTime, good until 2049. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}
