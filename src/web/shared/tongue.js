import { OWN_NAMES, SITE } from './catalogue.js'

const CHOICE = 'bleepd-language'

/**
 * A worker has no such store: it is told what its phone keeps.
 * @type {{ getItem(key: string): string | null, setItem(key: string, value: string): void } | undefined}
 */
const store = Reflect.get(globalThis, 'localStorage')
const chosen = store?.getItem(CHOICE)

let tongue = known(chosen) ? chosen : SITE

/** The language that this screen speaks. */
export const spoken = () => tongue

/** @param {unknown} tag */
export function speakIn(tag) {
  tongue = known(tag) ? tag : SITE
}

/** Holds from the next load on. @param {string} tag */
export const choose = (tag) => store?.setItem(CHOICE, tag)

/** @param {unknown} tag @returns {tag is keyof typeof OWN_NAMES} */
function known(tag) {
  return typeof tag === 'string' && Object.hasOwn(OWN_NAMES, tag)
}
