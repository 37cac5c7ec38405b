import { afterEach, expect, test } from 'vitest'
import { say } from '../../src/web/shared/say.js'
import { speakIn, spoken } from '../../src/web/shared/tongue.js'

afterEach(() => speakIn('en-GB'))

test('a sentence is said in the language spoken, and in English where that has none', () => {
  speakIn('cy')
  expect(say('phone.imComing')).toBe('Rwy’n dod')
  expect(say('log.none')).toBe('No call in this time.')
})

test.each(['fr', 'constructor', '', undefined, null, 7])('%s is no language: the site’s is spoken', (tag) => {
  speakIn(tag)
  expect(spoken()).toBe('en-GB')
})
