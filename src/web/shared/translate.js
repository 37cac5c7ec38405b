import { fill, SERVER } from './catalogue.js'
import { spoken } from './tongue.js'

/** @type {readonly (readonly [english: string, own: string])[]} */
const KNOWN = Reflect.get(SERVER, spoken()) ?? []
/** Sentences without a gap are found by their text, the rest by their pattern. */
const WHOLE = new Map(KNOWN.filter(([english]) => !english.includes('{')))
const PATTERNS = KNOWN.filter(([english]) => english.includes('{')).map(
  ([english, own]) => /** @type {const} */ ([patternOf(english), own]),
)

/**
 * What the server said in English, in the language of this screen. What has no translation stays as it is.
 * @param {string} sentence
 * @returns {string}
 */
export function translate(sentence) {
  const whole = WHOLE.get(sentence)
  if (whole !== undefined) return whole
  for (const [pattern, own] of PATTERNS) {
    const found = pattern.exec(sentence)
    if (found !== null) return fill(own, found.groups ?? {}, spoken()).join('')
  }
  // The roles it is about follow in brackets.
  const about = /^(.*) (\([^()]*\))$/.exec(sentence)
  const first = about?.[1] === undefined ? undefined : WHOLE.get(about[1])
  return first === undefined ? sentence : `${first} ${about?.[2]}`
}

/** @param {string} english */
function patternOf(english) {
  const parts = english.split(/(\{\w+\})/).map((part) => {
    const gap = /^\{(\w+)\}$/.exec(part)
    return gap === null ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : `(?<${gap[1]}>.+)`
  })
  return new RegExp(`^${parts.join('')}$`)
}
