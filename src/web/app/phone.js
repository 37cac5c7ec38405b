import { Refusal } from '../shared/api.js'
import { ring } from '../shared/ring.js'
import { say } from '../shared/say.js'
import { keepStream } from '../shared/stream.js'
import { learn, now } from '../shared/time.js'
import { CLASS } from '../shared/words.js'
import { forgetAsks } from './asking.js'
import { answerBell } from './bells.js'
import { seal } from './db.js'
import { expire } from './expire.js'
import { isNewlyHanded } from './handed.js'
import { badge } from './icon-badge.js'
import { leave } from './leave.js'
import { answer, api, catchUp, isOut, pull, receive, report, signedIn } from './line.js'
import { lookAfterPush } from './push.js'
import { createRinger } from './ringer.js'
import { createSelfTest } from './selftest.js'
import { alertId, nobody, PREFIX, speaker, state, where } from './state.js'
import { held, heldOne, keep, kept, keptMe, noted, passed, refresh, token, unsaid } from './store.js'
import { calls, waits } from './waiting.js'

/** @import { AlertView, DirectoryView, InboxItem, KeptView, MeView, WaysView } from '../shared/types.d.ts' */
/** @import { Held, Off } from './store.js' */

let draw = () => {}
/** @param {() => void} how */
export function onChange(how) {
  draw = how
}

export const redraw = () => draw()

/** @type {(text: string) => void} */
let speak = () => {}
/** @param {(text: string) => void} how */
export function onSpoken(how) {
  speak = how
}

export const selfTest = createSelfTest(() => draw())
export const ringer = createRinger()

/** Reads what this phone holds, nothing that it may not keep among it. */
export async function read() {
  if ((await expire(now())) > 0) void wiped()
  state.held = await held()
  state.unsaid = await unsaid()
  state.off = /** @type {Off | undefined} */ (await kept('off'))
  state.contact = Number((await kept('contact')) ?? 0)
  state.speaker = /** @type {string | undefined} */ (await kept('speaker'))
  for (const rung of state.held.filter((h) => ringer.is(h.id)))
    if (rung.card.phase === 'closed' || !waits(rung)) ringer.stop(rung.id)
  badge(state.held.filter((h) => h.card.phase !== 'closed' && waits(h)).length)
}

/** What this page shows from what the phone holds, then from the server where it can be reached. */
export async function load() {
  await read()
  draw()
  const id = alertId()
  if (id !== undefined) await loadAlert(id)
  if (where() === '#/duty') {
    await loadMe()
    await loadDirectory()
    await loadWays()
  }
  draw()
  if (id === undefined || state.directory !== undefined) return
  // Who else may be asked is for the second look: the bleep itself does not wait for it.
  await loadDirectory()
  draw()
}

async function loadWays() {
  state.ways = await api.get('/ways').then(
    (w) => /** @type {WaysView} */ (w),
    () => state.ways,
  )
}

async function loadDirectory() {
  state.directory ??= await api.get('/directory').then(
    (d) => /** @type {DirectoryView} */ (d),
    () => undefined,
  )
}

/** @param {string} id */
async function loadAlert(id) {
  try {
    /** @type {AlertView} */
    const view = await api.get(`/alerts/${id}`)
    await refresh(view)
    if (alertId() === id) state.view = view
    await read()
  } catch (error) {
    if (isOut(error)) return forget()
    if (alertId() === id) state.view = undefined
  }
}

/**
 * Who has this phone, and what they hold. A hand-over that no bell rang for, because this app was out of reach, sounds now.
 * @param {boolean} [rung] a bell has just sounded for it
 */
export async function loadMe(rung = false) {
  try {
    /** @type {MeView} */
    const me = await api.get('/me')
    if (!state.enrolled) return
    state.me = me
    if (state.waiting) cleared()
    if ((await isNewlyHanded(me.handed ?? [])) && !rung) ring('routine')
    await keep('contact', Date.now())
    if (me.kept !== undefined) await keepTo(me.kept, Date.parse(me.now))
    await keep('me', me)
    void lookAfterPush(me, draw)
    await read()
  } catch (error) {
    if (isOut(error)) return forget()
    if (error instanceof Refusal) state.waiting = error.problem.code === 'device-waiting'
    state.me ??= await keptMe()
  }
  draw()
}

/** Spoken for: from now on it rings, which is the first thing to try. */
function cleared() {
  state.waiting = false
  location.hash = '#/test'
}

/**
 * The server's word on what may be kept.
 * @param {KeptView} keeps
 * @param {number} [saidAt]
 */
async function keepTo(keeps, saidAt) {
  if ((await expire(now(), keeps, saidAt)) === 0) return
  await wiped()
  await pullAll()
}

