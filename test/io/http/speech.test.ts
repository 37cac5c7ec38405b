import { expect, test } from 'vitest'
import { CY } from '../../../src/core/catalogue/cy.ts'
import { EN_GB, SCREENS } from '../../../src/core/catalogue/en-GB.ts'
import { OWN_NAMES } from '../../../src/core/catalogue/languages.ts'
import { catalogueModule } from '../../../src/io/http/speech.ts'

/** What a screen finds in the module. */
const load = (...given: Parameters<typeof catalogueModule>) => {
  const text = catalogueModule(...given).replaceAll(/^export /gm, '')
  return new Function(`${text}\nreturn { CATALOGUES, SITE, OWN_NAMES, SERVER, fill }`)()
}
const pairs = (subject: 'reasons' | 'start'): unknown[] => {
  const cy: Readonly<Record<string, string>> = { ...CY[subject] }
  return Object.entries(EN_GB[subject]).flatMap(([name, text]) =>
    cy[name] === undefined || text.includes('|') ? [] : [[text, cy[name]]],
  )
}

test('all screens are told every subject in both languages, what the languages are called, and whose site it is', () => {
  const module = load('cy')
  expect(module).toMatchObject({ SITE: 'cy', OWN_NAMES })
  expect(Object.keys(module.CATALOGUES['en-GB'])).toEqual(Object.keys(SCREENS))
  const { reasons: _, unclear: __, ...screens } = CY
  expect(Object.keys(module.CATALOGUES.cy)).toEqual(Object.keys(screens))
  expect(module.fill('a {n}', { n: 1 })).toEqual(['a ', 1])
})

test('a screen that speaks of one subject is told that one', () => {
  const { CATALOGUES } = load('en-GB', (subject) => subject === 'board')
  expect([CATALOGUES['en-GB'], CATALOGUES.cy]).toEqual([{ board: SCREENS.board }, { board: CY.board }])
})

test('what the server says in English has its Welsh beside it; what the desk alone is shown only there', () => {
  const all = load('en-GB').SERVER
  expect(all['en-GB']).toEqual([])
  expect(all.cy).toEqual(expect.arrayContaining(pairs('reasons')))
  expect(all.cy).toEqual(expect.arrayContaining(pairs('start')))
  expect(all.cy.every(([english]: string[]) => !english?.includes('|'))).toBe(true)
  const phone = load('en-GB', () => false).SERVER.cy
  expect(phone).toEqual(expect.arrayContaining(pairs('reasons')))
  // Some are said elsewhere as well.
  const said = new Set(phone.map((pair: string[]) => pair.join()))
  expect(pairs('start').some((pair) => !said.has(String(pair)))).toBe(true)
  expect(load('en-GB', (subject) => subject === 'start').SERVER.cy).toEqual(
    expect.arrayContaining(pairs('start')),
  )
})
