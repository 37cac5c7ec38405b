import { score } from '../support/night-score.ts'

score(
  'a crash call rings the whole team at once, optional members too',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B BED 3"
  0.3   want ring reg, ring nurse, ring gas
  14    want nothing
  `,
)

score(
  'the call is covered when every mandatory role is coming; optional members are not stood down',
  `
  0     page 2222 "CARDIAC ARREST WARD 7B"
  0.3   want ring reg, ring nurse, ring gas
  3     reg accepts
  4     nurse accepts
  4     want is covered
  59:00 want nothing
  `,
)
