export const acts = {
  putOnRecordYouHave: 'Recorded: you have dealt with it.',
  isBeingRung: '{name} is being rung.',
  hasNowOpenCallsHave: '{toName} has {name} now. Open calls have moved with it.',
  theTestCallToIs: 'The test call to {number} is out.',
  isRevokedItRingsNo: '{label} is switched off and will not ring again.',
  ringsOnItsOwn: 'It rings as a call of its own now.',
  recordedAs: '{name}: recorded as {answer}',
} as const
