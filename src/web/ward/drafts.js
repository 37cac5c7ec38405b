/** @import { Draft } from '../shared/ask-form.js' */

const ASK = 'bleepd-draft'
const REPLY = 'bleepd-reply/'

/**
 * What is being typed at this screen, kept in its tab until it has been taken or given up: a reload, a dead network, a
 * screen that was signed out lose none of it. It ends with the tab.
 */
export const drafts = {
  /** @returns {unknown} */
  ask() {
    try {
      return JSON.parse(sessionStorage.getItem(ASK) ?? 'null')
    } catch {
      return undefined
    }
  },
  /** @param {Draft | undefined} draft */
  keepAsk(draft) {
    put(ASK, draft === undefined ? '' : JSON.stringify(draft))
  },
  /** @param {string} id */
  of: (id) => sessionStorage.getItem(REPLY + id) ?? '',
  /**
   * @param {string} id
   * @param {string} text
   */
  keep: (id, text) => put(REPLY + id, text),
}

/**
 * @param {string} key
 * @param {string} text
 */
function put(key, text) {
  if (text === '') sessionStorage.removeItem(key)
  else sessionStorage.setItem(key, text)
}
