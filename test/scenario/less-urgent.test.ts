import { score } from '../support/night-score.ts'

score(
  'a routine bleep asks one person at a time, the next after 45 s, then substitutes',
  `
  0     page 0028 "4421"
  0     want ring f1a
  44    want nothing
  45    want ring f1b
  1:30  want radio, prompt next-in-turn, ring surg
  5:00  want act switchboard-must-act, is exhausted, again f1a, again f1b, again surg
  `,
)

score(
  'one acceptance covers a routine bleep, and the others are told to stop',
  `
  0     page 0028 "4421"
  0     want ring f1a
  45    want ring f1b
  50    f1b accepts
  50    want is covered, stand-down f1a
  `,
)

score(
  'the second to accept is told who was first',
  `
  0     page 0028 "4421"
  0     want ring f1a
  45    want ring f1b
  50    f1a accepts
  50    want is covered, stand-down f1b
  51    f1b accepts
  51    want reply already f1a
  `,
)

score(
  'two accept on screens that both showed the call open: one is coming, the other is told, nothing is applied blindly',
  `
  0     page 0028 "4421"
  0     want ring f1a
  45    want ring f1b
  50    f1a accepts
  50    want is covered, stand-down f1b
  50    f1b accepts seen at 46
  50    want reply already f1a
  `,
)

score(
  'a promise to call back covers a routine bleep',
  `
  0     page 0028 "4421"
  0     want ring f1a
  10    f1a calls-back
  10    want is covered
  `,
)

score(
  'the exchange sees the call-back answered: covered without a tap',
  `
  0     page 0028 "4421"
  0     want ring f1a
  20    pbx sees f1a
  20    want is covered
  `,
)

score(
  'the first in turn declines: the next is asked at once',
  `
  0     page 0028 "4421"
  0     want ring f1a
  5     f1a declines
  5     want ring f1b
  `,
)

score(
  'an echo of the same call within 30 s joins the open call and rings nobody',
  `
  0     page 0028 "4421"
  0     want ring f1a
  10    page 0028 "4421"
  44    want nothing
  45    want ring f1b
  `,
)

score(
  'the same ward from another telephone is shown together and rings on its own',
  `
  0     page 0028 "4421"
  0     want ring f1a
  40    page 0028 "4422"
  40    want 2: ring f1a
  `,
)

score(
  'a fast bleep after a routine one of the same number is not swallowed',
  `
  0     page 1113 "4421"
  0     want ring reg
  10    page 1113 "FAST BLEEP 4421"
  10    want 2: ring reg
  `,
)

score(
  'a fast bleep rings again and asks substitutes after 30 s, the switchboard must act after 90 s',
  `
  0     page 1113 "FAST BLEEP TO AMU"
  0     want ring reg
  30    want radio, prompt cover-late, again reg, ring icu
  1:30  want act switchboard-must-act, is exhausted, again reg, again icu
  `,
)

score(
  'an urgent acceptance lapses when nobody has arrived in 15 minutes',
  `
  0     page 1113 "FAST BLEEP TO AMU"
  0     want ring reg
  10    reg accepts
  10    want is covered
  15:09 want nothing
  15:10 want is ringing, prompt acceptance-lapsed, prompt cover-lost, again reg, ring icu
  15:20 icu accepts
  15:20 want is covered, stand-down reg
  `,
)

score(
  'who has arrived does not lapse',
  `
  0     page 1113 "FAST BLEEP TO AMU"
  0     want ring reg
  10    reg accepts
  10    want is covered
  5:00  reg arrives
  59:00 want nothing
  `,
)

score(
  'being on the way starts the time anew',
  `
  0     page 1113 "FAST BLEEP TO AMU"
  0     want ring reg
  10    reg accepts
  10    want is covered
  14:00 reg attends
  28:59 want nothing
  29:00 want is ringing, prompt acceptance-lapsed, prompt cover-lost, again reg, ring icu
  `,
)

score(
  'a covered call closes by itself when it has been quiet',
  `
  0     page 0028 "4421"
  0     want ring f1a
  10    f1a accepts
  10    want is covered
  30:09 want nothing
  30:10 want is closed
  `,
)

score(
  'an answer after the end is recorded and answered with who ended it',
  `
  0     page 0028 "4421"
  0     want ring f1a
  10    switchboard closes
  10    want is closed, stand-down f1a
  20    f1a accepts
  20    want reply late switchboard
  `,
)

score(
  'a page to a person by name rings that person',
  `
  0     page 0770 "PLS CALL EXT 4421"
  0     want ring gas
  `,
)

score(
  'somebody who was never asked cannot take the call',
  `
  0     page 0028 "4421"
  0     want ring f1a
  5     boss accepts
  5     want reply not-asked
  `,
)

score(
  'who holds the role by now may take the call though they were not rung',
  `
  0     page 0028 "4421"
  0     want ring f1a
  5     f1b accepts
  5     want is covered, stand-down f1a
  `,
)

score(
  'a number the plan does not hold waits for the switchboard and reaches no phone',
  `
  0     page 7777 "4421"
  0     want stuck
  `,
)

score(
  'a number the plan does not hold goes to the fallback where the site names one',
  `
  0     page 7777 "4421"
  0     want ring boss
  `,
  { policies: { fallback: { kind: 'role', role: 'manager' as never } } },
)

score(
  'a test call asks everyone once, never escalates and ends by itself',
  `
  0     page 2299 "TEST CALL ADULT ARREST TEAM"
  0     want ring reg, ring nurse, ring gas
  20    reg accepts
  4:59  want nothing
  5:00  want is closed
  `,
)
