import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EN_GB } from '../../../src/core/catalogue/en-GB.ts'

/* Words that operators at a switchboard stumbled over. The right column is what is said instead. */
const INSTEAD: readonly (readonly [was: RegExp, is: string])[] = [
  [/nobody left to ask/i, 'No one has accepted'],
  [/tried another way in|is asked again in/i, 'Calling everyone again in'],
  [/every role that is needed is coming/i, 'Full team on the way'],
  [/uncovered!/i, 'Team incomplete'],
  [/take up this phone|carry no role/i, 'Set up this phone; You don’t hold a role'],
  [
    /was not answered by all|^none waits|it was for us/i,
    'Daily test incomplete; Nothing waiting; This is one of ours',
  ],
  [/\b(ailing|ails?|ill)\b|(?<!as )\bwell\b/i, 'degraded, fault, OK'],
  [/^to mend\b|leans on/i, 'Needs fixing; This system'],
  [/keeping up with its work/i, 'System running slowly'],
  [/put on record what/i, 'Record a telephone answer'],
  [/packed by eight|most significant bit first/i, 'the name that the site gives the transmitter'],
  [/carries no valid sign-in/i, 'Wrong name or key'],
  [/\ba person closed\b/i, 'the name of whoever closed it'],
]

const sentences = Object.entries(EN_GB).flatMap(([subject, all]) =>
  Object.entries(all).map(([key, text]) => [`${subject}.${key}`, String(text)] as const),
)

test('no sentence of the catalogue goes back to words that people stumbled over', () => {
  const found = sentences.flatMap(([key, text]) =>
    INSTEAD.filter(([was]) => was.test(text)).map(([, is]) => `${key}: “${text}”: say “${is}”`),
  )
  expect(found).toEqual([])
})

test('nor does a page say them past the catalogue', () => {
  const folder = 'src/web'
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.js') && /'ailing'|'well'/.test(readFileSync(join(folder, path), 'utf8')),
  )
  expect(found).toEqual([])
})
