import { policiesSchema } from '../../src/core/route/policy.ts'
import { score } from '../support/night-score.ts'

/** Steps far apart, so that what rings between them is insistence. */
const INSISTENT = {
  policies: policiesSchema.parse({
    policies: [
      {
        ...{
          id: 'insistent',
          class: 'routine',
          insistMs: 10_000,
          receiptWithinMs: 5000,
          repeatLastMs: 600_000,
        },
        steps: [
          { afterMs: 0, ask: ['target'] },
          { afterMs: 120_000, ask: ['missing'], switchboard: 'act' },
        ],
      },
    ],
  }),
}

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
