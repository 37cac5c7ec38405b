import { score } from '../support/night-score.ts'

const TEAM = 'ring reg, ring nurse, ring gas'

score(
  'a crash call rings the whole team at once, optional members too',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B BED 3"
  0.3   want ${TEAM}
  14    want nothing
  `,
)

score(
  'the call is covered when every mandatory role is coming; optional members are not stood down',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0.3   want ${TEAM}
  3     reg accepts
  4     nurse accepts
  4     want is covered
  5:00  want nothing
  `,
)

score(
  'an optional member does not cover a mandatory role',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  3     reg accepts
  4     gas accepts
  14    want nothing
  15    want radio, prompt cover-late, again nurse, ring out
  `,
)

score(
  'required roles not accepted in 15 s: the holder again, the substitute, a prompt and the radio; in 30 s the switchboard must act',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0.3   want ${TEAM}
  15    want radio, prompt cover-late, again reg, ring icu, again nurse, ring out
  30    want radio, act switchboard-must-act, is exhausted, again reg, again icu, again nurse, again out
  `,
)

score(
  'an exhausted call repeats its last step until a human acts',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0.3   want ${TEAM}
  15    want radio, prompt cover-late, again reg, ring icu, again nurse, ring out
  30    want radio, act switchboard-must-act, is exhausted, again reg, again icu, again nurse, again out
  60    want radio, act plan-repeats, again reg, again icu, again nurse, again out
  90    want radio, act plan-repeats, again reg, again icu, again nurse, again out
  91    reg accepts
  92    out accepts
  92    want is covered, stand-down icu
  5:00  want nothing
  `,
)

score(
  'a substitute covers, and the late holder may still come',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  5     reg accepts
  15    want radio, prompt cover-late, again nurse, ring out
  18    out accepts
  18    want is covered
  20    nurse accepts
  20    want nothing
  `,
)

score(
  'one body fills one place: who holds two mandatory roles does not cover both',
  `
  0     ccu-nurse is held by reg
  1     page 2222 "CARDIAC ARREST WARD 7B"
  1     want ring reg, ring gas
  3     reg accepts
  3     want prompt role-without-answer, ring out
  6     out accepts
  6     want is covered
  `,
)

score(
  'nobody holds a mandatory role: its substitute is asked and the switchboard told at once',
  `
  0     page 2224 "STROKE CALL ED RESUS"
  0.1   want ring reg, ring surg, prompt nobody-holds-role
  2     reg accepts
  3     surg accepts
  3     want is covered
  `,
)

score(
  'a call to a role that nobody holds goes through its steps at once and alarms',
  `
  0     page 2223 "TRAUMA CALL ED RESUS"
  0     want radio, prompt nobody-to-ask, act nobody-to-ask, is exhausted
  29    want nothing
  `,
)

score(
  'the holder of a role changes between two steps: the new one is asked',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  5     reg accepts
  10    ccu-nurse is held by day-nurse
  15    want radio, prompt cover-late, ring out
  `,
  { phoneless: [] },
)

score(
  'a second identical arrest is a second alert and rings everyone again',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  3     reg accepts
  4     nurse accepts
  4     want is covered
  10    page 2222 "CARDIAC ARREST WARD 7B"
  10    want 2: ring reg, 2: ring nurse, 2: ring gas
  12    reg accepts on 2
  13    nurse accepts on 2
  13    want 2: is covered
  `,
)

score(
  'another tap hearing the same page rings nobody twice',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B" by tap-a
  0     want ${TEAM}
  0.5   page 2222 "CARDIAC ARREST WARD 7B" by tap-b
  10    want nothing
  `,
)

score(
  'a call-back promise does not cover an emergency',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  3     reg accepts
  4     nurse calls-back
  4     want prompt role-without-answer, ring out
  `,
)

score(
  'no device receipt in 5 s: the next way to that person, until there is none and a substitute stands in',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  2     reg accepts
  5     want again nurse
  10    want again nurse
  15    want radio, prompt cover-late, again nurse, ring out
  20    want again nurse
  21    out accepts
  21    want is covered
  60    want nothing
  `,
  { silent: ['nurse'] },
)

score(
  'someone without any device is not waited for',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring gas, prompt role-without-answer, ring out
  `,
  { phoneless: ['nurse'] },
)

