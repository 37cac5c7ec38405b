import { score } from '../support/night-score.ts'

const CRASH = `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
`

score(
  'switchboard takes an exhausted call over: quiet for five minutes, then the alarm is back',
  `${CRASH}
  15    want radio, prompt cover-late, again reg, ring icu, again nurse, ring out
  30    want radio, act switchboard-must-act, is exhausted, again reg, again icu, again nurse, again out
  40    switchboard takes-over
  5:39  want nothing
  5:40  want act hold-ended, again reg, again icu, again nurse, again out, again gas
  `,
)

score(
  'switchboard asks again: by phone whoever has not answered, by radio everybody, and the alarm stands',
  `${CRASH}
  5     reg accepts
  15    want radio, prompt cover-late, again nurse, ring out
  20    switchboard asks-again
  20    want radio, again nurse, again out, again gas
  22    nurse accepts
  22    want is covered, stand-down out
  23    switchboard asks-again
  23    want reply already nurse
  `,
)

score(
  'two operators take over at once: the second is told',
  `${CRASH}
  5     switchboard takes-over
  6     switchboard takes-over seen at 4
  6     want reply already switchboard
  `,
)

score(
  'closing what has meanwhile been covered is stale: the operator must look again',
  `${CRASH}
  3     reg accepts
  4     nurse accepts
  4     want is covered
  5     switchboard closes seen at 2
  5     want reply stale
  6     switchboard closes
  6     want is closed, stand-down reg, stand-down nurse, stand-down gas
  `,
)

score(
  'switchboard answers for somebody on the telephone, even somebody who was not rung',
  `${CRASH}
  3     switchboard answers-for nurse accepts
  4     switchboard answers-for icu accepts
  4     want is covered
  `,
)

score(
  'a responder asks for another role: it is rung, once more when it does not answer, and the switchboard hears',
  `${CRASH}
  3     reg accepts
  4     nurse accepts
  4     want is covered
  5     reg needs surg-reg
  5     want ring surg
  20    want prompt also-ask-unanswered, again surg
  21    surg accepts
  60    want nothing
  `,
)

score(
  'a responder answers twice with the same word: it happened once',
  `${CRASH}
  3     reg accepts
  3     reg accepts seen at 1
  3     want reply already reg
  `,
)

score(
  'a responder changes their answer on an old screen: stale, nothing applied',
  `${CRASH}
  3     reg accepts
  4     reg declines seen at 1
  4     want reply stale
  `,
)

score(
  'an answer that comes behind somebody else’s is refused with what stands, and by itself given again: nobody taps twice',
  `${CRASH}
  3     reg accepts
  3     nurse accepts seen at 1
  3     want reply stale and fits, is covered
  `,
)

score(
  'a responder asks for another role: its holder is rung, and chased when silent',
  `${CRASH}
  3     reg accepts
  4     nurse accepts
  4     want is covered
  20    reg asks surg-reg
  20    want ring surg
  35    want prompt also-ask-unanswered, again surg
  40    surg accepts
  60    want nothing
  `,
)

score(
  'asking for a role that nobody holds is said to the switchboard',
  `${CRASH}
  3     reg accepts
  4     nurse accepts
  4     want is covered
  20    reg asks nobody
  20    want prompt nobody-holds-role
  60    want nothing
  `,
)

score(
  'a short reply reaches the screens of everyone on the call and rings nobody',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  3     reg eta "5 min"
  3     want update reg, update nurse, update gas
  `,
  { updates: true },
)

score(
  'who is coming reaches the screens of the team as it changes',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  3     reg accepts
  3     want update reg, update nurse, update gas
  4     gas declines
  4     want nothing
  5     nurse accepts
  5     want is covered, update reg, update nurse
  `,
  { updates: true },
)

score(
  'a role handed over while its call is open: the new holder is rung, the old one stood down',
  `${CRASH}
  5     med-reg passes to icu
  5     want stand-down reg, ring icu
  8     icu accepts
  9     nurse accepts
  9     want is covered
  `,
)

score(
  'handing over after accepting keeps the cover until the call ends',
  `${CRASH}
  3     reg accepts
  4     nurse accepts
  4     want is covered
  9     med-reg passes to icu
  9     want ring icu
  60    want nothing
  `,
)

score(
  'a hand-over that has nothing to do with the call changes nothing',
  `${CRASH}
  5     surg-f1 passes to f1b
  10    want nothing
  `,
)
