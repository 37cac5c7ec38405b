/**
 * Commands in full, as RFC 1861 spells them. Their first four letters are the command; a client may write more of the
 * word, in capitals or not.
 */
const WORDS = [
  ...['PAGER', 'MESSAGE', 'DATA', 'SEND', 'RESET', 'QUIT', 'HELP'],
  ...['LOGIN', 'LEVEL', 'ALERT', 'COVERAGE', 'HOLDUNTIL', 'CALLERID', 'SUBJECT'],
]

/** The four letters that a word stands for, or undefined when it is no command of this server. */
export function verbOf(word: string): string | undefined {
  const said = word.toUpperCase()
  return said.length < 4 ? undefined : WORDS.find((full) => full.startsWith(said))?.slice(0, 4)
}
