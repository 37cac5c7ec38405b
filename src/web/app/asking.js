import { explain } from '../shared/api.js'
import { askForm, takeDraft } from '../shared/ask-form.js'
import { callItem } from '../shared/ask-item.js'
import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { api } from './line.js'
import { where } from './state.js'
import { keep, kept } from './store.js'

/** @import { AskChoices, AskView, AsksView } from '../shared/types.d.ts' */
/** @import { Draft } from '../shared/ask-form.js' */

/** Own calls that stand above the list of bleeps. */
const SHOWN = 3

/** What this person has asked for, and the form of a new call. */
const asking = {
  /** @type {readonly AskView[]} */ asks: [],
  /** The form is open. @type {AskChoices | undefined} */ choices: undefined,
  fault: '',
  dial: '',
  /** Replies being written, by call. @type {Record<string, string>} */ replies: {},
}

/** Nothing of it stays for whoever has this phone next. */
export function forgetAsks() {
  takeDraft(undefined)
  written = undefined
  Object.assign(asking, { asks: [], choices: undefined, fault: '', dial: '', replies: {} })
}

/** @param {string} path @param {object} body */
const send = (path, body) => api.send('POST', path, body)

/** What became of own calls, with a receipt for what stands on the glass. @param {() => void} draw */
export async function loadAsks(draw) {
  try {
    /** @type {AsksView} */
    const view = await api.get('/asks')
    asking.asks = view.asks
    draw()
    requestAnimationFrame(() => void tell())
  } catch {
    // Out of reach: the banner says so, and what was heard last stays.
  }
}

/** Only what can be seen now has been told. */
async function tell() {
  if (document.visibilityState !== 'visible' || (where() !== '#/ask' && where() !== '#/')) return
  const seen = where() === '#/ask' ? asking.asks : news()
  for (const { id, owed, said } of seen)
    if (owed) await send(`/asks/${id}/told`, { said }).catch(() => undefined)
}

/** Somebody waits for what becomes of a call. */
export const isAwaiting = () => asking.asks.some((ask) => ask.open)

const news = () => asking.asks.filter((ask) => ask.open).slice(0, SHOWN)

/** Above the list of bleeps: what became of own calls. */
export function askNews() {
  return news().map(
    (
      ask,
    ) => html`<a class="hint news" href="#/ask"><span class="quiet">${put('phone.askedAt', { at: clock(ask.at), to: ask.to })}</span>
      <strong>${translate(ask.sentence)}</strong></a>`,
  )
}

/** Goes on with the call that was being written. @param {() => void} draw */
export async function takeUpDraft(draw) {
  const left = /** @type {{ ask?: Draft, replies?: Record<string, string> } | undefined} */ (
    await kept('draft')
  )
  asking.replies = left?.replies ?? {}
  written = left?.ask
  if (takeDraft(written)) await openForm(draw)
}

/** @type {Draft | undefined} */
let written
let keeping = false
let changed = false

/** Letters come faster than a phone writes: whatever stands by the time it can write is kept. */
async function keepDrafts() {
  changed = true
  if (keeping) return
  keeping = true
  try {
    while (changed) {
      changed = false
      await keep('draft', { ask: written, replies: asking.replies })
    }
  } finally {
    keeping = false
  }
}

/** @param {Draft | undefined} ask */
function keepAsk(ask) {
  written = ask
  void keepDrafts()
}

/** @param {() => void} draw */
async function openForm(draw) {
  Object.assign(asking, { dial: '', fault: '' })
  try {
    asking.choices = await api.get('/asks/choices')
  } catch (error) {
    asking.fault = explain(error)
  }
  draw()
}

/** Own calls, and the form of a new one. @param {() => void} draw */
export function askPage(draw) {
  /** @param {object} ask */
  const make = async (ask) => {
    try {
      /** @type {{ dial?: string }} */
      const made = await send('/asks', ask)
      Object.assign(asking, { choices: undefined, fault: '', dial: made.dial ?? '' })
      await loadAsks(draw)
    } catch (error) {
      asking.fault = explain(error)
      draw()
      throw error
    }
  }
  /**
   * @param {AskView} ask
   * @param {string} text
   */
  const reply = async (ask, text) => {
    try {
      await send(`/asks/${ask.id}/replies`, { text })
      asking.fault = ''
      await loadAsks(draw)
      return true
    } catch (error) {
      asking.fault = explain(error)
      draw()
      return false
    }
  }
  const close = () => {
    asking.choices = undefined
    draw()
  }
  const drafts = {
    /** @param {string} id */
    of: (id) => asking.replies[id] ?? '',
    /** @param {string} id @param {string} text */
    keep(id, text) {
      const { [id]: _, ...others } = asking.replies
      asking.replies = text === '' ? others : { ...others, [id]: text }
      void keepDrafts()
    },
  }
  return html`<main>
    <h1 id="title" tabindex="-1">${say('phone.yourCalls')}</h1>
    ${asking.dial === '' ? nothing : html`<p class="notice bad"><strong>${say('ward.dialAsWell', { dial: asking.dial })}</strong></p>`}
    ${asking.fault === '' ? nothing : html`<p class="notice bad" role="alert">${asking.fault}</p>`}
    ${
      asking.choices === undefined
        ? html`<button class="main big" @click=${() => void openForm(draw)}>${say('ward.ask')}</button>`
        : askForm(asking.choices, { send: make, close, redraw: draw, keep: keepAsk })
    }
    ${asking.asks.length === 0 ? html`<p class="quiet">${say('ward.none')}</p>` : html`<ol class="calls">${asking.asks.map((ask) => callItem(ask, reply, drafts))}</ol>`}
  </main>`
}
