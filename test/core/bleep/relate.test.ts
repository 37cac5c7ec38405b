import { describe, expect, test } from 'vitest'
import type { Bleep } from '../../../src/core/bleep/bleep.ts'
import { relate } from '../../../src/core/bleep/relate.ts'
import type { BleepId } from '../../../src/core/ids.ts'
import { asId } from '../../../src/core/ids.ts'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import { aPage } from '../../support/pages.ts'

const EXTENSIONS = new Map([
  ['70123', 'Ward 7'],
  ['70124', 'Ward 7'],
  ['70500', 'Ward 5'],
])

function bleep(id: string, text: string, received: number, number = '1113'): Bleep {
  return {
    id: asId<BleepId>(id),
    number,
    page: aPage(text),
    stage: 'received',
    received,
    sightings: 1,
    repeats: 0,
  }
}
const joined = (text: string, at: number, ...recent: Bleep[]) =>
  relate(bleep('new', text, at), recent, EXTENSIONS)

describe('echo bleep', () => {
  test('the same extension within 30 seconds, however it was written', () => {
    const echo = { bleep: 'x', reason: 'echo-bleep' }
    expect(joined('70123', 30 * SECOND, bleep('x', '70123', 0))).toEqual(echo)
    expect(joined('70123 70123', SECOND, bleep('x', '70123', 0))).toEqual(echo)
    expect(joined('PLS CALL 70500', SECOND, bleep('x', '70500', 0))).toEqual(echo)
    expect(joined('70500', 30 * SECOND + 1, bleep('x', '70500', 0))).not.toEqual(echo)
  })

  test('words without an extension must be the same', () => {
    expect(joined('CANNULA BED 4', SECOND, bleep('x', 'CANNULA BED 4', 0))?.reason).toBe('echo-bleep')
    expect(joined('CANNULA BED 4', SECOND, bleep('x', 'CANNULA BED 5', 0))).toBeUndefined()
  })

  test('one telephone with other words is another patient, and so is what was not read whole', () => {
    const seizure = bleep('x', 'BED 9 SEIZURE CALL 70500', 0)
    expect(joined('BED 3 BLEEDING CALL 70500', 3 * SECOND, seizure)?.reason).not.toBe('echo-bleep')
    expect(joined('BED 9 SEIZURE PLEASE RING 70500', 3 * SECOND, seizure)?.reason).toBe('echo-bleep')
    expect(joined('70500 URGENT', SECOND, bleep('x', '70500', 0))?.reason).not.toBe('echo-bleep')
    const cut: Bleep = { ...bleep('x', 'BED 9', 0), page: { ...aPage('BED 9'), quality: 'unterminated' } }
    expect(joined('BED 9', SECOND, cut)).toBeUndefined()
  })

  test('counts from the earlier request, whenever that was', () => {
    expect(joined('70123', 100 * SECOND, bleep('x', '70123', 71 * SECOND))?.reason).toBe('echo-bleep')
    expect(joined('70124', 90 * MINUTE, bleep('x', '70123', 81 * MINUTE))?.reason).toBe('deja-bleep')
    expect(joined('70123', 0, bleep('x', '70123', 0))?.reason).toBe('echo-bleep')
    expect(joined('70500', SECOND, bleep('x', '70123', 0))).toBeUndefined()
  })

  test('names the newest', () => {
    expect(
      joined('70123', 20 * SECOND, bleep('y', '70123', 10 * SECOND), bleep('x', '70123', 0))?.bleep,
    ).toBe('y')
  })
})

describe('déjà bleep', () => {
  test('another telephone of the same place within ten minutes', () => {
    const deja = { bleep: 'x', reason: 'deja-bleep' }
    expect(joined('70124', 10 * MINUTE, bleep('x', '70123', 0))).toEqual(deja)
    expect(joined('70123', 5 * MINUTE, bleep('x', '70123', 0))).toEqual(deja)
    expect(joined('70124', 10 * MINUTE + 1, bleep('x', '70123', 0))).toBeUndefined()
  })

  test('another place, an unknown telephone or no telephone is another matter', () => {
    expect(joined('70500', MINUTE, bleep('x', '70123', 0))).toBeUndefined()
    expect(joined('4421', MINUTE, bleep('x', '4422', 0))).toBeUndefined()
    expect(joined('70124', MINUTE, bleep('x', 'BED 4', 0))).toBeUndefined()
    expect(joined('BED 4', MINUTE, bleep('x', '70123', 0))).toBeUndefined()
  })
})

test('never joins with itself, with a later bleep or across numbers', () => {
  expect(joined('70123', 0, bleep('new', '70123', 0))).toBeUndefined()
  expect(joined('70123', 0, bleep('x', '70123', 1))).toBeUndefined()
  expect(joined('70123', SECOND, bleep('x', '70123', 0, '1480'))).toBeUndefined()
})
