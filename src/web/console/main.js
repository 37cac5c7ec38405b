import { createApi, Refusal } from '../shared/api.js'
import { byId, html, render } from '../shared/dom.js'
import { speakHere } from '../shared/language.js'
import { ring, unlockSound } from '../shared/ring.js'
import { say } from '../shared/say.js'
import { learn, now } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { CLASS } from '../shared/words.js'
import { createActs } from './acts.js'
import { ALARM_EVERY, createAlarm, sound } from './alarm.js'
import { isNews } from './brought.js'
import { createAttempt, createState } from './context.js'
import { createFresh, watchTouch } from './fresh.js'
import { drawSteadily } from './keyed.js'
import { helpPanel, listenToKeys } from './keys.js'
import { createLive } from './live.js'
import { createLoader } from './loader.js'
import { weigh } from './marks.js'
import { pageAt } from './page-table.js'
import { createPause, watchPointer } from './pause.js'
import { peopleList } from './pick.js'
import { beginEntry, drawSignIn, signInPage } from './session.js'
import { tasksOf } from './todo.js'
import { heading } from './top.js'
import { isWall, turnWall } from './wall.js'

/** @import { Card, MeView } from '../shared/types.d.ts' */
/** @import { Press } from './context.js' */
/** @import { PageContext, Shown, Task } from './pages.d.ts' */

const api = createApi()
const state = createState()
const alarm = createAlarm(sessionStorage)
/** @type {ReturnType<typeof createPause<Omit<Shown, 'isMoreToDo'>>>} */
const pause = createPause()
const fresh = createFresh()
/** A good word stands this long; a refusal until it is dismissed or something else is done. */
const SAID_FOR = 10_000
/** Long enough to notice a slip while telephoning; the call's own page has the same press for ever. */
const UNDO_FOR = 60_000

/** A screen that only shows has one page. */
const where = () => {
  if (state.me !== undefined && isWall(state.me)) return '#/wall'
  return location.hash === '' || location.hash === '#' ? '#/' : location.hash
}

/** @type {readonly Task[]} */
let tasks = []

/**
 * @param {string} text
 * @param {boolean} [bad]
 * @param {Press} [press]
 */
function tell(text, bad = false, press = undefined) {
  state.said = { text, bad, at: Date.now(), ...(press === undefined ? {} : { press }) }
  draw()
}

