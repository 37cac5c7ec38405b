export const acts = {
  putOnRecordYouHave: 'Put on record: you have acted on it.',
  isBeingRung: '{name} is being rung.',
  hasNowOpenCallsHave: '{toName} has {name} now. Open calls have moved with it.',
  theTestCallToIs: 'The test call to {number} is out.',
  isRevokedItRingsNo: '{label} is revoked: it rings no more.',
  ofIsEnrolledAskThem: '{number} of {name} is enrolled. Ask them whether the test text came.',
  ofIsEnrolledButNo: '{number} of {name} is enrolled, but no test text could be sent to it.',
  recordedAs: '{name}: recorded as {answer}',
} as const
