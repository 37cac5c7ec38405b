import { Refusal } from '../shared/api.js'
import { byId, html, nothing, render } from '../shared/dom.js'
import { ring, unlockSound } from '../shared/ring.js'
import { CLASS } from '../shared/words.js'
import { alertPage, fetchAlert } from './alert.js'
import { dutyPage } from './duty.js'
import { enrolPage } from './enrol.js'
import { inboxPage } from './inbox.js'
import { leave } from './leave.js'
import { api, catchUp, pull, receive, report, signedIn } from './line.js'
import { listen } from './listen.js'
import { createSelfTest } from './selftest.js'
import { held, heldOne, keep, kept, keptMe, tidy, token } from './store.js'

/** @import { AlertView, DirectoryView, InboxItem, MeView } from '../shared/types.d.ts' */
/** @import { Held } from './store.js' */

const state = {
  enrolled: false,
  leaving: false,
  code: '',
  fault: '',
  live: false,
  /** @type {MeView | undefined} */ me: undefined,
  /** @type {readonly Held[]} */ held: [],
  /** @type {AlertView | undefined} */ view: undefined,
  said: '',
  waiting: false,
  /** @type {DirectoryView | undefined} */ directory: undefined,
  handing: '',
}

const selfTest = createSelfTest(draw)

const where = () => (location.hash === '' || location.hash === '#' ? '#/' : location.hash)

function draw() {
  if (!state.enrolled) {
    render(
      enrolPage(state, (fault) => void enrolled(fault)),
      byId('page'),
    )
    return
  }
  const alert = where().startsWith('#/alert/')
  render(
    html`${alert ? nothing : top()}
      ${state.live ? nothing : html`<p class="offline" role="status">Not connected. Carry the radio bleep; push may still ring.</p>`}
      <main class=${alert ? 'on-alert' : ''}>${page()}</main>
      ${alert ? nothing : tabs()}`,
    byId('page'),
  )
}

function top() {
  const { me } = state
  return html`<header class="top">
    <span><strong>${me?.name ?? ''}</strong></span>
    <span class="quiet">${me?.duty === false ? 'Off duty' : (me?.roles.map((r) => r.name).join(', ') ?? '')}</span>
  </header>`
}

function tabs() {
  const offers = state.me?.offers.filter((o) => o.to === state.me?.person).length ?? 0
  /** @type {readonly (readonly [hash: string, icon: string, label: string])[]} */
  const all = [
    ['#/', '●', 'Bleeps'],
    ['#/duty', '⇄', offers > 0 ? `Duty (${offers})` : 'Duty'],
    ['#/test', '✓', 'Test'],
  ]
  return html`<nav class="tabs" aria-label="Pages">
    ${all.map(
      ([hash, icon, label]) =>
        html`<a href=${hash} aria-current=${where() === hash ? 'page' : nothing}
          ><span aria-hidden="true">${icon}</span>${label}</a
        >`,
    )}
  </nav>`
}

function page() {
  const hash = where()
  if (hash.startsWith('#/alert/')) {
    const id = hash.slice('#/alert/'.length)
    const mine = state.held.find((h) => h.id === id)
    const view = state.view?.id === id ? state.view : undefined
    const card = view !== undefined && view.revision >= (mine?.card.revision ?? 0) ? view : mine?.card
    if (card === undefined) {
      return html`<p class="wait">This bleep is not on this phone.</p><p><a href="#/">All bleeps</a></p>`
    }
    return alertPage({
      card,
      thread: view?.thread,
      roles: state.directory?.roles ?? [],
      said: state.said,
      waiting: state.waiting,
      tell(said, waiting = state.waiting) {
        state.said = said
        state.waiting = waiting
        draw()
      },
      reload: load,
    })
  }
  if (hash === '#/duty' && state.me !== undefined) {
    return dutyPage({
      me: state.me,
      directory: state.directory,
      handing: state.handing,
      fault: state.fault,
      hand(role) {
        state.handing = role
        draw()
      },
      async done(fault) {
        state.fault = fault
        await loadMe()
      },
      signOut,
    })
  }
  if (hash === '#/test') return selfTest.page()
  return inboxPage(state.held)
}

/** What this page shows from what the phone holds, then from the server where it can be reached. */
async function load() {
  state.held = await held()
  draw()
  const hash = where()
  if (hash.startsWith('#/alert/')) {
    try {
      const view = await fetchAlert(hash.slice('#/alert/'.length))
      if (where() === hash) state.view = view
      state.held = await held()
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 401) return forget()
    }
  }
  if (hash === '#/duty') {
    await loadMe()
    await loadDirectory()
  }
  draw()
  // Who else may be asked is for the second look: the bleep itself does not wait for it.
  if (hash.startsWith('#/alert/') && state.directory === undefined) {
    await loadDirectory()
    draw()
  }
}