async function pullAll() {
  if ((await pull(show)) > 0) await wiped()
}

/** A shift has ended on this phone: nothing of it stays on the screens, and who has the phone now is asked anew. */
async function wiped() {
  navigator.serviceWorker?.controller?.postMessage({ kind: 'clear' })
  state.view = undefined
  if (state.me?.device?.owner.kind === 'role') state.me = undefined
  await loadMe()
}

/**
 * A row that this device has not shown before. The open app sounds by itself; a closed one is rung by push.
 * @param {InboxItem} item
 */
async function show(item) {
  if (!item.ring) return
  const { place, to, title, class: c } = item.alert
  // Told to turn round as loudly as they were called, once: there is nothing to answer.
  if (item.purpose === 'cancel') ring(c)
  else ringer.start(item.alert)
  speak(`${c === 'test' ? say('phone.testCall') : CLASS[c].label}: ${title}, ${place ?? to}`)
  // An emergency that waits for an answer is not taken from under the thumb by the next: it stands above it.
  const busy = state.held.some((h) => h.id === alertId() && calls(h))
  if (alertId() !== item.alert.id && c === 'emergency' && !busy) location.hash = PREFIX + item.alert.id
  if (item.attempt !== undefined && document.visibilityState === 'visible')
    await report(item.attempt, 'presented')
}

/** Reading an alert is a receipt of its own; an old note on it has been seen once it is left. */
export async function opened() {
  const id = alertId()
  const mine = id === undefined ? undefined : await heldOne(id)
  if (mine?.attempt === undefined) return
  const { you, awaited } = mine.card
  if (you !== undefined && you.state !== 'opened' && awaited.includes(you.person))
    await report(mine.attempt, 'opened')
}

/**
 * @param {Held} held
 * @param {string} given
 */
export async function giveAnswer(held, given) {
  ringer.stop(held.id)
  state.said = ''
  if (held.note !== undefined) await noted(held.id)
  const seen =
    state.view?.id === held.id && state.view.revision > (held.card.revision ?? 0) ? state.view : held.card
  const who = state.me?.device?.owner.kind === 'role' ? (speaker() ?? held.card.you?.person) : undefined
  const shown = async () => {
    await read()
    draw()
  }
  await answer(seen, given, who, () => void shown())
  await load()
  const now = state.held.find((h) => h.id === held.id)
  speak(
    now?.note?.text ??
      (state.unsaid.some((u) => u.alert === held.id)
        ? say('phone.notSentYetHeading')
        : say('phone.answerSent')),
  )
}

/** Signs out at the server where it can be reached, and wipes this phone whether it can or not. */
export async function signOut() {
  await api.send('DELETE', '/devices/me').catch(() => undefined)
  await forget()
}

let stop = () => {}

/** The screen says that the phone is free only once nothing is left on it. */
export async function forget() {
  seal(true)
  stop()
  ringer.stop()
  forgetAsks()
  await leave()
  Object.assign(state, nobody())
  history.replaceState(null, '', '/app/')
  draw()
}

export async function start() {
  state.enrolled = await signedIn()
  if (!state.enrolled) return draw()
  await read()
  await selfTest.load()
  state.me = await keptMe()
  goToEmergency()
  await load()
  stop()
  stop = keepStream({
    token,
    async path() {
      // What was missed comes in one pull, the most urgent first; the stream brings what follows. Out of reach it says so.
      await pullAll().catch(() => undefined)
      return `/api/v1/stream?since=${Number((await kept('cursor')) ?? 0)}`
    },
    hears: {
      beat: (beat) => learn(beat.now),
      async inbox(item) {
        await receive(item, show, 'stream')
        // The stream goes on in order from where it began, so all before this row is here.
        await passed(0, item.cursor)
        await load()
      },
      bell: (bell) => answerBell(bell, { selfTest, loadMe, draw }),
      async kept(keeps) {
        await keepTo(keeps)
        await read()
        draw()
      },
    },
    out: forget,
    live(live) {
      if (state.live && !live) void keep('contact', Date.now()).then(read)
      state.live = live
      if (live) void online()
      draw()
    },
  })
  await loadMe()
}

/** One emergency that waits for an answer is what the app was opened for. */
function goToEmergency() {
  const [only, another] = state.held.filter(calls)
  if (where() === '#/' && only !== undefined && another === undefined)
    history.replaceState(null, '', `/app/${PREFIX}${only.id}`)
}

/** Back in reach: first say what could not be said, then learn what was missed. */
export async function online() {
  if (!state.enrolled) return
  try {
    await catchUp()
    await pullAll()
    await load()
    await loadMe()
  } catch (error) {
    if (isOut(error)) await forget()
  }
}
