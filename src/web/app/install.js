import { html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'

/** The browser's own offer to put the app on the home screen (Chromium); others are told how on the test page. */
/** @typedef {Event & { prompt(): Promise<unknown> }} Offer */

/** @type {Offer | undefined} */
let offer

/** @param {() => void} draw */
export function watchInstall(draw) {
  window.addEventListener('beforeinstallprompt', (event) => {
    // Kept for a moment of calm: the browser would put it over whatever is open.
    event.preventDefault()
    offer = /** @type {Offer} */ (event)
    draw()
  })
  window.addEventListener('appinstalled', () => {
    offer = undefined
    draw()
  })
}

/** Asked while nothing waits for an answer. @param {() => void} draw */
export function installHint(draw) {
  const asked = offer
  if (asked === undefined) return nothing
  const install = async () => {
    offer = undefined
    await asked.prompt()
    draw()
  }
  return html`<p class="hint">${say('phone.installSays')}
    <button @click=${(/** @type {Event} */ e) => once(e, install)}>${say('phone.install')}</button></p>`
}
