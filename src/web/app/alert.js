import { explain } from '../shared/api.js'
import { badge, html, nothing, once } from '../shared/dom.js'
import { clock, now, span, spanSpoken } from '../shared/time.js'
import { isComing, STATE, who } from '../shared/words.js'
import { answer, api } from './line.js'
import { refresh } from './store.js'

/** @import { AlertView, Answered, Card, DirectoryView } from '../shared/types.d.ts' */

/**
 * @typedef {object} AlertPage
 * @property {Card} card
 * @property {AlertView['thread'] | undefined} thread undefined while the server cannot be reached
 * @property {DirectoryView['roles']} roles that may be asked as well; empty while the server cannot be reached
 * @property {string} said what became of the last answer
 * @property {boolean} waiting an answer is still to be sent
 * @property {(said: string, waiting?: boolean) => void} tell
 * @property {() => Promise<void>} reload
 */

/** Who, where, why, how urgent; then who is coming; the answers stay under the thumb. @param {AlertPage} page */
export function alertPage(page) {
  const { card } = page
  const age = (card.closed ? Date.parse(card.closed.at) : now()) - Date.parse(card.raised)
  return html`<article class="alert ${card.class}" aria-labelledby="alert-h">
      <header class="band">
        <a class="back" href="#/" aria-label="Back to all bleeps">←</a>
        ${badge(card.class)}
        <span class="figure age" role="img" aria-label=${`${spanSpoken(age)} ago`}>${span(age)}</span>
      </header>
      <h1 id="alert-h" class="place">${card.place ?? card.to}</h1>
      <p class="kind">${card.title}</p>
      ${card.words === undefined ? nothing : html`<p class="said">“${card.words}”</p>`}
      ${
        card.quality === 'clean' || card.quality === 'corrected'
          ? nothing
          : html`<p class="notice bad">Parts of the page were lost on the air. Ask the switchboard if it is unclear.</p>`
      }
      <p class="quiet">
        To ${card.to}, bleep ${card.number}, at ${clock(card.raised)}${
          card.repeats > 0 ? `. Called ${card.repeats + 1} times` : ''
        }${card.eta === undefined ? '' : `. ETA ${card.eta}`}
      </p>
      ${
        card.callBack === undefined
          ? nothing
          : html`<a class="button main big" href="tel:${card.callBack}">Call ${card.callBack}</a>`
      }
      ${card.closed === undefined ? nothing : html`<p class="notice good">${card.closed.sentence} (${card.closed.by}).</p>`}
      <p class=${page.said === '' ? '' : 'notice good'} role="status">${page.said}</p>
      ${coming(card)} ${thread(page)}
    </article>
    ${card.phase === 'closed' ? nothing : answers(page)}`
}

/** @param {Card} card */
function coming(card) {
  const there = card.responders.filter((r) => isComing(r) && r.person !== card.you?.person)
  const missing = card.missing.filter((m) => m.mandatory)
  const yours = card.responders.find((r) => r.person === card.you?.person)?.roles ?? []
  return html`<section aria-labelledby="coming-h">
    <h2 id="coming-h">Who is coming</h2>
    <ul class="people">
      ${card.you === undefined ? nothing : html`<li><strong>You</strong> – ${STATE[card.you.state]}</li>`}
      ${there.map(
        (r) =>
          html`<li>✓ <strong>${who(r)}</strong> – ${STATE[r.state]}${r.eta === undefined ? '' : `, ${r.eta}`}
            <span class="quiet">${r.roles.join(', ')}</span></li>`,
      )}
      ${missing
        .filter((m) => !yours.includes(m.name))
        .map((m) => html`<li class="missing">! Still missing: ${m.name}</li>`)}
    </ul>
    ${missing.length === 0 && card.phase === 'covered' ? html`<p class="quiet">Every role that is needed is coming.</p>` : nothing}
  </section>`
}

/** Which buttons, by where this person stands; the first is the one most people want. */
/** @type {Readonly<Record<string, readonly (readonly [answer: string, label: string])[]>>} */
const CHOICES = {
  waiting: [
    ['accepted', 'I’m coming'],
    ['declined', 'I can’t'],
    ['not-me', 'Not me'],
  ],
  'waiting-routine': [
    ['accepted', 'Accept'],
    ['call-back', 'I’ll call back'],
    ['declined', 'I can’t'],
    ['not-me', 'Not me'],
  ],
  accepted: [
    ['attending', 'On my way'],
    ['arrived', 'I’m there'],
    ['declined', 'I can’t after all'],
  ],
  attending: [
    ['arrived', 'I’m there'],
    ['declined', 'I can’t after all'],
  ],
  declined: [['accepted', 'I’m coming after all']],
  arrived: [],
  'stood-down': [],
}

