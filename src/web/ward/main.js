import { createApi, explain, Refusal } from '../shared/api.js'
import { askForm, takeDraft } from '../shared/ask-form.js'
import { callItem } from '../shared/ask-item.js'
import { byId, html, leadTo, nothing, once, render } from '../shared/dom.js'
import { languages, speakHere } from '../shared/language.js'
import { ring, unlockSound } from '../shared/ring.js'
import { put, say } from '../shared/say.js'
import { keepStream } from '../shared/stream.js'
import { clock, learn, now } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { drafts } from './drafts.js'

/** @import { AskChoices, AskView, AsksView, EnrolledView } from '../shared/types.d.ts' */

const TOKEN = 'bleepd-ward'

/** @type {{ asks: readonly AskView[], ward: string, choices: AskChoices | undefined, asking: boolean, fault: string, lost: number, dial: string }} */
const state = {
  asks: [],
  ward: '',
  choices: undefined,
  asking: false,
  fault: '',
  lost: 0,
  dial: '',
}
const api = createApi(() => localStorage.getItem(TOKEN) ?? undefined)

function draw() {
  render(localStorage.getItem(TOKEN) === null ? enrolPage() : page(), byId('page'))
}

function page() {
  return html`<header class="top">
      <h1>${say('ward.title', { ward: state.ward })}</h1>
      ${state.asking ? nothing : html`<button class="main big" @click=${open}>${say('ward.ask')}</button>`}
    </header>
    ${state.lost === 0 ? nothing : html`<p class="lost" role="alert">${say('ward.offline', { since: clock(state.lost) })}</p>`}
    ${state.dial === '' ? nothing : html`<p class="lost" role="alert"><strong>${say('ward.dialAsWell', { dial: state.dial })}</strong></p>`}
    ${state.fault === '' ? nothing : html`<p class="lost" role="alert">${state.fault}</p>`}
    ${state.asking && state.choices !== undefined ? askForm(state.choices, { send, close, redraw: draw, keep: drafts.keepAsk }) : nothing}
    <main aria-label=${say('ward.title', { ward: state.ward })}>
      ${
        state.asks.length === 0
          ? html`<p class="calm">${say('ward.none')}</p>`
          : html`<ol class="calls">${state.asks.map((ask) => callItem(ask, reply, drafts))}</ol>`
      }
    </main>`
}

async function open() {
  state.asking = true
  state.dial = ''
  try {
    state.choices = await api.get('/asks/choices')
    state.fault = ''
  } catch (error) {
    state.fault = explain(error)
  }
  draw()
  leadTo(document.getElementById('find'))
}

function close() {
  state.asking = false
  draw()
}

/** Nothing typed is lost: the form stays as it is until the server has taken it. @param {object} ask */
async function send(ask) {
  try {
    /** @type {{ dial?: string }} */
    const made = await api.send('POST', '/asks', ask)
    Object.assign(state, { asking: false, fault: '', dial: made.dial ?? '' })
    await load()
  } catch (error) {
    state.fault = explain(error)
    draw()
    throw error
  }
}

/**
 * @param {AskView} ask
 * @param {string} text
 */
async function reply(ask, text) {
  try {
    await api.send('POST', `/asks/${ask.id}/replies`, { text })
    state.fault = ''
    await load()
    return true
  } catch (error) {
    state.fault = explain(error)
    draw()
    return false
  }
}

/** What was shown before, by ask: news sounds, a look again does not. @type {Map<string, string>} */
let shown = new Map()

/** @param {AsksView} view */
function show(view) {
  learn(view.now)
  const fresh = view.asks.filter((a) => shown.size > 0 && shown.get(a.id) !== a.said)
  shown = new Map([['', ''], ...view.asks.map((a) => /** @type {const} */ ([a.id, a.said]))])
  Object.assign(state, { asks: view.asks, ward: view.ward ?? state.ward, lost: 0 })
  draw()
  const news = fresh.find((a) => a.answer || a.state === 'unanswered' || a.state === 'passed')
  if (news !== undefined) {
    ring('routine')
    byId('spoken').textContent = `${news.to}: ${translate(news.sentence)}`
  }
  requestAnimationFrame(() => void tell())
}

/** A receipt for what is on the glass now, and only while the screen can be seen. */
async function tell() {
  if (document.visibilityState !== 'visible') return
  for (const ask of state.asks)
    if (ask.owed) await api.send('POST', `/asks/${ask.id}/told`, { said: ask.said }).catch(() => undefined)
}

async function load() {
  show(await api.get('/asks'))
}

const listen = () =>
  keepStream({
    token: async () => localStorage.getItem(TOKEN) ?? undefined,
    path: async () => '/api/v1/stream',
    hears: { asks: show },
    out() {
      localStorage.removeItem(TOKEN)
      Object.assign(state, { asks: [], fault: say('ward.signedOut') })
      draw()
    },
    live(live) {
      state.lost = live ? 0 : state.lost || now()
      draw()
    },
  })

document.addEventListener('visibilitychange', () => void tell())
window.addEventListener('pointerdown', unlockSound)

function enrolPage() {
  const code = /^#enrol=([\w-]+)$/.exec(location.hash)?.[1] ?? ''
  /** @param {SubmitEvent} event */
  const enrol = (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    return once(event, async () => {
      try {
        /** @type {EnrolledView} */
        const made = await createApi().send('POST', '/devices', {
          code: form.get('code'),
          label: say('ward.wardScreen'),
        })
        localStorage.setItem(TOKEN, made.token)
        history.replaceState(null, '', '/ward/')
        Object.assign(state, { fault: '', ward: made.device.owner.name })
        draw()
        listen()
        goOn()
      } catch (error) {
        state.fault = error instanceof Refusal ? explain(error) : String(error)
        draw()
      }
    })
  }
  return html`<main>
    <h1>${say('ward.enrol')}</h1>
    <p>${say('ward.enrolSays')}</p>
    ${state.fault === '' ? nothing : html`<p class="lost" role="alert">${put('ward.said', { fault: state.fault })}</p>`}
    <form class="ask" @submit=${enrol}>
      <label for="code">${say('ward.code')}</label>
      <input id="code" name="code" .value=${code} required minlength="8" autocapitalize="characters" spellcheck="false" autocomplete="one-time-code" />
      <button class="main big">${say('ward.enrolNow')}</button>
    </form>
    ${languages()}
  </main>`
}

/** With the call that somebody was writing here. */
function goOn() {
  if (localStorage.getItem(TOKEN) !== null && takeDraft(drafts.ask())) void open()
}

speakHere()
unlockSound()
draw()
listen()
goOn()
