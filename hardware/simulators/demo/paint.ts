/** Escape sequences are for eyes only: none in a file or a pipe, none where they are not wanted (no-color.org). */
const COLOURS = !process.env.NO_COLOR && process.env.TERM !== 'dumb' && process.stdout.isTTY

/** Select graphic rendition (ECMA-48 clause 8.3.117). */
const CODES = {
  bold: '1',
  quiet: '2',
  red: '31;1',
  amber: '33',
  blue: '36',
  violet: '35',
  green: '32',
  /** Black on white whatever the terminal’s own colours, as a camera expects a QR code. */
  paper: '30;107',
} as const

export type Paint = keyof typeof CODES

export function paint(as: Paint, text: string): string {
  return COLOURS ? `\u001b[${CODES[as]}m${text}\u001b[0m` : text
}

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** Civil time of the hospital, as its board shows it. */
export const clock = (at: number): string => CLOCK.format(at)

/** Columns, where no terminal says how many it has. */
const WIDTH = 100

/**
 * Breaks text between words, so that it stays right of the indent.
 * @param indent columns taken on each line by what stands before the text
 */
export function wrap(text: string, indent: number): string {
  const room = Math.max(30, Math.min(process.stdout.columns ?? WIDTH, WIDTH) - indent)
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + 1 + word.length > room) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join(`\n${' '.repeat(indent)}`)
}
