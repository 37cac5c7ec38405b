import { MINUTE } from '../../core/instant.ts'

/** No 0, 1, I, L, O or U: read out over the telephone and typed on a phone. 30^8 codes, ten tries a minute, 15 minutes. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
export const CODE_LENGTH = 8
export const CODE_LASTS = 15 * MINUTE

export function newCode(bytes: Uint8Array): string {
  const text = Array.from(bytes, (b) => ALPHABET[b % ALPHABET.length]).join('')
  return `${text.slice(0, 4)}-${text.slice(4)}`
}

/** As typed: case, spaces and dashes do not matter. */
export function plain(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, '')
}
