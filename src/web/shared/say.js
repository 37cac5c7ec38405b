import { CATALOGUES, fill } from './catalogue.js'
import { spoken } from './tongue.js'

/** @import { Key, Say, Values } from './types.d.ts' */

/** @param {string} key */
function textOf(key) {
  return textIn(spoken(), key) ?? textIn('en-GB', key) ?? key
}

/** @param {string} language @param {string} key */
function textIn(language, key) {
  const [subject = '', name = ''] = key.split('.')
  const text = Reflect.get(Reflect.get(Reflect.get(CATALOGUES, language), subject) ?? {}, name)
  return typeof text === 'string' ? text : undefined
}

/** A sentence of the catalogue. @type {Say} */
export const say = (key, ...[values]) => fill(textOf(key), values ?? {}, spoken()).join('')

/**
 * The same for a template: what stands in its gaps may be markup.
 * @template {Key} K
 * @param {K} key
 * @param {Values<K, unknown>} values
 */
export const put = (key, ...[values]) => fill(textOf(key), values ?? {}, spoken())