/** @param {AlertPage} page */
function answers(page) {
  const { card } = page
  const you = card.you?.state
  if (you === undefined) return nothing
  const waits = ['asked', 'on-device', 'presented', 'opened'].includes(you)
  const routine = card.class === 'routine' || card.class === 'urgent'
  const state = waits ? (routine ? 'waiting-routine' : 'waiting') : you === 'call-back' ? 'accepted' : you
  const choices = CHOICES[state === 'not-me' ? 'declined' : state] ?? []
  if (choices.length === 0) return nothing
  /** @param {string} choice */
  const say = async (choice) => {
    try {
      /** @type {Answered | undefined} */
      const done = await answer(card, choice)
      if (done === undefined)
        page.tell('Not sent yet: this phone is out of reach. It is sent as soon as it can be.', true)
      else page.tell('', false)
    } catch (error) {
      page.tell(explain(error))
    }
    await page.reload()
  }
  return html`<div class="answers" role="group" aria-label="Your answer">
    ${page.waiting ? html`<p class="notice bad" role="status">Your answer has not left this phone yet.</p>` : nothing}
    ${choices.map(
      ([choice, label], i) =>
        html`<button
          class=${i === 0 ? 'yes' : ''}
          data-answer=${choice}
          @click=${(/** @type {Event} */ event) => once(event, () => say(choice))}
        >
          ${label}
        </button>`,
    )}
  </div>`
}

/** How a reply of each kind begins. @type {Readonly<Record<string, string>>} */
const SAID = { eta: 'ETA ', 'need-role': 'Needs ', note: '' }

const QUICK = /** @type {const} */ ([
  ['eta', '2 min'],
  ['eta', '5 min'],
  ['eta', '10 min'],
])

/** @param {AlertPage} page */
function thread(page) {
  const { card } = page
  if (page.thread === undefined) return html`<p class="quiet">The thread needs the network.</p>`
  /**
   * @param {string} kind
   * @param {{ text: string } | { role: string }} what
   */
  const say = async (kind, what) => {
    try {
      await api.send('POST', `/alerts/${card.id}/thread`, { kind, ...what })
    } catch (error) {
      page.tell(explain(error))
    }
    await page.reload()
  }
  /** @param {SubmitEvent} event */
  const write = async (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const text = String(new FormData(form).get('text') ?? '').trim()
    form.reset()
    if (text !== '') await say('note', { text })
  }
  return html`<section aria-labelledby="thread-h">
    <h2 id="thread-h">Thread</h2>
    <ul class="thread">
      ${page.thread.map(
        (s) =>
          html`<li>
            <span class="quiet figure">${clock(s.at)}</span> <strong>${s.name ?? s.by}</strong>
            ${SAID[s.kind]}${s.text}
          </li>`,
      )}
    </ul>
    <div class="quick">
      ${QUICK.map(
        ([kind, text]) =>
          html`<button @click=${(/** @type {Event} */ e) => once(e, () => say(kind, { text }))}>
            ${SAID[kind]}${text}
          </button>`,
      )}
    </div>
    ${needs(page, (role) => say('need-role', { role }))}
    <form class="line" @submit=${write}>
      <label class="away" for="note">Write to everybody on it</label>
      <input id="note" name="text" maxlength="240" autocomplete="off" placeholder="Write to everybody on it" />
      <button>Send</button>
    </form>
  </section>`
}

/**
 * Another role is wanted: a second opinion, another pair of hands. Its holders are rung.
 * @param {AlertPage} page
 * @param {(role: string) => Promise<void>} ask
 */
function needs({ card, roles }, ask) {
  if (roles.length === 0 || card.phase === 'closed') return nothing
  /** @param {SubmitEvent} event */
  const pick = async (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const role = String(new FormData(form).get('role') ?? '')
    form.reset()
    if (role !== '') await ask(role)
  }
  return html`<form class="line" @submit=${pick}>
    <label class="away" for="need">Ask another role to come</label>
    <select id="need" name="role">
      <option value="">Need another role…</option>
      ${roles.map((r) => html`<option value=${r.role}>${r.name}</option>`)}
    </select>
    <button>Ask</button>
  </form>`
}

/**
 * The newest view of one alert from the server; its card is kept for when there is no network.
 * @param {string} id
 * @returns {Promise<AlertView>}
 */
export async function fetchAlert(id) {
  /** @type {AlertView} */
  const view = await api.get(`/alerts/${id}`)
  await refresh(view)
  return view
}
