/** One call replayed minute by minute, for whoever looks into it. */
export const incident = {
  title: 'Incident pack',
  of: '{site}: call of {day}. Made {made} by {by}. Case {reason}.',
  says: 'Made from what was stored at the time. Times are the site’s clock; those of phones are marked where they are the phone’s own.',
  minute: '{clock}',
  happened: 'What happened',
  phones: 'What each phone had by then',
  board: 'Who had the board open',
  check: 'To check this file: node check-incident.js FILE. It was signed with the key {key}.',
  intro: 'One call replayed minute by minute, signed. Its id is in the address of its record.',
  id: 'Call (id)',
  names: 'With names and every word',
  read: 'Read it',
  save: 'Save the signed file',
  received: 'The bleep was received',
  wordsOut: 'left out, words: {n}',
  operator: 'an operator',
} as const
