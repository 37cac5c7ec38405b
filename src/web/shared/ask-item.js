import { badge, html, nothing, once } from './dom.js'
import { say } from './say.js'
import { clock } from './time.js'
import { translate } from './translate.js'

/** @import { AskView } from './types.d.ts' */

const PRESSING = new Set(['unanswered', 'passed', 'read'])

/**
 * Replies that are being written, by call.
 * @typedef {{ readonly of: (id: string) => string, readonly keep: (id: string, text: string) => void }} Drafts
 */

/** @param {AskView} ask */
function look(ask) {
  if (!ask.open) return 'over'
  if (ask.answer) return 'answer'
  return PRESSING.has(ask.state) ? 'pressing' : ''
}

/**
 * One call of the ward: when, whom, what became of it, and what was written to one another.
 * @param {AskView} ask
 * @param {(ask: AskView, text: string) => Promise<boolean>} reply true: it was taken
 * @param {Drafts} drafts
 */
export function callItem(ask, reply, drafts) {
  /** @param {SubmitEvent} event */
  const write = (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const text = String(new FormData(form).get('text') ?? '').trim()
    return once(event, async () => {
      if (text === '' || !(await reply(ask, text))) return
      drafts.keep(ask.id, '')
      const input = form.elements.namedItem('text')
      if (input instanceof HTMLInputElement) input.value = ''
    })
  }
  return html`<li class="call ${look(ask)}">
    <div class="head">
      <time datetime=${ask.at}>${clock(ask.at)}</time>
      <h2>${ask.to}</h2>
      ${badge(ask.class)}
    </div>
    <p class="stands">${translate(ask.sentence)}</p>
    ${ask.words === undefined || ask.words === '' ? nothing : html`<p class="quiet">${ask.words}</p>`}
    ${ask.replies.map(
      (r) =>
        html`<p><span class="quiet">${clock(r.at)} ${r.own ? say('ward.you') : r.by}:</span> ${r.text}</p>`,
    )}
    ${
      ask.open && ask.state !== 'sent' && ask.state !== 'read'
        ? html`<form class="line" @submit=${write}>
            <input name="text" maxlength="240" autocomplete="off" value=${drafts.of(ask.id)}
              @input=${(/** @type {Event} */ e) => drafts.keep(ask.id, /** @type {HTMLInputElement} */ (e.currentTarget).value)} aria-label=${say('ward.replyTo')} placeholder=${say('ward.replyTo')} />
            <button>${say('ward.reply')}</button>
          </form>`
        : nothing
    }
  </li>`
}
