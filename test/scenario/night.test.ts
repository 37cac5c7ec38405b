import { policySchema } from '../../src/core/route/policy.ts'
import { score } from '../support/night-score.ts'

score(
  'the daemon restarts in the middle of an escalation: every step still comes at its time, once',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  10    restart
  14    want nothing
  15    want radio, prompt cover-late, again reg, ring icu, again nurse, ring out
  16    restart
  30    want radio, act switchboard-must-act, is exhausted, again reg, again icu, again nurse, again out
  `,
)

score(
  'steps one second apart fire each at its own second, whoever is asked and whatever restarts',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  0.9   want nothing
  1.1   want prompt cover-late, again reg, ring icu, again nurse, ring out
  1.5   restart
  1.9   want nothing
  2.1   want radio, ring surg
  2.9   want nothing
  3.1   want act switchboard-must-act, is exhausted, again reg, again icu, again nurse, again out
  `,
  {
    tick: 100,
    policies: {
      policies: [
        policySchema.parse({
          id: 'quick',
          class: 'emergency',
          steps: [
            { afterMs: 0, ask: ['target'] },
            { afterMs: 1000, switchboard: 'prompt' },
            { afterMs: 2000, ask: ['role:surg-reg'], radio: true },
            { afterMs: 3000, switchboard: 'act' },
          ],
        }),
      ],
    },
  },
)

score(
  'the clock is set back an hour: steps are not an hour late',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  5     clock back 1:00:00
  14    want nothing
  15.2  want radio, prompt cover-late, again reg, ring icu, again nurse, ring out
  30.2  want radio, act switchboard-must-act, is exhausted, again reg, again icu, again nurse, again out
  `,
  { tick: 100 },
)

score(
  'the clock was set back while the daemon was down: the first tick notices',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  6     clock back 1:00:00
  6     restart
  14    want nothing
  16    want radio, prompt cover-late, again reg, ring icu, again nurse, ring out
  `,
)

score(
  'the clock is set forward an hour: steps are early, never late, and only once',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  5     clock forward 1:00:00
  5.2   want radio, prompt cover-late, again reg, ring icu, again nurse, ring out
  20    want nothing
  20.2  want radio, act switchboard-must-act, is exhausted, again reg, again icu, again nurse, again out
  `,
  { tick: 100 },
)

score(
  'the database is locked for five seconds across a step: it fires as soon as the lock is gone',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  13    database locked for 5
  17.9  want nothing
  18.2  want radio, prompt cover-late, again reg, ring icu, again nurse, ring out
  `,
)

score(
  'a page while the database is locked is refused, never half taken',
  `
  0     database locked for 5
  1     page 2222 "CARDIAC ARREST WARD 7B"
  1     want refused
  10    want nothing
  `,
)

score(
  'a whole night',
  `
  0        page 1113 "4421"
  0        want ring reg
  30       reg calls-back
  30       want is covered
  30:30    want is closed
  1:00:00  page 2222 "CARDIAC ARREST WARD 7B"
  1:00:00  want 2: ring reg, 2: ring nurse, 2: ring gas
  1:00:04  reg accepts on 2
  1:00:06  nurse accepts on 2
  1:00:06  want 2: is covered
  1:03:00  reg arrives on 2
  1:03:30  nurse arrives on 2
  1:20:00  switchboard closes on 2
  1:20:00  want 2: is closed, 2: stand-down reg, 2: stand-down nurse, 2: stand-down gas
  2:30:00  page 0028 "2345 2345"
  2:30:00  want 3: ring f1a
  2:30:20  page 0028 "2345 2345"
  2:30:45  want 3: ring f1b
  2:30:50  f1b accepts on 3
  2:30:50  want 3: is covered, 3: stand-down f1a
  3:00:00  med-reg is held by icu
  3:00:50  want 3: is closed
  4:00:00  page 1113 "FAST BLEEP TO AMU"
  4:00:00  want 4: ring icu
  4:00:05  icu accepts on 4
  4:00:05  want 4: is covered
  4:06:00  icu arrives on 4
  5:00:05  want 4: is closed
  8:00:00  want nothing
  `,
  { tick: 60_000 },
)
