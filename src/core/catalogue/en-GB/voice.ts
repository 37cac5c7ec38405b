/** What is spoken in a telephone call: read aloud by a machine, so short and without signs. */
export const voice = {
  says: 'Bleep Bridge. {what}.',
  tells: 'Bleep Bridge, about your bleep. {what}',
  keys: 'Press 1 if you are coming. Press 2 if you cannot. Press 3 to hear it again.',
  keyHeard: 'Press 1 if you have heard this. Press 3 to hear it again.',
  emergencyCall: 'Emergency call',
  urgentBleep: 'Urgent bleep',
  testCall: 'Test call',
  iAmComing: 'I am coming',
  iCannotCome: 'I cannot come',
  iHeardIt: 'I heard it',
} as const
