import { createApi, Refusal } from '../shared/api.js'
import { byId, html, render } from '../shared/dom.js'
import { unlockSound } from '../shared/ring.js'
import { say } from '../shared/say.js'
import { learn, now } from '../shared/time.js'
import { createActs } from './acts.js'
import { ALARM_EVERY, createAlarm, sound } from './alarm.js'
import { createAttempt, createState } from './context.js'
import { createHold, watchPointer } from './hold.js'
import { drawSteadily } from './keyed.js'
import { helpPanel, listenToKeys } from './keys.js'
import { createLive } from './live.js'
import { createLoader } from './loader.js'
import { pageAt } from './page-table.js'
import { peopleList } from './pick.js'
import { signIn, signInPage } from './session.js'
import { tasksOf } from './todo.js'
import { heading } from './top.js'

/** @import { Card, MeView } from '../shared/types.d.ts' */
/** @import { PageContext, Shown, Task } from './pages.d.ts' */

const api = createApi()
const state = createState()
const alarm = createAlarm(sessionStorage)
/** @type {ReturnType<typeof createHold<Shown>>} */
const hold = createHold()
/** A good word stands this long; a refusal until it is dismissed or something else is done. */
const SAID_FOR = 10_000

const where = () => (location.hash === '' || location.hash === '#' ? '#/' : location.hash)

/** @type {readonly Task[]} */
let tasks = []

/**
 * @param {string} text
 * @param {boolean} [bad]
 */
function tell(text, bad = false) {
  state.said = { text, bad, at: Date.now() }
  draw()
}

const loader = createLoader(api, state, where, { draw, tell, signedOut })
const attempt = createAttempt(tell, signedOut, loader.load)
const acts = createActs({ api, attempt })
const keys = listenToKeys({ state, draw }, { silence: () => silence(tasks) })
let lastHeard = 0
const live = createLive(
  {
    beat: (data) => learn(data.now),
    board(view) {
      learn(view.now)
      state.cards = new Map(view.alerts.map((c) => [c.id, c]))
      // What happened while the line was cut is on no event: the call in view is read anew.
      void loader.load()
    },
    alert(card) {
      const before = state.cards.get(card.id)
      state.cards.set(card.id, card)
      if (before === undefined && card.class === 'emergency') speak(card)
      if (where() === `#/alert/${card.id}`) void loader.load()
    },
    closed({ id, card }) {
      state.cards.delete(id)
      if (card !== undefined) state.closed = [card, ...state.closed.filter((c) => c.id !== id)]
      if (where() === `#/alert/${id}`) void loader.load()
    },
    review: ({ bleeps }) => {
      state.waiting = bleeps
    },
    site: (site) => {
      state.site = site
    },
  },
  {
    heard() {
      lastHeard = now()
      drawSoon()
    },
    ended: signedOut,
    async refused() {
      try {
        await api.get('/me')
      } catch (error) {
        if (!(error instanceof Refusal) || error.problem.status !== 401) return true
        signedOut()
        return false
      }
      return true
    },
  },
)

/** Many words of the stream at once are one drawing. */
const TOGETHER = 40
let drawing = false
function drawSoon() {
  if (drawing) return
  drawing = true
  setTimeout(() => {
    drawing = false
    draw()
  }, TOGETHER)
}

function draw() {
  if (state.signIn !== undefined) {
    document.title = say('frame.signInSwitchboard')
    return render(signInPage(state, signedIn), byId('page'))
  }
  const { me } = state
  if (me === undefined) return
  look()
  const sounding = alarm.sounding(tasks, now())
  const waiting = tasks.filter((t) => t.level !== 'soon').length
  document.title = say('frame.switchboardBleepBridge', {
    what: sounding.length > 0 ? '! ' : '',
    what2: waiting > 0 ? `(${waiting}) ` : '',
  })
  const top = heading({
    ...{ state, draw, me, tasks, sounding, here: where(), lastHeard, silentFor: live.silentFor() },
    silence: () => silence(tasks),
    signOut,
    help() {
      state.help = !state.help
      draw()
    },
    dismiss: () => tell(''),
  })
  drawSteadily(
    html`${top}
      <main id="content" tabindex="-1" class=${where() === '#/' ? 'on-board' : ''}>${page(me)}</main>
      ${helpPanel({ state, draw }, keys.turn)} ${peopleList(state.directory)}`,
    byId('page'),
    where() === '#/' ? 'do-now' : 'content',
  )
}

