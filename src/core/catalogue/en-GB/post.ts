/** Letters to those who look after the bridge, and what they hold. */
export const post = {
  digest: '{site}: {begun|one:# new fault|other:# new faults}, {over|one:# mended|other:# mended}',
  from: 'What stands at Bleep Bridge, node {node}.',
  begun: 'New:',
  over: 'Mended:',
  still: 'Still standing:',
  noWords: 'No patient is named here, and nobody who is rung. The board has the rest.',
  report: '{site}: report of the {shift} shift, {day}',
  reportText: 'The report of the shift is with this letter. It holds figures only.',
  shiftLog: '{site}: calls of the last 24 hours',
  shiftLogText: 'The sheet of the last 24 hours is with this letter, without the words of any call.',
  faultBegins: '{site}, {node}: {sentence} ({subject}). {remedy}.',
  faultOver: '{site}, {node}: over: {sentence} ({subject}).',
  more: '{site}, {node}: {n} more changes. See the board.',
} as const
