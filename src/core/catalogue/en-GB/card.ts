/** What a call's card says of itself: what to do now, and what happens next. Followed by the time that is left. */
export const card = {
  closed: 'Closed',
  acting: '{by} is acting on it',
  covered: 'Full team on the way',
  asking: 'Calling people now',
  step: 'Calling the next people',
  repeat: 'Calling everyone again',
  receipt: 'Calling again phones that have not confirmed',
  insist: 'Calling again whoever has not looked',
  also: 'Calling the extra role again',
  hold: 'The alarm comes back',
  lapse: 'Calling again whoever has not arrived',
  close: 'Closes by itself',
  likelyOne: 'Same words as a call just before: likely one call, sent again',
  unknownAddress: 'Unknown address',
  unknownBleep: 'Unknown bleep',
  medicalEmergencyMet: 'Medical emergency (MET)',
} as const
