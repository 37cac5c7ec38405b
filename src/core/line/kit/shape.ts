import {
  ACK,
  CR,
  ENQ,
  EOT,
  ESC,
  ETB,
  ETX,
  LF,
  NAK,
  RS,
  SOH,
  STX,
  SUB,
  US,
  XOFF,
  XON,
} from './control-characters.ts'

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries({ SOH, STX, ETX, EOT, ENQ, ACK, LF, CR, XON, XOFF, NAK, ETB, SUB, ESC, RS, US }).map(
    ([name, code]) => [code, name],
  ),
)

/**
 * What bytes look like without what they say: control characters by name, everything else only counted, so that it may
 * stand in a log. `<STX>[34]<ETX>[1]`. Bit 7 is left out of account, because on many lines it is parity.
 */
export function shapeOf(bytes: Uint8Array): string {
  let shape = ''
  let others = 0
  const flush = (): void => {
    if (others > 0) shape += `[${others}]`
    others = 0
  }
  for (const byte of bytes) {
    const name = NAMES.get(byte & 0x7f)
    if (name === undefined) others += 1
    else {
      flush()
      shape += `<${name}>`
    }
  }
  flush()
  return shape
}
