import { describe, expect, test } from 'vitest'
import { toAudio } from '../../../src/core/pocsag/audio.ts'
import { encodeTransmission, type OutgoingPage } from '../../../src/core/pocsag/encode.ts'
import { multimon, multimonMissing } from '../../support/multimon.ts'

/** multimon-ng, the field's decoder, is the judge of what we send. */
describe('our audio, heard by multimon-ng', () => {
  const missing = multimonMissing()
  const pages: OutgoingPage[] = [
    { ric: 1234567, function: 3, type: 'alpha', text: 'CARDIAC ARREST WARD 7B' },
    { ric: 8, function: 0, type: 'numeric', text: '2222' },
    { ric: 2000000, function: 1, type: 'tone', text: '' },
  ]

  test.for([
    { baud: 512, padding: 'nul' },
    { baud: 1200, padding: 'eot' },
    { baud: 2400, padding: 'eot-repeated' },
  ] as const)('$baud bit/s, $padding fill', ({ baud, padding }, ctx) => {
    if (missing) return ctx.skip(missing)
    const audio = toAudio(encodeTransmission(pages, { padding }), baud, 22_050)
    const heard = multimon(audio, [512, 1200, 2400]).map(({ baud: _, ...page }) => page)
    expect(heard.sort((a, b) => a.ric - b.ric)).toEqual([...pages].sort((a, b) => a.ric - b.ric))
  })
})
