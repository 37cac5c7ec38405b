import { createECDH, randomBytes } from 'node:crypto'

export interface VapidPair {
  /** base64url, 65 bytes: phones subscribe with it. */
  readonly publicKey: string
  /** base64url, 32 bytes: never leaves this machine. */
  readonly privateKey: string
}

/** A key pair to sign pushes with (RFC 8292). With a new pair every phone has to subscribe again. */
export function vapidPair(): VapidPair {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  // A scalar that begins with zeros comes out short.
  const scalar = Buffer.alloc(32)
  pair.getPrivateKey().copy(scalar, 32 - pair.getPrivateKey().length)
  return { publicKey: pair.getPublicKey('base64url'), privateKey: scalar.toString('base64url') }
}

/** 256 bits that nobody can guess: an operator's key, or what signs sessions. */
export function newKey(): string {
  return randomBytes(32).toString('base64url')
}
