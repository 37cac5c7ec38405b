import { z } from 'zod'
import { say } from '../catalogue/say.ts'

/**
 * Where a nudge goes: a telephone number in the international form of ITU-T E.164 (`+`, at most 15 digits), or a
 * reference by which the site's own gateway knows somebody, so that their number need not be held here. A reference has
 * a letter in it: a number with a digit too many is refused, not taken for one.
 */
export const nudgeNumber = z
  .string()
  .trim()
  .transform((typed) => international(typed) ?? typed)
  .refine((number) => E164.test(number) || REFERENCE.test(number), say('settings.neitherTelephoneNumberNor'))

const E164 = /^\+[1-9]\d{6,14}$/
const REFERENCE = /^(?=[^A-Za-z]{0,63}[A-Za-z])[A-Za-z0-9][A-Za-z0-9._@-]{2,63}$/

/** UK national (0…), 00 and + forms, with the gaps and brackets people write. */
function international(typed: string): string | undefined {
  const digits = typed.replace(/\(0\)|[\s().-]/g, '')
  if (/^\+\d+$/.test(digits)) return digits
  if (/^00\d+$/.test(digits)) return `+${digits.slice(2)}`
  return /^0(?:7\d{9}|[1-689]\d{8,9})$/.test(digits) ? `+44${digits.slice(1)}` : undefined
}

/** Enough to tell one number from another, too little to ring it. */
const SHOWN = 3

/** How a number is shown, to whoever enrols devices and to nobody else. */
export function maskedNumber(number: string): string {
  return number === '' ? '' : `…${number.slice(-SHOWN)}`
}
