import { type LineCharset, toBytes, toText } from '../kit/byte-to-text.ts'
import { ETX, RS, SOH, STX, US } from '../kit/control-characters.ts'
import { type EspaFields, fieldName, identifierOf } from './records.ts'

/** Block check character: exclusive or of every character after SOH through ETX (ESPA 4.4.4, data link layer). */
export function bcc(afterSohThroughEtx: Iterable<number>): number {
  let sum = 0
  for (const character of afterSohThroughEtx) sum ^= character
  return sum
}

/**
 * Reads a block whose check is good: header, STX, records separated by RS, ETX. Undefined when it has no header, no STX,
 * no record, a record without US, or two different call addresses: such a block is answered `3 NAK`.
 * Spaces and line ends around an identifier, and a separator before ETX, are forgiven; data are kept verbatim.
 */
export function parseBlock(afterSohThroughEtx: Uint8Array, charset: LineCharset): EspaFields | undefined {
  const stx = afterSohThroughEtx.indexOf(STX)
  if (stx < 1) return undefined
  const header = toText(afterSohThroughEtx.subarray(0, stx), 'latin1').trim()
  if (header === '') return undefined
  const fields: Record<string, string> = { header }
  const body = afterSohThroughEtx.subarray(stx + 1, -1)
  for (const record of split(body, RS)) {
    const us = record.indexOf(US)
    const identifier = toText(us < 0 ? record : record.subarray(0, us), 'latin1').trim()
    if (us < 0 && identifier === '') continue
    if (us < 0 || identifier === '') return undefined
    const name = fieldName(identifier)
    const value = toText(record.subarray(us + 1), charset)
    const earlier = fields[name]
    if (earlier === undefined || earlier === value) fields[name] = value
    else if (name === 'callAddress') return undefined
    else fields[name] = `${earlier}\n${value}`
  }
  return Object.keys(fields).length > 1 ? fields : undefined
}

/** A whole block, SOH through BCC, with the records in the order given. Names that are no record are left out. */
export function encodeBlock(fields: EspaFields, charset: LineCharset = 'latin1'): Uint8Array {
  const inner = [...toBytes(fields.header ?? '1', 'latin1'), STX]
  let first = true
  for (const [name, value] of Object.entries(fields)) {
    const identifier = identifierOf(name)
    if (identifier === undefined) continue
    if (!first) inner.push(RS)
    first = false
    inner.push(...toBytes(identifier, 'latin1'), US, ...toBytes(value, charset))
  }
  inner.push(ETX)
  return Uint8Array.from([SOH, ...inner, bcc(inner)])
}

function split(bytes: Uint8Array, separator: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  let from = 0
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== separator) continue
    parts.push(bytes.subarray(from, i))
    from = i + 1
  }
  return parts
}
