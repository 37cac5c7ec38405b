import { refused } from '../../core/catalogue/cy/refused.ts'
import { CY } from '../../core/catalogue/cy.ts'
import { faults } from '../../core/catalogue/en-GB/faults.ts'
import { EN_GB, SCREENS } from '../../core/catalogue/en-GB.ts'
import { fill } from '../../core/catalogue/fill.ts'
import { type Language, OWN_NAMES } from '../../core/catalogue/languages.ts'
import { type Catalogue, textOf } from '../../core/catalogue/say.ts'

/**
 * What the screens say, in every language, as plain values: they import nothing of the core. All languages come in one
 * file, because a phone keeps its files for a place without a network, and its reader may change their mind there.
 * @param told which subjects this screen speaks of; absent: all of them
 */
export function catalogueModule(site: Language, told?: (subject: string) => boolean): string {
  const { reasons: _, unclear: __, ...cy } = CY
  const of = (all: Catalogue) =>
    Object.fromEntries(Object.entries(all).filter(([subject]) => told?.(subject) ?? true))
  return [
    `export const CATALOGUES = ${JSON.stringify({ 'en-GB': of(SCREENS), cy: of(cy) })}`,
    `export ${fill}`,
    `export const SITE = '${site}'`,
    `export const OWN_NAMES = ${JSON.stringify(OWN_NAMES)}`,
    `export const SERVER = ${JSON.stringify({ 'en-GB': [], cy: serverSentences(CY, told) })}`,
    '',
  ].join('\n')
}

/** The gaps of a page's frame filled: what stands there before any script runs is said in the site's language. */
export function framed(page: string, site: Language): string {
  const own = site === 'cy' ? CY : EN_GB
  return page
    .replace('lang="en-GB"', `lang="${site}"`)
    .replaceAll(/\{(\w+\.\w+)\}/g, (_, key: string) => textOf(own, key) ?? textOf(EN_GB, key) ?? key)
}

/** Subjects of which the server says sentences to every screen, and to those that speak of them themselves. */
const TO_ALL = ['reasons', 'card', 'unclear'] as const
const TO_SOME = ['ward', 'ways', 'patient', 'start', 'ready'] as const

/** The server speaks English; each of its sentences, with what a language says for it. */
function serverSentences(
  own: Catalogue,
  told: ((subject: string) => boolean) | undefined,
): (readonly [english: string, own: string])[] {
  const refusals = Object.entries(refused).flatMap(([code, { sentence, remedy }]) => {
    const { [code as keyof typeof refused]: english } = faults
    return [[english.sentence, sentence] as const, [english.remedy, remedy] as const]
  })
  const subjects = [...TO_ALL, ...TO_SOME.filter((subject) => told?.(subject) ?? true)]
  const said = subjects.flatMap((subject) => {
    const said: Readonly<Record<string, string | undefined>> = own[subject] ?? {}
    return Object.entries(EN_GB[subject]).flatMap(([name, text]) => {
      const translated = said[name]
      return translated === undefined || text.includes('|') ? [] : [[text, translated] as const]
    })
  })
  return [...said, ...refusals]
}
