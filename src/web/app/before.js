import { explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { languages } from '../shared/language.js'
import { say } from '../shared/say.js'
import { spoken } from '../shared/tongue.js'
import { queue } from './alert.js'
import { api } from './line.js'
import { keep, refresh } from './store.js'

/** @import { Card, MeView } from '../shared/types.d.ts' */

/**
 * The trust's terms of use, to be signed once for each version before anything else is done with this phone. Bleeps ring
 * all the same and can be opened and answered; the words of all but emergencies are shown once this is signed.
 * @param {object} page
 * @param {NonNullable<MeView['acceptedUse']>} page.asked
 * @param {readonly Card[]} page.waiting open bleeps that wait for an answer
 * @param {string} page.fault why the last try was not taken; empty: none
 * @param {(version: string) => Promise<void>} page.sign
 * @param {() => Promise<void>} page.signOut
 */
export function termsPage({ asked, waiting, fault, sign, signOut }) {
  const { version } = asked
  return html`<main class="plain before">
    ${queue(waiting)}
    <h1 id="title" tabindex="-1">${say('phone.termsOfUse')}</h1>
    <p class="quiet">${say('phone.termsOfUseVersion', { version })}</p>
    ${termsIn(spoken(), asked).map((line) => html`<p>${line}</p>`)}
    ${fault === '' ? nothing : html`<p class="notice bad" role="alert">${fault}</p>`}
    <button class="main big" @click=${(/** @type {Event} */ e) => once(e, () => sign(version))}>
      ${say('phone.iAgree')}
    </button>
    <p class="quiet">${say('phone.termsNotAgreed')}</p>
    <button class="big" @click=${(/** @type {Event} */ e) => once(e, signOut)}>${say('phone.signOutAndWipe')}</button>
    ${languages((tag) => keep('language', tag))}
  </main>`
}

/**
 * The terms line by line, in Welsh for whoever reads that, where the trust has them so: signed is the version, whichever
 * was read.
 * @param {string} language
 * @param {NonNullable<MeView['acceptedUse']>} asked
 */
export function termsIn(language, { text, welsh }) {
  return ((language === 'cy' ? welsh : undefined) ?? text).split('\n').filter((line) => line.trim() !== '')
}

/**
 * A second phone that its holder has not spoken for yet, where the site wants that first: nothing rings it.
 * @param {() => Promise<void>} signOut
 */
export function waitingPage(signOut) {
  return html`<main class="plain before">
    <h1 id="title" tabindex="-1">${say('phone.waitsForYou')}</h1>
    <p class="notice bad" role="status"><strong>${say('phone.doesNotRingYet')}</strong></p>
    <p>${say('phone.waitsHow')}</p>
    <p>${say('phone.waitsLost')}</p>
    <button class="big" @click=${(/** @type {Event} */ e) => once(e, signOut)}>${say('phone.signOutAndWipe')}</button>
    ${languages((tag) => keep('language', tag))}
  </main>`
}

/**
 * Signs the terms of use in the version that was read, and fetches what was kept back until then.
 * @param {string} version
 * @returns {Promise<string>} why it was not taken; empty: it was
 */
export async function signTerms(version) {
  try {
    await api.send('POST', '/accepted-use', { version })
    /** @type {{ alerts: Card[] }} */
    const { alerts } = await api.get('/alerts')
    for (const card of alerts) await refresh(card)
    return ''
  } catch (error) {
    return explain(error)
  }
}
