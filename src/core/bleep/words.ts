/**
 * The words of a page as rules read them: capitals and digits, one space between words, everything else gone.
 * A character that the radio lost (U+FFFD) stays, as part of its word.
 */
export function words(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^A-Z0-9\uFFFD]+/g, ' ')
    .trim()
}

/**
 * Mends slips in key words (`CARIDAC`, `HAEMORRAGE`), so that a hurried hand still raises the alarm. The first letter
 * must be right, or changed places with the second. Key words are left alone, and so are words in `real`, which lie
 * near one and mean something else.
 */
export function mend(text: string, keywords: readonly string[], real: ReadonlySet<string>): string {
  return text
    .split(' ')
    .map((word) =>
      real.has(word) || keywords.includes(word)
        ? word
        : (keywords.find((key) => isSlipOf(word, key)) ?? word),
    )
    .join(' ')
}

/** How many slips a key word forgives: a change of places only up to five letters, one slip up to seven, then two. */
function isSlipOf(word: string, key: string): boolean {
  if (/\d/.test(word)) return false
  const swappedStart = word[0] === key[1] && word[1] === key[0]
  if (word[0] !== key[0] && word[0] !== '\uFFFD' && !swappedStart) return false
  if (key.length <= 5) return sameLetters(word, key) && distance(word, key, 1) === 1
  const most = key.length <= 7 ? 1 : 2
  return distance(word, key, most) <= most
}

function sameLetters(a: string, b: string): boolean {
  return [...a].sort().join('') === [...b].sort().join('')
}

/**
 * Edits between two words, neighbours changing places counted as one (optimal string alignment).
 * Exact up to `most`; anything farther is `most + 1`.
 */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same)
      // Before the first letter there is nothing, which equals no letter.
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, before[j - 2]! + 1)
      }
      row.push(least)
    }
    before = above
    above = row
  }
  return Math.min(above[b.length]!, most + 1)
}
