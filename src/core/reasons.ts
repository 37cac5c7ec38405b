/**
 * Every choice the daemon makes carries one of these codes to log, metric and console.
 * Code → the sentence an operator reads. Sorted by the stage of the path that chooses.
 */
export const REASONS = {
  // line
  heartbeat: 'The peer polled and had nothing to send',
  'resend-dropped':
    'The sender repeated a block we had already stored; answered again, not counted as a call',
  'link-down': 'No valid poll, select or block was heard for the time the profile allows',
  'link-up': 'The far end of the line speaks again',
  'block-refused-there': 'The paging system refused a block seen on the tap; its sender repeats it',
  'noise-line': 'A line matched a noise pattern of the profile',
  'log-line': 'A line that the profile keeps for the record and that alerts nobody',
  'date-record': 'The PBX told the date of the call records behind it',
  'page-joined': 'A piece of a page was joined to the piece before it',
  'sync-found': 'POCSAG synchronisation found',
  'transmission-end': 'The transmission ended',
  'slip-realigned': 'The bit clock slipped and was aligned again',
  'polarity-inverted': 'The transmission is inverted',
  // merge
  'first-sighting': 'No like bleep was open: someone was bleeped',
  'other-tap': 'Another tap heard the same transmission',
  'transmitter-repeat': 'The same tap heard it again inside the transmitter repeat time',
  'same-sequence': 'The feed gave the same sequence number again',
  'second-request': 'The same call again after the repeat time: someone bleeped again',
  'own-re-page': 'Our own radio re-page heard by a tap',
  'better-reading': 'A later copy repaired characters of an earlier reading',
  // deliver
  'no-device': 'The person has no phone or other device in use',
  'path-failed': 'No device could be reached this way',
  // classify
  'class-address': 'The number plan says what a page to this number means',
  'class-signal': 'The sender marked it by priority or call type',
  'class-text': 'The words say what it is',
  'class-raised': 'The words are more urgent than the number: raised',
  'class-shape': 'No rule knows it: judged by its shape',
  'class-test': 'An explicit test call',
  'class-stand-down': 'The words or the call type take an earlier call back',
  // joined on screen
  'echo-bleep': 'The same request again within moments: shown together, counted apart',
  'deja-bleep': 'The same place asks again from another telephone: shown together, counted apart',
  // hand-over of a role and its baton bleep
  'baton-offered': 'The holder has offered the role to somebody who has not answered yet',
  'baton-taken': 'The role has been taken over',
  'baton-refused': 'The role was offered and refused: the holder still has it',
  'baton-withdrawn': 'The offer of the role was taken back',
  'baton-forced': 'Switchboard has given the role to somebody',
  'baton-already': 'The role is already held by this person',
  'baton-not-holder': 'Only who holds the role may offer it',
  'baton-not-offered': 'The role is neither offered to this person nor theirs by the rota',
  'baton-person-unknown': 'Nobody active by this name is in the directory',
  'role-unknown': 'The site has no such role',
  'role-unheld': 'Nobody holds this role now',
  'role-unclaimed': 'The role passed to somebody by the rota who has not taken the baton',
  // directory
  'rota-gap': 'Nobody is down for this role in this time',
  'rota-double': 'More people are down for this role than it needs',
  'edit-revoked': 'A directory change was taken back later',
  'edit-unreadable': 'A stored directory change cannot be read and was left out',
  'edit-pointless': 'A stored directory change names somebody or something the site no longer has',
  // ask: whom, when, and why again
  'first-ask': 'First ring of this call',
  'no-receipt': 'No device receipt in time: the next way to this person was taken',
  'substitute-asked': 'A substitute was asked because nobody is left to take the role',
  'nobody-holds-role': 'Nobody holds a role that is needed',
  'nobody-to-ask': 'This step found nobody to ask: the next one fired at once',
  'all-declined': 'Everyone asked has declined or cannot be reached: the next step fired at once',
  'cover-late': 'Needed roles had not accepted in time: next holders and substitutes were asked',
  'switchboard-must-act': 'Needed roles are still missing: switchboard must act now',
  'next-in-turn': 'No answer in time: the next person was asked',
  'plan-repeats': 'The plan has run out: its last step repeats until somebody acts',
  'also-asked': 'Somebody on the call asked for this role too',
  'also-ask-unanswered': 'A role asked for in addition has not answered',
  'handed-over': 'The role changed hands while the call was open',
  'no-future': 'The auditor found an open call with nothing to come and raised the alarm',
  // cover
  'cover-complete': 'Every needed role is coming',
  'cover-short': 'A needed role is missing',
  'cover-lost': 'A needed role was lost again: people are being rung',
  'acceptance-lapsed': 'Somebody accepted and has not arrived in time',
  'covered-until-closed': 'Covered: waits until a person closes it',
  // human actions
  'answer-recorded': 'The answer was recorded',
  'call-back-answered': 'The exchange saw the call-back answered',
  'already-answered': 'This person has already answered so',
  'already-covered': 'Somebody else is already coming',
  'already-closed': 'The call was already closed; what was said is on its record',
  'already-released': 'This person has already been released or has declined',
  'already-taken-over': 'Switchboard is already acting on this call',
  'look-again': 'Something changed since this was shown: look again before acting',
  'not-asked': 'This person was not asked and holds no role of this call',
  released: 'A responder cannot come after all',
  'taken-over': 'Switchboard is acting on this call',
  'hold-ended': 'Switchboard took this call over, and it is still not covered',
  said: 'A reply was added to the call',
  // end
  'closed-by-person': 'A person closed the call',
  'covered-and-quiet': 'Covered and quiet: the call closed by itself',
  'test-over': 'The test is over',
} as const satisfies Record<string, string>

export type ReasonCode = keyof typeof REASONS
