import { html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { field, personField, personIn } from './pick.js'

/** @import { NudgeView } from '../shared/types.d.ts' */
/** @import { PageContext } from './pages.d.ts' */

/** What each way is called, and what it does; `tells`: it only tells somebody to look, and nothing comes
 * back by it; `makes`: what it is reached by is made here, so that there is no number to enter. */
export const ENTERED =
  /** @type {Readonly<Record<string, { name: string, does: string, tells?: true, makes?: true }>>} */ ({
    ntfy: { name: say('ways.ntfy'), does: say('ways.ntfyDoes'), makes: true },
    voice: { name: say('ways.voice'), does: say('ways.voiceDoes') },
    notify: { name: say('ways.notify'), does: say('ways.notifyDoes'), tells: true },
    modem: { name: say('ways.modem'), does: say('ways.modemDoes'), tells: true },
    nudge: { name: say('ways.text'), does: say('ways.nudgeDoes'), tells: true },
  })

/** Every way of this site and what it does, for whoever has to choose or explain one. @param {PageContext} page */
export function everyWay({ state: { enters } }) {
  const own = [
    { name: say('ways.webpush'), does: say('ways.webpushDoes') },
    { name: say('ways.socket'), does: say('ways.socketDoes') },
  ]
  const all = [...own, ...enters.flatMap((id) => ENTERED[id] ?? [])]
  return html`<details class="panel">
    <summary>${say('ways.all')}</summary>
    <p class="quiet">${say('ways.lastOnes')}</p>
    <dl>${all.map(({ name, does }) => html`<dt><strong>${name}</strong></dt><dd>${does}</dd>`)}</dl>
  </details>`
}

/** Numbers and topics, which the switchboard enters for somebody. @param {PageContext} page */
export function enterWay(page) {
  const { state, draw, acts } = page
  const { enters, topic } = state
  if (topic !== undefined) return topicOf(topic, () => put(undefined))
  if (enters.length === 0) return nothing
  const way = enters.find((one) => one === state.filter.way) ?? enters[0] ?? ''
  /** @param {NudgeView | undefined} made */
  function put(made) {
    state.topic = made
    draw()
  }
  /** @param {Event} event */
  const choose = (event) => {
    state.filter.way = /** @type {HTMLSelectElement} */ (event.target).value
    draw()
  }
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const found = personIn(event, state.directory)
    if (found === undefined) return undefined
    const number = ENTERED[way]?.makes ? undefined : field(event, 'number')
    return once(event, () =>
      acts.enterWay(found, way, number, put).then((done) => {
        if (done) form.reset()
      }),
    )
  }
  return html`<form class="form" @submit=${submit}>
    <h3>${say('ways.enterTitle')}</h3>
    <label for="way-person">${say('ways.whose')}</label>
    ${personField(say('ways.whose'), 'way-person')}
    <label for="way">${say('ways.which')}</label>
    <select id="way" name="way" @change=${choose}>
      ${enters.map((one) => html`<option value=${one} ?selected=${one === way}>${ENTERED[one]?.name ?? one}</option>`)}
    </select>
    <p class="quiet">${ENTERED[way]?.does ?? nothing}</p>
    ${
      ENTERED[way]?.makes
        ? nothing
        : html`<input
              name="number"
              type="text"
              inputmode="tel"
              aria-label="${say('ways.number')}"
              placeholder="07700 900123"
              autocomplete="off"
              minlength="3"
              maxlength="64"
              required
            />
            <p class="quiet">${say('ways.hidden')}</p>`
    }
    <button>${say('ways.enter')}</button>
  </form>`
}

/**
 * @param {NudgeView} made
 * @param {() => void} done
 */
const topicOf = ({ device, topic, link, qr }, done) => html`<div class="form">
  <p>${say('ways.topicOf', { name: device.owner.name })}</p>
  <p class="figure">${topic}</p>
  ${qr === undefined ? nothing : html`<img class="qr" src=${qr} alt="${say('ways.topicQr')}" />`}
  <p class="quiet">${say('ways.topicHow')} ${link ?? nothing}</p>
  <button @click=${done}>${say('ways.done')}</button>
</div>`
