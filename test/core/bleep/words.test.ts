import { describe, expect, test } from 'vitest'
import { callBackIn, isDigits, placeIn, placePattern, stated } from '../../../src/core/bleep/stated.ts'
import { distance, mend, words } from '../../../src/core/bleep/words.ts'

describe('words', () => {
  test.each([
    ['  Cardiac-arrest,  ward 7! ', 'CARDIAC ARREST WARD 7'],
    ['A&E', 'A E'],
    ['...', ''],
    ['C\uFFFDRDIAC', 'C\uFFFDRDIAC'],
  ])('%j is read as %j', (text, expected) => {
    expect(words(text)).toBe(expected)
  })
})

describe('distance', () => {
  test.each([
    ['ARREST', 'ARREST', 0],
    ['AREST', 'ARREST', 1],
    ['ARRRESTT', 'ARREST', 2],
    ['ARRSET', 'ARREST', 1],
    ['CARIDAC', 'CARDIAC', 1],
    ['CRADAIC', 'CARDIAC', 2],
    ['ARREXT', 'ARREST', 1],
    ['', 'AB', 2],
    ['WARD', 'ARREST', 3],
    ['ABCDEF', 'UVWXYZ', 3],
    ['ABC', 'XYZ', 3],
    ['AB', 'BC', 2],
    ['BA', 'CB', 2],
  ])('%s to %s is %i', (a, b, expected) => {
    expect(distance(a, b, 2)).toBe(expected)
    expect(distance(b, a, 2)).toBe(expected)
  })
})

describe('mending', () => {
  const mended = (text: string) =>
    mend(text, ['CRASH', 'ARREST', 'CARDIAC', 'HAEMORRHAGE'], new Set(['ARREARS']))

  test.each([
    ['CRAHS CALL', 'CRASH CALL'],
    ['CHARS CALL', 'CHARS CALL'],
    ['RRREST', 'RRREST'],
    ['CARDC', 'CARDC'],
    ['CARDAC', 'CARDIAC'],
    ['RCASH CALL', 'CRASH CALL'],
    ['CRUSH CALL', 'CRUSH CALL'],
    ['CRSH CALL', 'CRSH CALL'],
    ['TRASH CALL', 'TRASH CALL'],
    ['AREST', 'ARREST'],
    ['ARESTT', 'ARESTT'],
    ['BARREST', 'BARREST'],
    ['\uFFFDRREST', 'ARREST'],
    ['ARREARS', 'ARREARS'],
    ['HEMORRAGE', 'HAEMORRHAGE'],
    ['HEMORAGE', 'HEMORAGE'],
    ['ARRES7', 'ARRES7'],
    ['CARDIAC', 'CARDIAC'],
  ])('%s becomes %s', (text, expected) => {
    expect(mended(text)).toBe(expected)
  })
})

test('a key word is never taken for a slip of another', () => {
  expect(mend('CRASHED CRASHES', ['CRASHES', 'CRASHED'], new Set())).toBe('CRASHED CRASHES')
})

