/** What stands on a screen on the wall, read from across a room. */
export const wall = {
  title: 'Wall – Bleep Bridge',
  calm: 'No emergency open',
  calmOthers: '{n|one:# other call is open|other:# other calls are open}',
  alarm: '{n|one:Emergency|other:# emergencies}',
  notFit: 'Bleeps may not reach phones. Take calls by telephone and radio.',
  covered: 'Full team on the way',
  acting: 'Switchboard is telephoning',
  more: 'And {n} more: {places}',
  ends: 'This screen is signed in until {day}. Sign it in again before.',
} as const