async function loadDirectory() {
  state.directory ??= await api.get('/directory').then(
    (d) => /** @type {DirectoryView} */ (d),
    () => undefined,
  )
}

async function loadMe() {
  try {
    /** @type {MeView} */
    const me = await api.get('/me')
    if (state.leaving) return
    state.me = me
    await keep('me', me)
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 401) return forget()
    state.me ??= await keptMe()
  }
  draw()
}

/**
 * A row that this device has not shown before. The open app sounds by itself; a closed one is rung by push.
 * @param {InboxItem} item
 */
async function show(item) {
  if (item.ring) {
    ring(item.alert.class)
    byId('spoken').textContent =
      `${CLASS[item.alert.class].label}: ${item.alert.title}, ${item.alert.place ?? item.alert.to}`
    if (where() !== `#/alert/${item.alert.id}` && item.alert.class === 'emergency') {
      location.hash = `#/alert/${item.alert.id}`
    }
    if (item.attempt !== undefined && document.visibilityState === 'visible')
      await report(item.attempt, 'presented')
  }
}

/** Reading an alert is a receipt of its own. */
async function opened() {
  const hash = where()
  if (!hash.startsWith('#/alert/')) return
  const mine = await heldOne(hash.slice('#/alert/'.length))
  if (mine?.attempt === undefined) return
  if (['asked', 'on-device', 'presented'].includes(mine.card.you?.state ?? ''))
    await report(mine.attempt, 'opened')
}

/** @param {string | undefined} fault */
async function enrolled(fault) {
  state.fault = fault ?? ''
  if (fault !== undefined) return draw()
  history.replaceState(null, '', '/app/#/test')
  await start()
}

/** Signs out at the server where it can be reached, and wipes this phone whether it can or not. */
async function signOut() {
  await api.send('DELETE', '/devices/me').catch(() => undefined)
  await forget()
}

let stop = () => {}

/** The screen says that the phone is free only once nothing is left on it. */
async function forget() {
  state.leaving = true
  stop()
  await leave()
  state.leaving = false
  state.enrolled = false
  state.held = []
  state.me = undefined
  state.view = undefined
  state.directory = undefined
  history.replaceState(null, '', '/app/')
  draw()
}

async function start() {
  state.enrolled = await signedIn()
  if (!state.enrolled) return draw()
  state.me = await keptMe()
  await load()
  stop()
  stop = listen({
    token,
    cursor: async () => Number((await kept('cursor')) ?? 0),
    async item(item) {
      await receive(item, show)
      await load()
    },
    async bell(bell) {
      await selfTest.rung(bell.id)
    },
    live(live) {
      state.live = live
      if (live) void online()
      draw()
    },
  })
  await loadMe()
}

/** Back in reach: first say what could not be said, then learn what was missed. */
async function online() {
  try {
    state.waiting = (await catchUp()) > 0
    if (!state.waiting) state.said = ''
    await pull(show)
    await load()
    await loadMe()
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 401) await forget()
  }
}

const code = /^#enrol=([\w-]+)$/.exec(location.hash)?.[1]
if (code !== undefined) {
  state.code = code
  history.replaceState(null, '', '/app/')
}
// Where the browser holds scripts to trusted types, this one address is the only one that may become a worker.
const policy = window.trustedTypes?.createPolicy('bleepd', { createScriptURL: () => '/app/worker.js' })
const script = policy?.createScriptURL('') ?? '/app/worker.js'
navigator.serviceWorker?.register(script, { type: 'module' }).catch(() => {
  // Without a worker the open app still rings; the self-test says that a closed one would not.
})
navigator.serviceWorker?.addEventListener('message', (event) => {
  if (event.data?.kind === 'open') location.href = event.data.target
  if (event.data?.kind !== 'pulled') return
  if (typeof event.data.id === 'string') void selfTest.rung(event.data.id)
  void load()
})
window.addEventListener('hashchange', () => {
  state.said = ''
  state.fault = ''
  window.scrollTo(0, 0)
  void load().then(opened)
})
window.addEventListener('pointerdown', unlockSound, { once: true })
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && state.enrolled) void online()
})
setInterval(() => {
  if (state.enrolled) draw()
}, 1000)
// Who else is coming changes without this person being told anew: an alert on the screen is looked at again.
setInterval(() => {
  if (state.live && where().startsWith('#/alert/') && document.visibilityState === 'visible') void load()
}, 3000)
// Hand-overs offered to this person, and roles that began or ended.
setInterval(() => {
  if (state.live && document.visibilityState === 'visible') void loadMe()
}, 15_000)
void tidy()
void start().then(opened)
