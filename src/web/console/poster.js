import { html } from '../shared/dom.js'
import { say } from '../shared/say.js'

/** @import { PageContext } from './pages.d.ts' */

/** A sheet for the wall: how to set up a phone, and what silent mode does to it. @param {PageContext} page */
export function posterPage({ state }) {
  const { app } = state
  if (app === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  return html`<article class="poster">
    <button class="no-print" @click=${() => window.print()}>${say('poster.print')}</button>
    <h1>${say('poster.title')}</h1>
    <img class="qr" src=${app.qr} alt=${say('poster.qr')} />
    <p class="big">${say('poster.scan')}<br /><strong>${app.link}</strong></p>
    <ol>
      <li>${say('poster.first')}</li>
      <li>${say('poster.test')}</li>
      <li>${say('poster.answer')}</li>
    </ol>
    <h2>${say('poster.silentTitle')}</h2>
    <ul>
      <li>${say('poster.silent')}</li>
      <li>${say('poster.focus')}</li>
      <li>${say('poster.battery')}</li>
    </ul>
    <p class="big"><strong>${say('poster.pager')}</strong></p>
  </article>`
}
