import { createHash, createHmac } from 'node:crypto'

/** Tokens and codes are only ever kept as this. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** HMAC-SHA256 of a text under a key, in hexadecimal. */
export function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

/** The same as bytes. */
export function hmacBytes(key: string, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest()
}
