/** What a reader has to check of a page that did not come in clearly. */
export const unclear = {
  bed: 'Bed unclear: check',
  ward: 'Ward unclear: check',
  room: 'Room unclear: check',
  theatre: 'Theatre unclear: check',
  zone: 'Zone unclear: check',
  level: 'Level unclear: check',
  telephone: 'Telephone number unclear: check',
  digits: 'Number unclear: check',
  words: 'Words unclear: check',
  address: 'Whom it was for is unclear: check',
  end: 'The end may be missing: check',
} as const
