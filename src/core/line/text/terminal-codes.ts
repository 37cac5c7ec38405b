import { BEL, ESC } from '../kit/control-characters.ts'

const E = String.fromCharCode(ESC)
const B = String.fromCharCode(BEL)

/**
 * Control sequences as for colour, commands that end with ESC \ or, as a window's title does, with BEL, and the choice of
 * a character set (ECMA-48, ECMA-35); and the bell itself.
 */
const CODES = new RegExp(`${E}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${E}${B}]*(?:${E}\\\\|${B})|[(-/][0-~])|${B}`, 'g')

/**
 * Text without what a program tells a terminal in between: some colour their lines also where nobody looks. ESC before
 * anything else stays: it may be a sender's own.
 */
export function withoutTerminalCodes(text: string): string {
  return text.includes(E) ? text.replace(CODES, '') : text
}
