/**
 * Every sentence of the screens. The server sends this file with the sentences themselves in it
 * (io/http/speech.ts): a browser is given no part of the core.
 */
import { CY } from '../../core/catalogue/cy.ts'
import { SCREENS } from '../../core/catalogue/en-GB.ts'

export { fill } from '../../core/catalogue/fill.ts'
export { OWN_NAMES } from '../../core/catalogue/languages.ts'
export const CATALOGUES = { 'en-GB': SCREENS, cy: CY }
/** What the site speaks to whoever has not chosen. */
export const SITE = 'en-GB'
/**
 * What the server says in English, and what another language says for it.
 * @type {Readonly<Record<string, readonly (readonly [string, string])[]>>}
 */
export const SERVER = {}
