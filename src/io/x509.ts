import { createPrivateKey, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** Whom a certificate is for, and for how long. */
export interface CertificateSubject {
  readonly commonName: string
  /** DNS names and IPv4 addresses that browsers may call it by. */
  readonly names: readonly string[]
}

/** PEM, ready for `tls`. */
export interface CertificateWithKey {
  readonly cert: string
  readonly key: string
}

const HOUR = 3_600_000

/**
 * A P-256 certificate that vouches for itself (RFC 5280, version 3), valid from an hour before `from`: to begin with,
 * and for simulated providers. Written out here so that no certificate tool needs to be installed.
 */
export function selfSignedCertificate(
  subject: CertificateSubject,
  from: number,
  lastsMs: number,
): CertificateWithKey {
  const { publicKey, privateKey } = newPair()
  const name = nameOf(subject)
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    sequence(oid(ECDSA_WITH_SHA256)),
    name,
    sequence(time(from - HOUR), time(from + lastsMs)),
    name,
    publicKey,
    der(0xa3, sequence(sequence(oid(BASIC_CONSTRAINTS), TRUE, octets(sequence(TRUE))), altNames(subject))),
  )
  return { cert: pem('CERTIFICATE', signed(body, privateKey)), key: privateKey }
}

/** A request to the trust's own authority (PKCS #10, RFC 2986), with the names that browsers will use. */
export function certificateRequest(subject: CertificateSubject): {
  readonly request: string
  readonly key: string
} {
  const { publicKey, privateKey } = newPair()
  const wanted = sequence(oid(EXTENSION_REQUEST), set(sequence(altNames(subject))))
  const body = sequence(integer(Buffer.from([0])), nameOf(subject), publicKey, der(0xa0, wanted))
  return { request: pem('CERTIFICATE REQUEST', signed(body, privateKey)), key: privateKey }
}

function newPair() {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

function signed(body: Buffer, key: string): Buffer {
  const signature = createSign('sha256').update(body).sign(createPrivateKey(key))
  return sequence(
    body,
    sequence(oid(ECDSA_WITH_SHA256)),
    der(0x03, Buffer.concat([Buffer.from([0]), signature])),
  )
}

function nameOf({ commonName }: CertificateSubject): Buffer {
  // RFC 5280, appendix A: 64 characters at most.
  return sequence(set(sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(commonName.slice(0, 64))))))
}

function altNames({ names }: CertificateSubject): Buffer {
  const each = names.map((name) =>
    isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)),
  )
  return sequence(oid(SUBJECT_ALT_NAME), octets(sequence(...each)))
}

function pem(what: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${what}-----\n${lines.join('\n')}\n-----END ${what}-----\n`
}

const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
const COMMON_NAME = [0x55, 0x04, 0x03]
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13]
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11]
const EXTENSION_REQUEST = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e]

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
