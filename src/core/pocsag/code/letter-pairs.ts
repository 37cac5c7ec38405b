/**
 * How often each letter follows another in English, counted over the 40 000 different words of the Brown corpus
 * (Francis and Kučera, 1964), each by the root of its number. A row by the letter before, the first for the beginning of
 * a word; in it the letters from a to z, as half bits of information in base 36: 2 is one in 2, 4 one in 4, a one in 32.
 */
const ROWS = [
  '887899a99dda8ba7g868bcamfj', // word
  'ka89hdag9jc696jak685bcdgbg', // a
  '6bii5mkk7em5gj6kn7ad7hkncn', // b
  '6lbk6ll68m89lk5mi9e79mmndl', // c
  '8ghb3hcg4fkadf8jk98h9denbm', // d
  '8f96accgdjh8a6ebg569fbdbdi', // e
  '6jlk67lk5ml7jj5mn7f97nkncn', // f
  '7inj4ia77nl8e98kn69d8mjncm', // g
  '5gii4hki5mkddd5jlae99lfnal', // h
  '9c7a8balklf8a47cia77galhmc', // i
  '5inh4nnnannnnk4nnnkn4nnnin', // j
  '8fih3ehd5jh9e89gld7fdldnan', // k
  '6gga4ehi5ne6eh7fmiab9ein6k', // l
  '59fl4hlk6nlg9f67njak9llncn', // m
  '8h876c5g8hdegb9hig75cdhkdi', // n
  'ccaaecbgcjd8849ak6997a9gei', // o
  '6jll5ik87mj7gj68m5a99mjnfn', // p
  'nnnnjnnnnnnhnnnnnnnn0jjnnn', // q
  '6eba4fcg6mdcab7dka88adhmak', // r
  '9g9h6gj86mcbbe89gi748jdndl', // s
  '7jdk4hk74mlbfh8jn78a9lfnai', // t
  '9a9a9dai9kh786eal667khmghh', // u
  '6nll2nnn4nnknm7lnihlflnnfm', // v
  '4fhd5gl75ngbg86hna9fgnknfm', // w
  '7j6n6gja5nnfkib4hhj5bkghcn', // x
  '8b9b6fee7jf87879n959eicnje', // y
  '5hnn2kig6ngain8nnhjkdhhnb7', // z
] as const

const CHANCES = ROWS.map((row) => {
  const shares = [...row].map((digit) => 2 ** (-Number.parseInt(digit, 36) / 2))
  const all = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / all)
})

/** Place of a letter in the alphabet, either case, 1 to 26; 0 for anything else. */
export function letterOf(glyph: string): number {
  const upper = glyph.toUpperCase()
  return upper.length === 1 && upper >= 'A' && upper <= 'Z' ? upper.charCodeAt(0) - 64 : 0
}

/** Chance of a letter (1 to 26) behind another, or behind anything that is none (0), given that a letter comes. */
export function pairChance(before: number, letter: number): number {
  return CHANCES[before]![letter - 1]!
}
