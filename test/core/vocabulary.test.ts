import { expect, test } from 'vitest'
import { isSureQuality } from '../../src/core/bleep/bleep.ts'
import { standDownReason } from '../../src/core/reasons.ts'
import {
  ANSWERS,
  CLASSES,
  classRank,
  DUES,
  dueOf,
  isAwaited,
  isEnd,
  isNo,
  isRing,
  isYes,
  PURPOSES,
  partOf,
  QUALITIES,
  RESPONDER_STATES,
  STAND_DOWNS,
} from '../../src/core/vocabulary.ts'

test('classes rank as the store keeps them', () => {
  expect(CLASSES.map(classRank)).toEqual([3, 2, 1, 0])
})

test('every state of a responder has one part in a call, and a promise to ring back brings nobody to an emergency', () => {
  const parts = (c: (typeof CLASSES)[number]) =>
    RESPONDER_STATES.map((state) => `${state} ${partOf(state, c)}`)
  expect(parts('routine')).toEqual([
    'asked awaited',
    'on-device awaited',
    'presented awaited',
    'opened awaited',
    'accepted coming',
    'declined out',
    'call-back coming',
    'attending coming',
    'arrived coming',
    'not-me out',
    'stood-down free',
  ])
  const differs = (c: (typeof CLASSES)[number]) => parts(c).filter((part) => !parts('routine').includes(part))
  expect(CLASSES.map(differs)).toEqual([['call-back noted'], [], [], []])
})

test('an answer is yes or no, and no answer is awaited', () => {
  expect(ANSWERS.filter(isYes)).toEqual(['accepted', 'call-back', 'attending', 'arrived'])
  expect(ANSWERS.filter(isNo)).toEqual(['declined', 'not-me'])
  expect(ANSWERS.filter(isAwaited)).toEqual([])
})

test('two purposes ring, and two say that somebody is not needed', () => {
  expect(PURPOSES.filter(isRing)).toEqual(['ask', 'again'])
  expect(PURPOSES.filter(isEnd)).toEqual(['stand-down', 'cancel'])
})

test('a page is sure where all of it was read and nothing rests on inference', () => {
  expect(QUALITIES.filter(isSureQuality)).toEqual(['clean', 'corrected'])
})

test('each way to stand a call down ends it with a reason that can be said', () => {
  expect(STAND_DOWNS.map(standDownReason)).toEqual([
    ...['false-alarm', 'enough-people', 'not-for-resuscitation', 'stood-down'],
  ])
})

test('a due name tells its sort; what only looks like one is none', () => {
  expect(['step-0', 'step-12', ...DUES.slice(1)].map(dueOf)).toEqual(['step', 'step', ...DUES.slice(1)])
  for (const strange of ['step', 'step-', 'step-x', 'receipts', 'closed', '', 'toString'])
    expect(dueOf(strange)).toBeUndefined()
})
