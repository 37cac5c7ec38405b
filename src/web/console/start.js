import { badge, html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { translate } from '../shared/translate.js'
import { newId } from './new-id.js'
import { field } from './pick.js'
import { readBack } from './read-back.js'

/** @import { CallsView, PreviewView } from '../shared/types.d.ts' */
/** @import { PageContext, Read } from './pages.d.ts' */
/** @import { State } from './context.js' */

/** Kinds with a key of their own. */
const KEYED = 9
/** How long a held press is held. */
const HELD = 3000

/** @typedef {CallsView['kinds'][number]} Kind */
/** @param {Kind} k */
const idOf = (k) => `${k.kind}/${k.number}`

/** @param {Read} read @param {State} state */
export const loadCalls = (read, state) =>
  read('calls', '/calls', (/** @type {CallsView} */ view) => {
    state.calls = view
  })

/** Starts a call: what, where, and one press. Who will be rung stands beside the press before it is made. @param {PageContext} page */
export function startPage(page) {
  const { state } = page
  const { calls } = state
  if (calls === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  const chosen = calls.kinds.find((k) => idOf(k) === state.start.kind)
  const message = state.start.kind === 'message'
  return html`<h1>${say('start.title')}</h1>
    <div class="start">
      <section class="panel" aria-labelledby="start-kind">
        <h2 id="start-kind">${say('start.kind')}</h2>
        <ol class="kinds">
          ${calls.kinds.map((k, i) => kindButton(page, k, i, chosen))}
          <li>
            <button data-kind-key="0" aria-pressed=${message} @click=${() => choose(page, 'message')}><kbd>0</kbd> ${say('start.message')}</button>
          </li>
        </ol>
      </section>
      <section class="panel" aria-label=${say('start.title')}>
        ${chosen === undefined && !message ? html`<p class="quiet">${say('start.chooseFirst')}</p>` : form(page, chosen, calls)}
      </section>
    </div>`
}

/**
 * @param {PageContext} page
 * @param {Kind} k
 * @param {number} i
 * @param {Kind | undefined} chosen
 */
function kindButton(page, k, i, chosen) {
  return html`<li>
    <button
      class=${k.class ?? ''}
      data-kind-key=${i < KEYED ? i + 1 : nothing}
      aria-pressed=${k === chosen}
      @click=${() => choose(page, idOf(k))}
      >${i < KEYED ? html`<kbd>${i + 1}</kbd> ` : nothing}${k.name}</button
    >
  </li>`
}

/** The kind is chosen and the keyboard goes to the place. @param {PageContext} page @param {string} kind */
function choose(page, kind) {
  const { place, pressed } = page.state.start
  page.state.start = { kind, place, ...(pressed === undefined ? {} : { pressed }) }
  page.draw()
  const field = document.getElementById(kind === 'message' ? 'start-to' : 'start-place')
  field?.focus()
  // What stands there may be of a call that was left: the next letter takes its place and is not put behind it.
  if (field instanceof HTMLInputElement) field.select()
  if (kind !== 'message') void look(page)
}

/**
 * @param {PageContext} page
 * @param {Kind | undefined} chosen absent: a message
 * @param {CallsView} calls
 */
function form(page, chosen, calls) {
  const { state } = page
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault()
    const { preview } = state.start
    // A held press is made with the button; Enter must not stand for it.
    if (preview?.confirm === 'held-press') return undefined
    return once(event, () => start(page, asked(event, chosen)))
  }
  /** @param {Event} event */
  const typed = (event) => {
    const form = /** @type {HTMLElement} */ (event.target).closest('form')
    if (form instanceof HTMLFormElement) note(page, form)
  }
  return html`<form class="form" @submit=${send} @input=${typed}>
    ${chosen === undefined ? nothing : html`<h2>${chosen.class === undefined ? nothing : badge(chosen.class)} ${chosen.name}</h2>`}
    ${
      chosen === undefined
        ? html`<label for="start-to">${say('start.to')}</label>
          <input id="start-to" name="to" required autocomplete="off" list="call-numbers" />
          <datalist id="call-numbers">${state.directory?.roles.map((r) => html`<option value="role:${r.role}">${r.name}</option>`)}</datalist>`
        : nothing
    }
    <label for="start-place">${say('start.place')}</label>
    <input id="start-place" name="place" autocomplete="off" list="call-places" maxlength="80" placeholder=${say('start.placeHint')} .value=${state.start.place} />
    <datalist id="call-places">${calls.places.map((place) => html`<option value=${place}></option>`)}</datalist>
    ${readBack(state.start, calls)}
    ${press(page, chosen)}
    <details class="fold" ?open=${chosen === undefined}>
      <summary>${say('start.said')}</summary>
      <label for="start-text">${say('start.said')}</label>
      <input id="start-text" name="text" maxlength="240" autocomplete="off" />
      <label for="start-from">${say('start.from')}</label>
      <input id="start-from" name="from" inputmode="tel" maxlength="20" autocomplete="off" />
    </details>
  </form>`
}

/** @param {PageContext} page @param {Kind | undefined} chosen */
function press(page, chosen) {
  const what = chosen?.name ?? ''
  const { confirm } = page.state.start.preview ?? {}
  if (confirm === 'held-press') return heldButton(page, chosen)
  const label =
    confirm === 'two-people'
      ? say('start.askSecond')
      : chosen === undefined
        ? say('start.send')
        : say('start.sendOne', { what: what.toLowerCase() })
  return html`<button class="main send ${chosen?.class ?? ''}">${label}</button>`
}

/** Held for three seconds by pointer, space or Enter; let go before that, it does nothing. @param {PageContext} page @param {Kind | undefined} chosen */
function heldButton(page, chosen) {
  const { state, draw } = page
  /** @param {Event} event */
  const down = (event) => {
    if (event instanceof KeyboardEvent && ((event.key !== ' ' && event.key !== 'Enter') || event.repeat)) {
      if (event instanceof KeyboardEvent && event.repeat) event.preventDefault()
      return
    }
    event.preventDefault()
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget)
    const form = button.form
    if (form === null || state.start.holding !== undefined) return
    state.start.holding = setTimeout(() => {
      delete state.start.holding
      void start(page, { ...read(form, chosen), confirm: 'held' })
    }, HELD)
    draw()
  }
  const up = () => {
    clearTimeout(state.start.holding)
    delete state.start.holding
    draw()
  }
  return html`<button
    type="button"
    class="main send hold emergency ${state.start.holding === undefined ? '' : 'holding'}"
    @pointerdown=${down} @pointerup=${up} @pointerleave=${up} @pointercancel=${up}
    @keydown=${down} @keyup=${up} @blur=${up}
    >${say('start.hold')}</button
  >`
}

