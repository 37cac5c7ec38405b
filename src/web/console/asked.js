/**
 * Whether something known by these words is what somebody asks for: each word typed begins one of them, in any order, as
 * people say it: `med reg` is the Medical registrar, `paeds` the Paediatric one, `2201` whoever that number calls.
 * @param {readonly string[]} words
 * @param {string} asked
 */
export function answersTo(words, asked) {
  const known = wordsOf(words.join(' '))
  const whole = words.map((word) => word.toLowerCase())
  const typed = wordsOf(asked)
  if (typed.length === 0) return false
  if (whole.some((word) => word.startsWith(asked.trim().toLowerCase()))) return true
  return typed.every((one) => {
    // People put an s to what they cut short: paeds, gynae s.
    const short = one.length > 3 && one.endsWith('s') ? one.slice(0, -1) : one
    return known.some((word) => word.startsWith(one) || word.startsWith(short))
  })
}

/** @param {string} text */
const wordsOf = (text) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}#*]+/u)
    .filter((word) => word !== '')
