/**
 * A decoder that does not know how a page is coded prints it in each way it can (multimon-ng -f auto). All of them are
 * readings of the same bits, so the likeliest can be told: what is not explained by a reading counts against it.
 */
export const READINGS = ['numeric', 'alpha', 'skyper'] as const
export type ReadingName = (typeof READINGS)[number]

/** Bits of one character. */
const BITS: Readonly<Record<ReadingName, number>> = { numeric: 4, alpha: 7, skyper: 7 }

/** What fills the codeword behind the end of a text; inside one it is as rare as any control character. */
const FILL = '\x00\x03\x04'
const FILL_CHANCE = 0.02

/** How often pages are coded so, before their text is looked at; by the function, where a house keeps to the usual. */
function prior(name: ReadingName, fn: string | undefined): number {
  if (name === 'skyper') return 0.005
  if (fn === '0') return name === 'numeric' ? 0.7 : 0.3
  if (fn === '3') return name === 'numeric' ? 0.2 : 0.8
  return 0.5
}

/** The likeliest of several readings. @param texts with control characters as one character each, fill kept */
export function likeliest(texts: ReadonlyMap<ReadingName, string>, fn: string | undefined): ReadingName {
  const bits = Math.max(...Array.from(texts, ([name, text]) => BITS[name] * text.length))
  let best: ReadingName = 'alpha'
  let most = Number.NEGATIVE_INFINITY
  for (const [name, text] of texts) {
    const chance = name === 'numeric' ? numericChance : alphaChance
    let score = Math.log(prior(name, fn)) - (bits - BITS[name] * text.length) * Math.LN2
    let end = text.length
    while (FILL.includes(text[end - 1] ?? ' ')) end--
    for (const character of text.slice(0, end)) score += Math.log(chance(character))
    score += (text.length - end) * Math.log(FILL_CHANCE)
    if (score > most) [best, most] = [name, score]
  }
  return best
}

/** Chance of a character in what people key in: digits, spaces between and behind, a hyphen; the rest hardly ever. */
function numericChance(c: string): number {
  if (c >= '0' && c <= '9') return 0.088
  return c === ' ' ? 0.08 : c === '-' ? 0.03 : 0.002
}

/** Chance of a character in what switchboards write: capitals mostly, figures, a little punctuation. */
function alphaChance(c: string): number {
  if (c >= 'A' && c <= 'Z') return 0.5 / 26
  if (c >= 'a' && c <= 'z') return 0.12 / 26
  if (c >= '0' && c <= '9') return 0.014
  if (c === ' ') return 0.14
  return ".,:/-()'&+?!".includes(c) ? 0.004 : c < ' ' || c === '\x7f' ? 0.0001 : 0.0005
}