/** @param {SubmitEvent} event @param {Kind | undefined} chosen */
const asked = (event, chosen) => ({
  ...(chosen === undefined ? { to: field(event, 'to') } : { kind: chosen.kind, to: chosen.number }),
  ...{ place: field(event, 'place'), text: field(event, 'text'), from: field(event, 'from') },
})

/** @param {HTMLFormElement} form @param {Kind | undefined} chosen */
function read(form, chosen) {
  const of = (/** @type {string} */ name) => String(new FormData(form).get(name) ?? '')
  return {
    ...(chosen === undefined ? { to: of('to') } : { kind: chosen.kind, to: chosen.number }),
    ...{ place: of('place'), text: of('text'), from: of('from') },
  }
}

/**
 * @param {PageContext} page
 * @param {object} body
 */
function start(page, body) {
  const { api, attempt, state } = page
  return attempt(async () => {
    try {
      /** @type {import('../shared/types.d.ts').StartedView} */
      const sent = await api.send('POST', '/calls', { ...body, press: pressOf(state, body) })
      state.start = { kind: '', place: '' }
      location.hash = `#/alert/${sent.alert}`
      return translate(sent.sentence)
    } catch (error) {
      if (!isWaiting(error)) throw error
      state.start = { kind: '', place: '' }
      return say('start.waitsForSecond')
    }
  })
}

/**
 * One name for the same words pressed again, so that a call whose answer was lost on the way is not made twice.
 * @param {State} state
 * @param {object} body
 */
function pressOf({ start }, body) {
  const of = JSON.stringify(body)
  if (start.pressed?.of !== of) start.pressed = { of, id: newId() }
  return start.pressed.id
}

/** @param {unknown} error */
const isWaiting = (error) =>
  error instanceof Error &&
  'problem' in error &&
  /** @type {{ problem: { code: string, detail?: string } }} */ (error).problem.code === 'call-unconfirmed' &&
  /** @type {{ problem: { detail?: string } }} */ (error).problem.detail !== undefined

/** What is typed is kept over a change of page, and whom it would ring looked up. @param {PageContext} page @param {HTMLFormElement} form */
function note(page, form) {
  const { state } = page
  state.start.place = String(new FormData(form).get('place') ?? '')
  clearTimeout(looking)
  looking = setTimeout(() => void look(page, form), 250)
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let looking

/** @param {PageContext} page @param {HTMLFormElement} [typed] */
async function look({ api, state, draw }, typed) {
  const { kind } = state.start
  const chosen = state.calls?.kinds.find((k) => idOf(k) === kind)
  const form = typed ?? document.querySelector('.start form')
  if (!(form instanceof HTMLFormElement)) return
  const body = read(form, chosen)
  if (chosen === undefined && (body.to ?? '') === '') return
  /** @type {PreviewView | undefined} */
  const preview = await api.send('POST', '/calls/preview', body).catch(() => undefined)
  if (state.start.kind !== kind) return
  state.start = {
    ...state.start,
    ...{ preview, failed: preview === undefined },
  }
  draw()
}
