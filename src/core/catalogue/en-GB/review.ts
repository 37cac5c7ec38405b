export const review = {
  noneWaits: 'Nothing waiting.',
  bleepsThatRangNobody: 'Bleeps that did not ring anyone',
  readAndAct: 'Read and act',
  addressesThatNoDirectoryHolds: 'Unknown radio addresses',
  heardInTheLast24:
    'Heard in the last 24 hours and kept off every phone: another site’s pagers, or a number missing from the number plan. One that is ours belongs in',
  since: 'since {received}',
  noneWasHeard: 'None heard.',
  itWasForUs: 'This is one of ours',
  notForYouToRead: 'not for you to read',
  unknownAddresses: 'Unknown addresses',
  eachUnknownAddressWithHow: 'Each unknown address with how often and when it was heard',
  address: 'Address',
  heard: 'Heard',
  last: 'Last',
  words: 'Words',
} as const