describe('call-back', () => {
  test.each([
    ['70123', '70123'],
    [' 0421 ', '0421'],
    ['12', undefined],
    ['123', '123'],
    ['07700900123', '07700900123'],
    ['07700900123 1', '07700900123'],
    ['123 4', '123'],
    ['12 13', undefined],
    ['123456789012', undefined],
    ['4421 12', '4421'],
    ['4421 4422', undefined],
    ['[4421]', '4421'],
    ['CALL 4421', '4421'],
    ['CALL: 4421.', '4421'],
    ['CALL 12', undefined],
    ['RECALL 4421', undefined],
    ['BOX4421', undefined],
    ['CRASH CALL 2222', undefined],
    ['CALL 2222 THEN RING 4421', '4421'],
    ['CALL EXT ON 4421', '4421'],
    ['WARD 4421', undefined],
    ['07700 900456', '07700 900456'],
    ['+44 7700 900456', '+44 7700 900456'],
    ['+447700900456', '+447700900456'],
    ['01234 567890', '01234 567890'],
    ['0207 946', undefined],
    ['07700 9', undefined],
    ['+44 7700', undefined],
    ['RING 07700 900456', '07700 900456'],
    ['RING 07700 900456 RE BED 3', '07700 900456'],
    ['PLS CALL +44 (0)7700 900456', '+44 (0)7700 900456'],
    ['CALL (01632) 960 123 ASAP', '(01632) 960 123'],
    ['TELEPHONE NO. 0044 1632 960123', '0044 1632 960123'],
    ['RING 07700 900', undefined],
    ['RING 01632 9601', undefined],
    ['CALL 4421 9434765919', '4421'],
    ['CALL 4421 4422', undefined],
    ['CALL 4421/4422', '4421'],
    ['CALL SISTER ON 07700 900456', '07700 900456'],
    ['70123 WARD 3', '70123'],
    ['07700 900456 ITU', '07700 900456'],
    ['2222 WARD 3', undefined],
    ['20 MINUTES', undefined],
    ['', undefined],
  ])('in %j: %s', (text, expected) => {
    expect(callBackIn(text)).toBe(expected)
  })

  test('digits are what a numeric pager shows', () => {
    expect(['70123', '12-34 U[]', '(4421)*#.'].every(isDigits)).toBe(true)
    expect(['', '---', '4421A'].some(isDigits)).toBe(false)
  })
})

describe('place', () => {
  test.each([
    ['PT ON WD 4B THEN THEATRE', 'WD 4B'],
    ['FROM WARD 3 TO THEATRE 2', 'THEATRE 2'],
    ['FROM WARD 3 TO THE ED', 'ED'],
    ['TO  THE  ED FROM WARD 3', 'ED'],
    ['WARD 3 SENT TO  CT', 'CT'],
    ['WARD 3 WANTS TO SEE BED 4', 'WARD 3'],
    ['WARD 3 AUTO ED', 'WARD 3'],
    ['TO WARD 4', 'WARD 4'],
    ['TO WARD 4 THEN TO BED 3', 'WARD 4'],
    ['WARD 3 TO THE  ED', 'ED'],
    ['WARD 7, BED 3', 'WARD 7, BED 3'],
    ['WARD 7 AND BED 3', 'WARD 7'],
    ['THEATRE LIST', undefined],
    ['ICU REG', undefined],
    ['ICU REGION', 'ICU'],
    ['FED UP', undefined],
    ['CT SCANNER', 'CT SCANNER'],
    ['CAR PARK C', 'CAR PARK C'],
    ['WARD', undefined],
    ['', undefined],
  ])('in %j: %s', (text, expected) => {
    expect(placeIn(text, placePattern([]))).toBe(expected)
  })

  test('the site’s own names come first, longest first, and may hold any mark', () => {
    expect(placeIn('to Bay (north) now', placePattern(['Bay (north)', 'Bay']))).toBe('Bay (north)')
    expect(placeIn('ROWAN  WARD', placePattern(['Rowan   Ward']))).toBe('ROWAN  WARD')
    expect(placeIn('Rowan Ward Annexe', placePattern(['Rowan Ward', 'Rowan Ward Annexe']))).toBe(
      'Rowan Ward Annexe',
    )
  })
})

describe('time of arrival', () => {
  test.each([
    ['ETA 10 MIN', '10 MIN'],
    ['ETA: 5', '5'],
    ['eta five mins', 'five mins'],
    ['ETA 1435', '1435'],
    ['ETA 5-10 MINS', '5-10 MINS'],
    ['ETA 14:35 HRS', '14:35 HRS'],
    ['ETA NOW', 'NOW'],
    ['TRAUMA IN 20 MINUTES', '20 MINUTES'],
    ['TRAUMA ED TEN MINUTES', 'TEN MINUTES'],
    ['DOWN FOR 20 MINUTES NOW', undefined],
    ['BETA 10 MIN GONE', undefined],
    ['ETA UNKNOWN', undefined],
  ])('in %j: %s', (text, expected) => {
    expect(stated(text, placePattern([])).eta).toBe(expected)
  })
})