const loader = createLoader(api, state, where, { draw, tell, signedOut })
const attempt = createAttempt(tell, signedOut, loader.load)
const acts = createActs({ api, attempt })
const keys = listenToKeys({ state, draw }, { silence: () => silence(tasks) })
const live = createLive(
  {
    beat: (data) => learn(data.now),
    board(view) {
      learn(view.now)
      const known = state.cards
      state.cards = new Map(view.alerts.map((c) => [c.id, c]))
      announce(view.alerts.filter((c) => !known.has(c.id)))
      // What happened while the line was cut is on no event: the call in view is read anew.
      void loader.load()
    },
    alert(card) {
      const before = state.cards.get(card.id)
      state.cards.set(card.id, card)
      if (before === undefined) announce([card])
      const news = isNews(state.alert, card)
      if (state.alert?.id === card.id) state.alert = { ...state.alert, ...card }
      // A roll fills as people answer.
      if ((news && where() === `#/alert/${card.id}`) || (card.class === 'test' && where() === '#/tests'))
        void loader.load()
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
      state.lastHeard = now()
      drawSoon()
    },
    // Not in the next second: an operator must know at once that the board is deaf.
    lost: draw,
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
  if (state.signIn !== undefined) return drawSignIn(state, signedIn, draw)
  const { me } = state
  if (me === undefined) return
  weigh(state, state.lastHeard > 0 && !live.isLive())
  look()
  const sounding = state.stale ? [] : alarm.sounding(tasks, now())
  const waiting = tasks.filter((t) => t.level !== 'soon').length
  const marks = `${sounding.length > 0 ? '! ' : ''}${waiting > 0 ? `(${waiting}) ` : ''}`
  if (where() === '#/wall') {
    document.title = say('wall.title')
    turnWall(state)
    return render(page(me), byId('page'))
  }
  turnWall(undefined)
  document.title = state.stale ? `✕ ${say('frame.titleStale')}` : `${marks}${say('frame.title')}`
  const top = heading({
    ...{ state, api, attempt, draw, me, tasks, sounding, here: where() },
    fresh: shown().fresh,
    seen: (card) => touch(card.id),
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

/** Somebody at this board has seen a new emergency. @param {string} id */
function touch(id) {
  fresh.touch(id)
  draw()
}

/** Works out what is to be done, and says aloud what is new. */
function look() {
  // Nobody stands before a wall to silence it; what is new is heard once.
  if (where() === '#/wall') {
    tasks = []
    return
  }
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

/** A new emergency is heard and said at once, whatever else is open. @param {readonly Card[]} cards */
function announce(cards) {
  const [first, ...more] = fresh.of(cards, now())
  if (first === undefined) return
  ring('fresh')
  byId('spoken').textContent = [first, ...more]
    .map((c) => `${CLASS[c.class].label}: ${c.title}, ${c.place ?? c.to}. ${translate(c.must.sentence)}.`)
    .join(' ')
}

/** What the lists show: as it is, or as it was while a pointer is about to press. */
const shown = () => ({
  ...pause.see({
    ...{ tasks, cards: [...state.cards.values()], closed: state.closed },
    fresh: fresh.of(state.cards.values(), now()),
  }),
  isMoreToDo: tasks.some(({ level }) => level !== 'soon'),
})

/** @param {MeView} me */
function page(me) {
  if (where() === '#/sign-in') return signInPage(state, signedIn, draw)
  const may = (/** @type {MeView['may'][number]} */ action) => me.may.includes(action)
  const [at, rest] = pageAt(where())
  /** @type {PageContext} */
  const context = {
    ...{ api, state, draw, load: loader.load, tell, attempt, may, acts, silence },
    acting: may('alert.manage') ? acts : undefined,
    shown,
    quietFor: (task) => alarm.quietFor(task, now()),
  }
  return at.view(context, rest)
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
  if (fault !== '' || state.entry.wants !== undefined) return draw()
  state.signIn = undefined
  if (where() === '#/sign-in') location.hash = '#/'
  return begin()
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
  const entered = await beginEntry(state, draw)
  // Heard from the first moment: a page that is asked for while the first one loads must not be waited for in vain.
  window.addEventListener('hashchange', () => {
    // A printed link is read as in a tab of its own; any other address waits until somebody has signed in.
    if (state.signIn !== undefined) return void (/^#[\w-]+=/.test(location.hash) && location.reload())
    if (state.said.bad) state.said = { text: '', bad: false, at: 0 }
    if (where().startsWith('#/alert/') && state.alert?.id !== where().slice('#/alert/'.length))
      state.alert = undefined
    fresh.touch(where().slice('#/alert/'.length))
    draw()
    window.scrollTo(0, 0)
    byId('content').focus({ preventScroll: true })
    void loader.load()
  })
  watchPointer(pause)
  for (const gesture of ['pointerdown', 'keydown'])
    window.addEventListener(gesture, unlockSound, { once: true })
  setInterval(() => {
    live.check()
    const lasts = state.said.press === undefined ? SAID_FOR : UNDO_FOR
    if (!state.said.bad && state.said.text !== '' && Date.now() - state.said.at > lasts)
      state.said = { text: '', bad: false, at: 0 }
    draw()
  }, 1000)
  setInterval(() => (state.stale ? ring('stale') : sound(alarm.sounding(tasks, now()))), ALARM_EVERY)
  speakHere()
  byId('stopped').textContent = say('frame.stopped')
  watchTouch(fresh)
  setInterval(() => void loader.tick(), 15_000)
  if (entered) await begin()
}

void start()
