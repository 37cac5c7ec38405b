import { ESC } from '../kit/control-characters.ts'

const E = String.fromCharCode(ESC)

/** Control sequences as for colour, commands that end with ESC \, and the choice of a character set (ECMA-48, ECMA-35). */
const CODES = new RegExp(`${E}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${E}]*${E}\\\\|[(-/][0-~])`, 'g')

/**
 * Text without what a program tells a terminal in between: some colour their lines also where nobody looks. ESC before
 * anything else stays: it may be a sender's own.
 */
export function withoutTerminalCodes(text: string): string {
  return text.includes(E) ? text.replace(CODES, '') : text
}
