import { expect, test } from 'vitest'
import { policiesSchema } from '../../src/core/route/policy.ts'
import { score } from '../support/night-score.ts'

/** Steps far apart, so that what rings between them is insistence. */
const insistent = (more: object = {}) => ({
  policies: policiesSchema.parse({
    policies: [
      {
        ...{
          id: 'insistent',
          class: 'routine',
          insistMs: 10_000,
          receiptWithinMs: 5000,
          repeatLastMs: 600_000,
          ...more,
        },
        steps: [
          { afterMs: 0, ask: ['target'] },
          { afterMs: 120_000, ask: ['missing'], switchboard: 'act' },
        ],
      },
    ],
  }),
})
const INSISTENT = insistent()

score(
  'a call that reached the phone and was not opened rings again, closer and closer, and an answer ends it at once',
  `
  0     page 1113 "4421"
  0     want ring reg
  9     want nothing
  10    want again reg
  18    want again reg
  24    want nothing
  24.4  want again reg
  29    want nothing
  29.6  want again reg
  30    reg accepts
  30    want is covered
  1:30  want nothing
  `,
  INSISTENT,
)

score(
  'somebody who opened it is not rung again before the next step',
  `
  0     page 1113 "4421"
  0     want ring reg
  3     reg opens
  1:50  want nothing
  `,
  INSISTENT,
)

score(
  'a phone that gives no sign is chased by its other ways alone: never two rings in one moment',
  `
  0     page 1113 "4421"
  0     want ring reg
  5     want again reg
  10    want again reg
  15    want again reg
  19    reg declines
  19    want prompt role-without-answer, ring icu
  20    icu accepts
  20    want is covered
  1:55  want nothing
  `,
  { ...INSISTENT, silent: ['reg'] },
)

score(
  'a stand-down ends it, and so does the switchboard that takes the call over',
  `
  0     page 1113 "4421"
  0     want ring reg
  10    want again reg
  12    switchboard takes-over
  30    want nothing
  31    switchboard cancels
  31    want cancel reg, is closed
  1:00  want nothing
  `,
  INSISTENT,
)

score(
  'a restart forgets none of it: the pauses go on as they were, and an answer ends it',
  `
  0     page 1113 "4421"
  0     want ring reg
  10    want again reg
  12    restart
  17    want nothing
  18    want again reg
  20    restart
  21    reg accepts
  21    want is covered
  1:30  want nothing
  `,
  INSISTENT,
)

score(
  'a clock that is set back rings nobody in a flood, and the pauses go on',
  `
  0     page 1113 "4421"
  0     want ring reg
  10    want again reg
  11    clock back 1:00:00
  17    want nothing
  18.4  want again reg
  24    want nothing
  25    want again reg
  25.5  reg accepts
  25.5  want is covered
  1:30  want nothing
  `,
  { ...INSISTENT, tick: 100 },
)

score(
  'a clock that is set forward rings once for all that is overdue',
  `
  0     page 1113 "4421"
  0     want ring reg
  10    want again reg
  11    clock forward 1:00:00
  12    want again reg, ring icu, act switchboard-must-act, is exhausted
  13    reg accepts
  13    want is covered, stand-down icu
  5:00  want nothing
  `,
  { ...INSISTENT, tick: 100 },
)

score(
  'cover ends it for everybody, also for whoever has not looked',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  10    want again reg, again nurse, again gas
  11    reg accepts
  12    nurse accepts
  12    want is covered
  1:50  want nothing
  `,
  insistent({ class: 'emergency' }),
)

const BUSY = `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0     want ring reg, ring nurse, ring gas
  1     reg accepts
  1     nurse accepts
  1     want is covered
  2     page 1113 "4421"
  2     want 2: ring reg`

score(
  'whoever is coming to an emergency is rung again for another call where the site says nothing',
  `${BUSY}
  12    want 2: again reg
  13    reg accepts on 2
  13    want 2: is covered
  1:50  want nothing
  `,
  INSISTENT,
)

score(
  'and is left in peace where the site says so, until the emergency is over or the next step comes',
  `${BUSY}
  25    want nothing
  26    switchboard closes on 1
  26    want stand-down reg, stand-down nurse, stand-down gas, is closed
  34    want 2: again reg
  35    reg accepts on 2
  35    want 2: is covered
  1:50  want nothing
  `,
  insistent({ quietOnEmergency: true }),
)

test('an emergency is quiet for nobody, whatever a site writes', () => {
  expect(() => insistent({ class: 'emergency', quietOnEmergency: true })).toThrow(
    'an emergency is never quiet',
  )
})
