import { expect, test } from 'vitest'
import { say } from '../../../src/core/catalogue/say.ts'
import { spoken, spokenToAsker } from '../../../src/core/deliver/spoken.ts'

const BELL = { id: 'a', class: 'emergency', purpose: 'ask' } as const

test('a call is said twice, then which keys there are; the place only where the site lets it out', () => {
  expect(spoken(BELL, 'first-sighting')).toBe(
    'Bleep Bridge. Emergency call. Bleep Bridge. Emergency call. Press 1 if you are coming. Press 2 if you cannot. Press 3 to hear it again.',
  )
  expect(spoken({ ...BELL, place: 'WARD 7B' }, 'insists')).toContain('Emergency call. WARD 7B. ')
})

test.each(['self-test', 'way-proof'] as const)('of a test (%s) only hearing it is asked', (reason) => {
  const said = spoken({ ...BELL, class: 'test' }, reason)
  expect(said).toContain('Test call')
  expect(said).not.toContain('coming')
})

test('whoever asked is told twice how it stands, and presses a key to say that they heard', () => {
  const said = spokenToAsker('Dr Shah is coming')
  expect(said.split('Dr Shah is coming')).toHaveLength(3)
  expect(
    said.endsWith(
      spoken({ ...BELL, class: 'test' }, 'self-test')
        .split('. ')
        .at(-1) ?? '-',
    ),
  ).toBe(true)
})

test('nobody is read a novel', () => {
  expect(spokenToAsker('x'.repeat(5000)).length).toBeLessThan(800)
})

test('of a test the key to press is said last', () => {
  expect(spoken({ ...BELL, class: 'test' }, 'way-proof').endsWith(say('voice.keyHeard'))).toBe(true)
  expect(spokenToAsker('Seen').endsWith(say('voice.keyHeard'))).toBe(true)
  expect(say('voice.keyHeard')).not.toBe('')
})
