import { explain, Refusal } from '../shared/api.js'
import { byId, html, nothing, render } from '../shared/dom.js'
import { canSound, ring, unlockSound } from '../shared/ring.js'
import { CLASS } from '../shared/words.js'
import { alertPage, fetchAlert } from './alert.js'
import { dutyPage } from './duty.js'
import { allowPush, enrolPage } from './enrol.js'
import { inboxPage } from './inbox.js'
import { api, catchUp, measureClock, pull, receive, report, signedIn } from './line.js'
import { listen } from './listen.js'
import { selfTestPage, UNCHECKED } from './selftest.js'
import { held, heldOne, keep, kept, keptMe, tidy, token, wipe } from './store.js'

/** @import { AlertView, DirectoryView, InboxItem, MeView } from '../shared/types.d.ts' */
/** @import { Held } from './store.js' */
/** @import { Checked } from './selftest.js' */

const state = {
  enrolled: false,
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
  /** @type {Checked} */ checked: UNCHECKED,
  test: '',
  /** @type {readonly string[]} */ rung: [],
}

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
    const card = view !== undefined && view.version >= (mine?.card.version ?? 0) ? view : mine?.card
    if (card === undefined) {
      return html`<p class="wait">This bleep is not on this phone.</p><p><a href="#/">All bleeps</a></p>`
    }
    return alertPage({
      card,
      thread: view?.thread,
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
  if (hash === '#/test') return selfTestPage(state.checked, { run: selfTest, heard, allow })
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
      if (error instanceof Refusal && error.problem.status === 401) return revoked()
    }
  }
  if (hash === '#/duty') {
    await loadMe()
    state.directory ??= await api.get('/directory').then(
      (d) => /** @type {DirectoryView} */ (d),
      () => undefined,
    )
  }
  draw()
}

async function loadMe() {
  try {
    state.me = await api.get('/me')
    await keep('me', state.me)
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 401) return revoked()
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

/** @returns {Checked['permission']} */
function allowedNow() {
  if (!('Notification' in window)) return 'unknown'
  return Notification.permission === 'granted'
    ? 'yes'
    : Notification.permission === 'denied'
      ? 'no'
      : 'unknown'
}

async function allow() {
  await allowPush().catch(() => undefined)
  state.checked = { ...state.checked, permission: allowedNow() }
  draw()
}

async function selfTest() {
  unlockSound()
  state.checked = { ...UNCHECKED, sound: 'running', push: 'running', permission: allowedNow() }
  draw()
  ring('test')
  // A person may take their time over the browser's question; the ring does not wait for it.
  void allow()
  try {
    const clock = await measureClock()
    state.checked = { ...state.checked, network: 'yes', clock }
    /** @type {{ test: string }} */
    const { test } = await api.send('POST', '/devices/me/self-test')
    state.test = test
    await Promise.all(state.rung.filter((id) => id === test).map(selfTested))
  } catch (error) {
    const network = state.checked.network === 'yes' ? 'yes' : 'no'
    state.checked = { ...state.checked, network, push: 'no', says: explain(error) }
  }
  if (!canSound()) {
    state.checked = {
      ...state.checked,
      says: 'This browser keeps sound off. Raise the volume and try again.',
    }
  }
  draw()
}

/** @param {string} id */
async function selfTested(id) {
  // The ring may be quicker than the answer that says which ring it is.
  if (id !== state.test) {
    state.rung = [...state.rung, id].slice(-5)
    return
  }
  for (const stage of /** @type {const} */ (['on-device', 'presented'])) await report(id, stage)
  state.checked = { ...state.checked, push: 'yes' }
  draw()
}

/** @param {boolean} yes */
function heard(yes) {
  state.checked = {
    ...state.checked,
    sound: yes ? 'yes' : 'no',
    says: yes ? '' : 'Turn the volume up, silence off, and ring again. Carry the radio bleep until it works.',
  }
  void keep('sound', yes)
  draw()
}

/** Signs out at the server where it can be reached, and wipes this phone whether it can or not. */
async function signOut() {
  await api.send('DELETE', '/devices/me').catch(() => undefined)
  await forget()
}

/** The switchboard has taken this device out. */
async function revoked() {
  await forget()
}

let stop = () => {}

async function forget() {
  stop()
  state.enrolled = false
  state.held = []
  state.me = undefined
  state.view = undefined
  state.directory = undefined
  const worker = navigator.serviceWorker?.controller
  if (worker) {
    await new Promise((done) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = done
      worker.postMessage({ kind: 'wipe' }, [port2])
      setTimeout(done, 2000)
    })
  }
  const registration = await navigator.serviceWorker?.getRegistration('/app/')
  const subscription = await registration?.pushManager?.getSubscription()
  await subscription?.unsubscribe().catch(() => false)
  await wipe()
  for (const name of await caches.keys()) await caches.delete(name)
  sessionStorage.clear()
  localStorage.clear()
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
      await selfTested(bell.id)
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
    if (error instanceof Refusal && error.problem.status === 401) await revoked()
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
  if (typeof event.data.id === 'string') void selfTested(event.data.id)
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
