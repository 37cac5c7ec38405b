/** The switchboard's own sheet, on paper and on disk. */
export const log = {
  title: 'Switchboard shift log',
  made: 'As of {at}. Every call of the last {n} hours; open calls first.',
  words: 'What was said',
  nobody: 'nobody yet: {role}',
  open: 'Open',
  acting: '{by} is acting on it',
  none: 'No call in this time.',
  cut: 'Only the latest {n} calls are on this sheet; earlier ones are under Find.',
} as const
