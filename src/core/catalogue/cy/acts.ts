export const acts = {
  putOnRecordYouHave: 'Cofnodwyd: rydych wedi delio â hyn.',
  isBeingRung: 'Mae {name} yn cael ei alw.',
  hasNowOpenCallsHave: '{name}: gan {toName} y mae nawr. Mae’r galwadau agored wedi symud gyda’r rôl.',
  theTestCallToIs: 'Mae’r alwad brawf i {number} wedi mynd.',
  isRevokedItRingsNo: 'Mae {label} wedi’i ddiffodd ac ni fydd yn canu eto.',
  recordedAs: '{name}: cofnodwyd fel {answer}',
  ringsOnItsOwn: 'Mae’n canu ar ei phen ei hun nawr.',
} as const
