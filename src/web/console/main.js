import { createApi, explain, Refusal } from '../shared/api.js'
import { byId, html, nothing, render } from '../shared/dom.js'
import { canSound, ring, unlockSound } from '../shared/ring.js'
import { clockSeconds, learn, now } from '../shared/time.js'
import { alertPage } from './alert.js'
import { board } from './board.js'
import { devicesPage } from './devices.js'
import { feedsPage } from './feeds.js'
import { login, signIn } from './login.js'
import { reportsPage } from './reports.js'
import { review } from './review.js'
import { rotaPage, unclaimed } from './rota.js'

/** @import { AlertView, BoardView, Card, CodeView, DeviceView, DirectoryView, FeedView, MeView, OfferView, ReviewView, RotaView, WaitingBleep } from '../shared/types.d.ts' */

const api = createApi()

/** Longer than two heartbeats without a word means the board may be old, and it says so. */
const SILENT = 35_000
/** Between two soundings of the alarm. */
const ALARM = 10_000

/** Everything on the screen. */
const state = {
  /** @type {MeView | undefined} */ me: undefined,
  signedOut: false,
  fault: '',
  notice: '',
  /** @type {Map<string, Card>} */ cards: new Map(),
  heard: 0,
  /** @type {AlertView | undefined} */ alert: undefined,
  /** @type {DirectoryView | undefined} */ directory: undefined,
  /** @type {RotaView | undefined} */ rota: undefined,
  /** @type {readonly OfferView[]} */ offers: [],
  /** @type {readonly DeviceView[]} */ devices: [],
  /** @type {CodeView | undefined} */ code: undefined,
  /** @type {readonly FeedView[]} */ feeds: [],
  /** @type {readonly WaitingBleep[]} */ waiting: [],
  /** @type {readonly { code: string, sentence: string, remedy: string, detail?: string | undefined }[]} */ unready:
    [],
}

/** @type {readonly (readonly [hash: string, label: string, roles: readonly string[]])[]} */
const PAGES = [
  ['#/', 'Board', ['switchboard', 'estates', 'governance', 'admin']],
  ['#/rota', 'Rota', ['switchboard', 'governance', 'admin']],
  ['#/lines', 'Lines', ['switchboard', 'estates', 'governance', 'admin']],
  ['#/devices', 'Devices', ['switchboard', 'estates', 'admin']],
  ['#/reports', 'Reports', ['switchboard', 'governance', 'admin']],
]

const where = () => (location.hash === '' || location.hash === '#' ? '#/' : location.hash)

/** @param {string} text */
function notice(text) {
  state.notice = text
  draw()
}

function draw() {
  if (state.signedOut) {
    render(
      login(state.fault, (fault) => {
        state.fault = fault
        if (fault === '') location.reload()
        draw()
      }),
      byId('page'),
    )
    return
  }
  const { me } = state
  if (me === undefined) return
  const live = Date.now() - state.heard < SILENT
  const troubled = state.feeds.filter((f) => f.state !== 'open').length
  render(
    html`<header class="top">
        <span class="site">${me.site}</span>
        <span class="clock figure">${clockSeconds(now())}</span>
        <span class="live ${live ? '' : 'off'}" role="status">
          <svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" /></svg>${
            live ? 'Live' : 'Not live: what you see may be old'
          }</span
        >
        ${troubled === 0 ? nothing : html`<a href="#/lines" class="gap">! ${troubled} line${troubled > 1 ? 's' : ''} in trouble</a>`}
        ${canSound() ? nothing : html`<button @click=${unlockSound}>Turn sound on</button>`}
        <nav aria-label="Pages">
          ${PAGES.filter(([, , roles]) => roles.includes(me.access)).map(
            ([hash, label]) =>
              html`<a href=${hash} aria-current=${where() === hash ? 'page' : nothing}>${label}</a>`,
          )}
          <button @click=${signOut} title=${`Signed in as ${me.name}`}>Sign out</button>
        </nav>
      </header>
      <main>
        ${
          state.notice === ''
            ? nothing
            : html`<p class="notice bad" role="alert">
              ${state.notice} <button @click=${() => notice('')}>Dismiss</button>
            </p>`
        }
        ${page()}
      </main>`,
    byId('page'),
  )
}

function page() {
  const manages = state.me?.access === 'switchboard'
  const common = { api, directory: state.directory, reload: load, notice }
  const hash = where()
  if (hash.startsWith('#/alert/')) {
    return state.alert === undefined
      ? html`<p class="wait">Loading…</p>`
      : alertPage({ ...common, view: state.alert, manages })
  }
  if (hash === '#/rota') {
    return state.rota === undefined
      ? html`<p class="wait">Loading…</p>`
      : rotaPage({
          ...common,
          rota: state.rota,
          offers: state.offers,
          forces: manages || state.me?.access === 'admin',
        })
  }
  if (hash === '#/lines') return feedsPage(state.feeds, state.unready)
  if (hash === '#/reports') return reportsPage()
  if (hash === '#/devices') {
    return devicesPage({
      ...common,
      devices: state.devices,
      code: state.code,
      enrols: manages || state.me?.access === 'admin',
      showCode(code) {
        state.code = code
        draw()
        if (code === undefined) void load()
      },
    })
  }
  return html`${review(state.waiting, manages ? seen : undefined)}${unclaimed(state.rota)}${board([...state.cards.values()], state.me?.access !== 'estates')}`
}