score(
  'a phone that was revoked is no phone: the substitute is rung at once',
  `
  0     phone of nurse gone
  1     page 2222 "CARDIAC ARREST WARD 7B"
  1     want ring reg, ring gas, prompt role-without-answer, ring out
  `,
)

score(
  'a receipt in time keeps the first way',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  14.9  want nothing
  `,
)

score(
  'one mandatory member declines: their substitute is rung at once, the others are left in peace',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  4     nurse declines
  4     want prompt role-without-answer, ring out
  14    want nothing
  `,
)

score(
  'everyone declines: the next step does not wait',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  2     gas declines
  3     reg declines
  3     want prompt role-without-answer, ring icu
  4     nurse declines
  4     want prompt role-without-answer, ring out
  5     icu declines
  6     out declines
  6     want radio, prompt all-declined, prompt nobody-to-ask, act nobody-to-ask, is exhausted
  `,
)

score(
  '"not me" frees the place and is not asked again',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  2     reg not-me
  2     want prompt role-without-answer, ring icu
  15    want radio, prompt cover-late, again icu, again nurse, ring out
  `,
)

score(
  'who declined may change their mind',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  2     nurse accepts
  3     reg declines
  3     want prompt role-without-answer, ring icu
  4     reg accepts
  4     want is covered, stand-down icu
  `,
)

score(
  'a responder who cannot come after all opens the call again for the empty place only',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  2     reg accepts
  3     nurse accepts
  3     want is covered
  60    nurse declines
  60    want is ringing, prompt cover-lost, ring out
  75    want radio, prompt cover-late, again out
  76    out accepts
  76    want is covered
  `,
)

score(
  'switchboard releases a responder: they are stood down and not rung again',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  2     reg accepts
  3     nurse accepts
  3     want is covered
  60    switchboard releases reg
  60    want is ringing, prompt cover-lost, stand-down reg, ring icu
  62    icu accepts
  62    want is covered
  `,
)

score(
  'a stand-down page ends the open call on every phone that was rung',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  3     reg accepts
  8     page 2222 "STAND DOWN CARDIAC ARREST WARD 7B"
  8     want is closed, cancel reg, cancel nurse, cancel gas
  60    want nothing
  `,
)

score(
  'a stand-down that names a place ends the call at that place and leaves the other',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  2     page 2222 "CARDIAC ARREST WARD 9A"
  2     want 2: ring reg, 2: ring nurse, 2: ring gas
  3     reg accepts
  3     nurse accepts
  3     want is covered
  4     reg accepts on 2
  4     nurse accepts on 2
  4     want 2: is covered
  5     page 2222 "STAND DOWN WARD 9A"
  5     want 2: is closed, 2: cancel reg, 2: cancel nurse, 2: cancel gas
  `,
)

score(
  'a stand-down that may mean either of two calls ends none and is read by everyone, as loud as they are',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  1     page 2222 "CARDIAC ARREST WARD 9A"
  1     want 2: ring reg, 2: ring nurse, 2: ring gas
  2     page 2222 "STAND DOWN"
  2     want 3: ring reg, 3: ring nurse, 3: ring gas
  `,
)

score(
  'a stand-down without an open call is read by everyone',
  `
  0     page 2222 "STAND DOWN CARDIAC ARREST"
  0     want ${TEAM}
  `,
)

score(
  'acceptance just before the step is due leaves the step unfired',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ${TEAM}
  1     reg accepts
  14.99 nurse accepts
  14.99 want is covered
  15.5  want nothing
  `,
)

score(
  'a number is texted when no phone of that person gives a sign, and only then',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0.3   want ${TEAM}
  4.9   want nothing
  5     want again reg, text reg
  9.9   want nothing
  10    want again reg
  11    reg accepts
  12    nurse accepts
  12    want is covered
  1:00  want nothing
  `,
  { silent: ['reg'], numbers: ['reg', 'nurse'] },
)

score(
  'whoever has nothing but a number is texted with the first ring',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0.3   want text reg, ring nurse, ring gas
  3     reg accepts
  `,
  { phoneless: ['reg'], numbers: ['reg'] },
)
