import { html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { translate } from '../shared/translate.js'

/** @import { SiteView, StartedView } from '../shared/types.d.ts' */
/** @import { Context } from './context.js' */

/**
 * Calls for many people that wait for somebody else than who asked for them.
 * @param {Pick<Context, 'api' | 'attempt' | 'state'>} page
 * @param {SiteView['calls']} calls
 */
export function waitingCalls({ api, attempt, state }, calls) {
  if (calls.length === 0) return nothing
  return html`${calls.map((w) => {
    if (w.by === state.me?.name)
      return html`<p class="notice" role="status">${say('start.ownWaiting', { what: w.says })}</p>`
    const confirm = (/** @type {Event} */ event) =>
      once(event, () =>
        attempt(async () => {
          /** @type {StartedView} */
          const sent = await api.send('POST', '/calls', { confirm: w.confirm })
          location.hash = `#/alert/${sent.alert}`
          return translate(sent.sentence)
        }),
      )
    return html`<div class="notice bad second" role="alert">
      <p><strong>${say('start.waiting', { by: w.by, what: w.says })}</strong></p>
      <button class="main" @click=${confirm}>${say('start.confirm')}</button>
    </div>`
  })}`
}
