/**
 * Every sentence of the screens. The server sends this file with the sentences themselves in it, in the language of the
 * site (io/http/pages.ts): a browser is given no part of the core.
 */
export { EN_GB as CATALOGUE } from '../../core/catalogue/en-GB.ts'
export { fill } from '../../core/catalogue/fill.ts'
export const LANGUAGE = 'en-GB'
