/** Why somebody is, or is not, rung at night for a fault. */
export const night = {
  aCallWants: 'A call, or a crash role, has nobody: act by telephone now.',
  lineDeaf: 'A line is not heard, so phones stay silent for what comes over it. Pagers go on.',
  radioDumb: 'What we send to pagers does not go out, or is not heard on the air.',
  phonesDumb: 'A way to phones is down. Others may ring, and pagers go on.',
  bridgeAils: 'The bridge itself, its disk or its database does not keep a promise.',
  setUpSlip: 'Seen when a line is set up. Where nothing is heard, another fault says so and wakes estates.',
  oldStands: 'What was in force before stays in force.',
  onlyCopies: 'Paging goes on. What is missing is a copy, a paper or a renewal with days in hand.',
  forOffice: 'For governance in the morning. No call is lost by it.',
  madeGood: 'The switchboard has it on its board, and makes the test good there.',
} as const
