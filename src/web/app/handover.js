import { html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { isNamed } from './names.js'

/** @import { DutyPage } from './pages.d.ts' */

/** Names shown at once: as many as fit above the keyboard. */
const SHOWN = 6

/**
 * Whom to hand a role to: some letters of the name, then one tap on it.
 * @param {DutyPage} page
 * @param {(to: string) => Promise<void>} offer
 */
export function handOver(page, offer) {
  if (page.directory === undefined) {
    return html`<p class="quiet">${page.live ? say('phone.lookingUpNames') : say('phone.handingOverNeedsTheNetwork')}</p>`
  }
  const asked = page.looking.trim().toLowerCase()
  const others = page.directory.people.filter((p) => p.person !== page.me.person)
  const found = asked === '' ? [] : others.filter((p) => isNamed(`${p.name} ${p.staffGroup}`, asked))
  return html`<div class="find">
    <label for="to">${say('phone.whoTakesOver')}</label>
    <input
      id="to"
      type="search"
      autocomplete="off"
      autocapitalize="words"
      spellcheck="false"
      .value=${page.looking}
      @input=${(/** @type {InputEvent} */ e) =>
        page.change({ looking: /** @type {HTMLInputElement} */ (e.currentTarget).value })}
    />
    <p class="quiet" role="status">${count(asked, found.length)}</p>
    <ul class="names">
      ${found.slice(0, SHOWN).map(
        (p) =>
          html`<li>
            <button
              @click=${(/** @type {Event} */ e) =>
                once(e, async () => {
                  await offer(p.person)
                  page.change({ handing: '', looking: '' })
                })}
            >
              <span>${say('phone.offerTo')} <strong>${p.name}</strong></span>${p.staffGroup === '' ? nothing : html` <span class="quiet">${p.staffGroup}</span>`}
            </button>
          </li>`,
      )}
    </ul>
  </div>`
}

/**
 * @param {string} asked
 * @param {number} found
 */
function count(asked, found) {
  if (asked === '') return say('phone.typeSomeLettersOfThe')
  if (found === 0) return say('phone.nobodyByThatName')
  return found > SHOWN
    ? say('phone.peopleTypeMoreLetters', { found })
    : `${found} ${found === 1 ? 'person' : 'people'}`
}
