export const acts = {
  putOnRecordYouHave: 'Recorded: you have dealt with it.',
  isBeingRung: '{name} is being rung.',
  hasNowOpenCallsHave: '{toName} has {name} now. Open calls have moved with it.',
  theTestCallToIs: 'The test call to {number} is out.',
  isRevokedItRingsNo: '{label} is switched off and will not ring again.',
  ofIsEnrolledAskThem: '{number} of {name} is enrolled. Ask them whether the test text came.',
  ofIsEnrolledButNo: '{number} of {name} is enrolled, but no test text could be sent to it.',
  recordedAs: '{name}: recorded as {answer}',
} as const