/** Loads what the page in view needs. */
async function load() {
  try {
    const hash = where()
    if (hash.startsWith('#/alert/')) {
      /** @type {AlertView} */
      const view = await api.get(`/alerts/${hash.slice('#/alert/'.length)}`)
      if (where() === hash) state.alert = view
    }
    if (hash === '#/rota') state.rota = await api.get('/rota')
    if (hash === '#/rota' && state.me?.access === 'switchboard') {
      /** @type {{ offers: OfferView[] }} */
      const { offers } = await api.get('/handovers')
      state.offers = offers
    }
    if (hash === '#/devices') {
      /** @type {{ devices: DeviceView[] }} */
      const { devices } = await api.get('/devices')
      state.devices = devices
    }
    draw()
  } catch (error) {
    notice(explain(error))
  }
}

async function loadFeeds() {
  try {
    /** @type {{ feeds: FeedView[] }} */
    const { feeds } = await api.get('/feeds')
    state.feeds = feeds
    if (state.me?.access === 'switchboard') state.rota = await api.get('/rota')
    const ready = await fetch('/readyz')
    state.unready = (await ready.json()).reasons
  } catch {
    // The board already says when the server is out of reach.
  }
}

/** @param {string} id */
async function seen(id) {
  try {
    /** @type {ReviewView} */
    const { bleeps } = await api.send('POST', `/review/${id}/seen`)
    state.waiting = bleeps
    draw()
  } catch (error) {
    notice(explain(error))
  }
}

function listen() {
  const stream = new EventSource('/api/v1/stream')
  /**
   * @param {string} name
   * @param {(data: unknown) => void} take
   */
  const on = (name, take) =>
    stream.addEventListener(name, (event) => {
      state.heard = Date.now()
      take(JSON.parse(/** @type {MessageEvent<string>} */ (event).data))
      draw()
    })
  on('beat', (data) => learn(/** @type {{ now: string }} */ (data).now))
  on('board', (data) => {
    const view = /** @type {BoardView} */ (data)
    learn(view.now)
    state.cards = new Map(view.alerts.map((c) => [c.id, c]))
  })
  on('review', (data) => {
    const { bleeps } = /** @type {ReviewView} */ (data)
    if (bleeps.length > state.waiting.length) {
      byId('spoken').textContent = 'A bleep rang nobody. Read it on the board and act.'
    }
    state.waiting = bleeps
  })
  on('alert', (data) => {
    const card = /** @type {Card} */ (data)
    const before = state.cards.get(card.id)
    state.cards.set(card.id, card)
    if (card.must.level === 'act' && before?.must.level !== 'act') speak(card)
    if (before === undefined && card.class === 'emergency') speak(card)
    if (where() === `#/alert/${card.id}`) void load()
  })
  on('closed', (data) => {
    const { id } = /** @type {{ id: string }} */ (data)
    state.cards.delete(id)
    if (where() === `#/alert/${id}`) void load()
  })
}

/** Sounds while something waits for a human, until one acts: an alarm nobody hears is none. */
function alarm() {
  const levels = [...state.cards.values()].map((c) => c.must.level)
  if (levels.includes('act') || state.waiting.length > 0) ring('emergency')
  else if (levels.includes('prompt')) ring('routine')
}

/** @param {Card} card */
function speak(card) {
  byId('spoken').textContent = `${card.class}: ${card.title}, ${card.place ?? card.to}. ${card.must.sentence}`
}

async function signOut() {
  await api.send('DELETE', '/session').catch(() => undefined)
  state.signedOut = true
  draw()
}

/** A printed link may carry an operator and key after the hash: it never reaches a server log. */
async function enterByLink() {
  const link = /^#sign-in=([^&]+)&key=(.+)$/.exec(location.hash)
  if (link?.[1] === undefined || link[2] === undefined) return
  history.replaceState(null, '', '/console/')
  state.fault = await signIn(decodeURIComponent(link[1]), decodeURIComponent(link[2]))
}

async function start() {
  await enterByLink()
  try {
    state.me = await api.get('/me')
  } catch (error) {
    state.signedOut = error instanceof Refusal
    if (!(error instanceof Refusal)) byId('page').textContent = explain(error)
    draw()
    return
  }
  listen()
  state.directory = await api.get('/directory').then(
    (d) => /** @type {DirectoryView} */ (d),
    () => undefined,
  )
  await loadFeeds()
  await load()
  window.addEventListener('hashchange', () => {
    state.notice = ''
    if (where().startsWith('#/alert/') && state.alert?.id !== where().slice('#/alert/'.length)) {
      state.alert = undefined
    }
    draw()
    void load()
  })
  setInterval(draw, 1000)
  setInterval(alarm, ALARM)
  window.addEventListener('pointerdown', unlockSound, { once: true })
  setInterval(() => void loadFeeds(), 15_000)
}

void start()
