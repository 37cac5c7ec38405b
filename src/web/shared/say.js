import { CATALOGUE, fill, LANGUAGE } from './catalogue.js'

/** @import { Key, Say, Values } from './types.d.ts' */

/** @param {string} key */
function textOf(key) {
  const [subject = '', name = ''] = key.split('.')
  const text = Reflect.get(Reflect.get(CATALOGUE, subject) ?? {}, name)
  return typeof text === 'string' ? text : key
}

/** A sentence of the catalogue. @type {Say} */
export const say = (key, ...[values]) => fill(textOf(key), values ?? {}, LANGUAGE).join('')

/**
 * The same for a template: what stands in its gaps may be markup.
 * @template {Key} K
 * @param {K} key
 * @param {Values<K, unknown>} values
 */
export const put = (key, ...[values]) => fill(textOf(key), values ?? {}, LANGUAGE)
