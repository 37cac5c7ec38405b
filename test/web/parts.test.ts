import { expect, test } from 'vitest'
import { partOf, RESPONDER_STATES, type ResponderState } from '../../src/core/vocabulary.ts'
import { isEngaged } from '../../src/web/app/expire.js'
import { hasPart } from '../../src/web/app/stand.js'

const person = 'anna'
const own = (state: ResponderState) => ({ phase: 'ringing', you: { person, state } }) as const

test('a phone keeps an open call beyond its time for whoever is asked or comes, and for nobody else', () => {
  const kept = RESPONDER_STATES.filter((state) => isEngaged(own(state)))
  expect(kept).toEqual(
    RESPONDER_STATES.filter((state) => ['awaited', 'coming'].includes(partOf(state, 'routine'))),
  )
  expect(RESPONDER_STATES.filter((state) => isEngaged({ ...own(state), phase: 'closed' }))).toEqual([])
  expect(isEngaged({ phase: 'ringing' })).toBe(false)
})

test('whoever was let go or says that it is not them has no part in a call; whoever cannot come may still change that', () => {
  expect(RESPONDER_STATES.filter((state) => !hasPart(state))).toEqual(['not-me', 'stood-down'])
  expect(hasPart(undefined)).toBe(true)
})
