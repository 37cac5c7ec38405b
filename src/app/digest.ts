import { createHash } from 'node:crypto'

/** Tokens and codes are only ever kept as this. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
