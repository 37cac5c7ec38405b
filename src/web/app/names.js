/**
 * Every word that was typed begins a word of the name, whatever its case, accents and apostrophes; a hyphen parts
 * words, in the name and in what was typed.
 * @param {string} name
 * @param {string} typed
 */
export function isNamed(name, typed) {
  const words = wordsOf(name)
  return wordsOf(typed).every((part) => words.some((word) => word.startsWith(part)))
}

/** @param {string} text */
const wordsOf = (text) =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