/** Works out what is to be done, and says aloud what is new. */
function look() {
  const { cards, waiting, site, tests } = state
  const known = new Set(tasks.map((t) => t.key))
  tasks = tasksOf({ cards: cards.values(), waiting, site, tests: tests?.tests ?? [], now: now() })
  const fresh = tasks.filter((t) => t.sounds !== undefined && !known.has(t.key))
  if (fresh.length === 0) return
  byId('spoken').textContent = fresh.map((t) => `${t.title}, ${t.where}. ${t.lines.join(' ')}`).join(' ')
  if (alarm.sounding(fresh, now()).length > 0) sound(fresh)
}

/** @param {readonly Task[]} some */
function silence(some) {
  alarm.silence(
    some.filter((t) => t.sounds !== undefined),
    now(),
  )
  draw()
}

/** @param {Card} card */
function speak(card) {
  byId('spoken').textContent = `${card.class}: ${card.title}, ${card.place ?? card.to}. ${card.must.sentence}`
}

/** @param {MeView} me */
function page(me) {
  if (where() === '#/sign-in') return signInPage(state, signedIn)
  const may = (/** @type {MeView['may'][number]} */ action) => me.may.includes(action)
  const [shown, rest] = pageAt(where())
  /** @type {PageContext} */
  const context = {
    ...{ api, state, draw, load: loader.load, tell, attempt, may, acts, silence },
    acting: may('alert.manage') ? acts : undefined,
    shown: () => hold.see({ tasks, cards: [...state.cards.values()], closed: state.closed }),
    quietFor: (task) => alarm.quietFor(task, now()),
  }
  return shown.view(context, rest)
}

/** The sign-in has ended: nothing is shown any more, and the page keeps its place for whoever signs in. */
function signedOut() {
  live.stop()
  state.signIn = state.me === undefined ? 'start' : 'ended'
  state.fault = ''
  draw()
}

async function signOut() {
  live.stop()
  await api.send('DELETE', '/session').catch(() => undefined)
  state.me = undefined
  state.signIn = 'start'
  draw()
}

/** @param {string} fault */
function signedIn(fault) {
  state.fault = fault
  if (fault !== '') return draw()
  state.signIn = undefined
  if (where() === '#/sign-in') location.hash = '#/'
  return begin()
}

/** A printed link may carry an operator and key after the hash: it never reaches a server log. */
async function enterByLink() {
  const link = /^#sign-in=([^&]+)&key=(.+)$/.exec(location.hash)
  if (link?.[1] === undefined || link[2] === undefined) return
  history.replaceState(null, '', '/console/')
  state.fault = await signIn(decodeURIComponent(link[1]), decodeURIComponent(link[2]))
}

async function begin() {
  if (!(await loader.me())) return
  live.stop()
  live.start()
  await loader.directory()
  await loader.load()
  await loader.tick()
}

async function start() {
  await enterByLink()
  // Heard from the first moment: a page that is asked for while the first one loads must not be waited for in vain.
  window.addEventListener('hashchange', () => {
    if (state.said.bad) state.said = { text: '', bad: false, at: 0 }
    if (where().startsWith('#/alert/') && state.alert?.id !== where().slice('#/alert/'.length))
      state.alert = undefined
    draw()
    window.scrollTo(0, 0)
    byId('content').focus({ preventScroll: true })
    void loader.load()
  })
  watchPointer(hold)
  for (const gesture of ['pointerdown', 'keydown'])
    window.addEventListener(gesture, unlockSound, { once: true })
  setInterval(() => {
    live.check()
    if (!state.said.bad && state.said.text !== '' && Date.now() - state.said.at > SAID_FOR)
      state.said.text = ''
    draw()
  }, 1000)
  setInterval(() => sound(alarm.sounding(tasks, now())), ALARM_EVERY)
  setInterval(() => void loader.tick(), 15_000)
  await begin()
}

void start()
