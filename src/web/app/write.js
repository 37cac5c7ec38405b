import { explain } from '../shared/api.js'
import { api } from './line.js'
import { load, redraw } from './phone.js'
import { speaker, state } from './state.js'
import { keepDraft } from './store.js'

/** @import { Writing } from './pages.d.ts' */

/**
 * Says something on an alert: words, an ETA, a role that is needed.
 * @param {string} id
 * @param {string} kind
 * @param {Writing} what
 * @returns {Promise<boolean>} it was taken
 */
export async function write(id, kind, what) {
  const who = speaker()
  const body = { kind, ...what, ...(who === undefined ? {} : { person: who }) }
  try {
    await api.send('POST', `/alerts/${id}/thread`, body)
    state.said = ''
    if (kind === 'note') await keepDraft(id, '')
    await load()
    return true
  } catch (error) {
    state.said = explain(error)
    redraw()
    return false
  }
}
