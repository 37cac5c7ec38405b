import { CR, EOT, ESC, ETB, ETX, LF, STX, SUB, US } from '../kit/control-characters.ts'

/** Largest information part of a block we send, STX, terminator and checksum not counted (TAP 1.8). */
const INFORMATION = 250

/** Control characters that must travel as SUB and the character 40h above (transparency). */
const ESCAPED: ReadonlySet<number> = new Set([CR, LF, ESC, STX, ETX, US, ETB, EOT, SUB])

/** The three checksum characters for a sum of 7-bit values from STX to the terminator: 30h plus each of three nibbles. */
export function checksum(sum: number): [number, number, number] {
  return [0x30 + ((sum >> 8) & 0xf), 0x30 + ((sum >> 4) & 0xf), 0x30 + (sum & 0xf)]
}

/** ETX, ETB and US end a block (TAP 1.8). */
export function isTerminator(character: number): boolean {
  return character === ETX || character === ETB || character === US
}

/** Whole blocks, STX through the CR after the checksum, for one page of fields: split where 250 characters are full. */
export function encodeTapBlocks(fields: readonly string[]): Uint8Array[] {
  const blocks: Uint8Array[] = []
  let information: number[] = []
  const end = (terminator: number) => {
    const body = [STX, ...information, terminator]
    const sum = body.reduce((total, c) => total + c, 0)
    blocks.push(Uint8Array.from([...body, ...checksum(sum), CR]))
    information = []
  }
  for (const unit of units(fields)) {
    if (information.length + unit.length > INFORMATION) end(information.at(-1) === CR ? ETB : US)
    information.push(...unit)
  }
  end(ETX)
  return blocks
}

/** Characters as they travel; an escape is one unit and is never split. */
function* units(fields: readonly string[]): Generator<number[]> {
  for (const field of fields) {
    for (const character of field) {
      const code = character.codePointAt(0)!
      if (code > 0x7f) yield [0x3f]
      else if (ESCAPED.has(code)) yield [SUB, code + 0x40]
      else yield [code]
    }
    yield [CR]
  }
}

/** The text of a received field: SUB and a character of 40h–5Fh become the control character they stand for. */
export function plainText(field: readonly number[]): string {
  let text = ''
  for (let i = 0; i < field.length; i++) {
    const next = field[i + 1] ?? 0
    if (field[i] === SUB && next >= 0x40 && next < 0x60) {
      text += String.fromCharCode(next - 0x40)
      i++
    } else text += String.fromCharCode(field[i]!)
  }
  return text
}
