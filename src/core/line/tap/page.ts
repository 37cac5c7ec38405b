import type { Page } from '../../bleep/bleep.ts'
import type { Instant } from '../../instant.ts'
import { CR } from '../kit/control-characters.ts'
import { plainText } from './block.ts'

/** Further fields are `field3`, `field4` …, as the specification counts them. */
const FURTHER = /^field\d+$/

/** Why the fields of a transaction are no page, by response code. */
export type TapRefusal = 510 | 515

/**
 * A page from the information of all blocks of a transaction: field 1 names the pager, field 2 is the message, more
 * fields are more lines of it. Every field ends in CR, even an empty one.
 */
export function tapPage(
  information: readonly number[],
  firstByte: Instant,
  lastByte: Instant,
): Page | TapRefusal {
  const fields = splitFields(information)
  if (fields.length < 2) return 515
  const [pagerId = '', ...lines] = fields
  if (pagerId.trim() === '') return 510
  const text = lines.join('\n')
  const further = lines.slice(1).map((line, i) => [`field${i + 3}`, line] as const)
  return {
    to: { scheme: 'number', number: pagerId.trim() },
    type: text === '' ? 'tone' : 'alpha',
    text,
    quality: 'clean',
    corrected: 0,
    fields: { pagerId, message: lines[0]!, ...Object.fromEntries(further) },
    firstByte,
    lastByte,
  }
}

/** The fields as `bleepd decode` prints them. */
export function showTap(fields: Page['fields']): Record<string, unknown> {
  const further = Object.entries(fields).filter(([name]) => FURTHER.test(name))
  return {
    pagerId: fields.pagerId,
    message: fields.message,
    ...(further.length > 0 && { fields: further.map(([, value]) => value) }),
  }
}

function splitFields(information: readonly number[]): string[] {
  const fields: string[] = []
  let field: number[] = []
  for (const c of information) {
    if (c === CR) {
      fields.push(plainText(field))
      field = []
    } else field.push(c)
  }
  if (field.length > 0) fields.push(plainText(field))
  return fields
}
