import { byId, html, leadTo, nothing, render } from '../shared/dom.js'
import { speakHere } from '../shared/language.js'
import { unlockSound } from '../shared/ring.js'
import { say } from '../shared/say.js'
import { clock } from '../shared/time.js'
import { alertPage } from './alert.js'
import { askNews, askPage, isAwaiting, loadAsks, takeUpDraft } from './asking.js'
import { signTerms, termsPage, waitingPage } from './before.js'
import { dutyPage } from './duty.js'
import { enrolledAlready, enrolPage, loadWays, sentBack } from './enrol.js'
import { banners, tabs, topBar } from './frame.js'
import { inboxPage } from './inbox.js'
import { installHint, watchInstall } from './install.js'
import { offNotice, speakerQuestion } from './off.js'
import {
  forget,
  giveAnswer,
  load,
  loadMe,
  onChange,
  online,
  onSpoken,
  opened,
  read,
  ringer,
  selfTest,
  signOut,
  start,
} from './phone.js'
import { isOpen, standOf } from './stand.js'
import { alertId, speaker, state, where } from './state.js'
import { keep, keepDraft, noted } from './store.js'
import { write } from './write.js'

/** @import { Held } from './store.js' */

/** A self-test older than this belongs to another shift, milliseconds. */
const TESTED_FOR = 13 * 3_600_000

onChange(draw)
watchInstall(draw)
onSpoken((text) => {
  byId('spoken').textContent = text
})

function draw() {
  render(state.enrolled ? screen() : enrolPage(state, (fault) => void enrolled(fault)), byId('page'))
}

function screen() {
  if (state.code !== '')
    return enrolledAlready(state.me, signOut, () => {
      state.code = ''
      draw()
    })
  const id = alertId()
  if (id !== undefined) return html`${banners(state)}${alert(id)}`
  if (state.waiting) return waitingPage(signOut)
  const terms = state.me?.acceptedUse
  if (terms !== undefined)
    return html`${topBar(state)}${banners(state)}${termsPage({
      ...{ asked: terms, fault: state.fault, signOut },
      async sign(version) {
        state.fault = await signTerms(version)
        await loadMe()
        await load()
      },
      waiting: state.held.filter((h) => isOpen(h.card) && stand(h).waits).map((h) => h.card),
    })}`
  const offers = state.me?.offers.filter((o) => state.me?.people.some((p) => p.person === o.to)).length ?? 0
  const asked = offers + (state.me?.newcomers?.length ?? 0)
  return html`${topBar(state)}${banners(state)}${page()}${tabs(where(), asked)}`
}

/** @param {Held} held */
const stand = (held) => standOf(held, state.unsaid, speaker())

/** @param {string} id */
function alert(id) {
  const mine = state.held.find((h) => h.id === id)
  if (mine === undefined)
    return html`<main class="plain">
      <h1 id="title" tabindex="-1">${say('phone.thisBleepIsNotOn')}</h1>
      <p>${say('phone.itMayBelongToA')}</p>
      <p><a class="button big main" href="#/">${say('phone.allBleeps')}</a></p>
    </main>`
  const view = state.view?.id === id ? state.view : undefined
  return alertPage({
    card: mine.card,
    stand: stand(mine),
    thread: view?.thread,
    unsigned: state.me?.acceptedUse !== undefined && mine.card.words === undefined,
    said: mine.note?.text ?? state.said,
    asOf: state.live || state.contact === 0 ? undefined : clock(state.contact),
    ringing: ringer.is(id),
    others: state.held.filter((h) => h.id !== id && isOpen(h.card) && stand(h).waits).map((h) => h.card),
    answer: (given) => void giveAnswer(mine, given),
    roles: state.directory?.roles ?? [],
    write: (kind, what) => write(id, kind, what),
    draft: mine.draft ?? '',
    keepDraft: (text) => void keepDraft(id, text),
    filing: view?.filing,
    reload: load,
    silence() {
      ringer.stop(id)
      draw()
    },
    inName: inName(mine),
    redraw: draw,
  })
}

/** @param {Held} held */
function inName({ card }) {
  if (state.me?.device?.owner.kind !== 'role') return undefined
  const person = speaker() ?? card.you?.person
  const known = [...state.me.people, ...card.responders]
  return known.find((p) => p.person === person)?.name
}

function page() {
  const { me } = state
  if (where() === '#/duty' && me !== undefined)
    return dutyPage({
      ...{ me, directory: state.directory, ways: state.ways, handing: state.handing, looking: state.looking },
      ...{ leaving: state.leaving, fault: state.fault, live: state.live, signOut },
      change(change) {
        Object.assign(state, change)
        draw()
        // What has just opened is what the person turns to next.
        if (change.leaving) document.getElementById('ask')?.focus()
        if (change.handing) document.getElementById('to')?.focus()
      },
      async done(fault) {
        state.fault = fault
        await loadMe()
        await load()
      },
    })
  if (where() === '#/ask') return askPage(draw)
  if (where() === '#/test') return selfTest.page()
  return inboxPage({ held: state.held, standOf: stand, above: notices(), duty: (me?.roles.length ?? 1) > 0 })
}

function notices() {
  const { me, off } = state
  const tested = selfTest.last()
  const due = me !== undefined && me.roles.length > 0 && Date.now() - (tested?.at ?? 0) > TESTED_FOR
  return html`${askNews()}${offNotice(off, me, async () => {
    await keep('off', { ...off, read: true })
    await read()
    draw()
  })}
    ${speakerQuestion(me, state.speaker, async (person) => {
      await keep('speaker', person)
      await read()
      draw()
    })}
    ${state.held.some((h) => stand(h).waits) ? '' : installHint(draw)}
    ${due ? html`<p class="hint">${say('phone.thisPhoneWasNotTested')} <a class="button" href="#/test">${say('phone.testItNow')}</a></p>` : nothing}`
}

/** @param {string | undefined} fault */
async function enrolled(fault) {
  state.fault = fault ?? ''
  if (fault !== undefined) return draw()
  state.code = ''
  history.replaceState(null, '', '/app/#/test')
  await start()
}

/** A code from a link is kept in mind and not in the address, where the next person would find it. */
function takeCode() {
  const code = /^#enrol=([\w-]+)$/.exec(location.hash)?.[1]
  if (code === undefined) return false
  Object.assign(state, { code, fault: '' })
  history.replaceState(null, '', '/app/')
  return true
}
takeCode()
state.fault = sentBack()
void loadWays(state).then(draw)

// Where the browser holds scripts to trusted types, this one address is the only one that may become a worker.
const policy = window.trustedTypes?.createPolicy('bleepd', { createScriptURL: () => '/app/worker.js' })
const script = policy?.createScriptURL('') ?? '/app/worker.js'
const workers = navigator.serviceWorker
workers
  ?.register(script, { type: 'module', updateViaCache: 'none' })
  .then((registration) => {
    // Where the browser offers it, the worker is woken now and then, so that a closed app wipes itself too.
    if ('periodicSync' in registration) {
      const { periodicSync } =
        /** @type {{ periodicSync: { register(tag: string, how: object): Promise<void> } }} */ (
          /** @type {unknown} */ (registration)
        )
      periodicSync.register('look', { minInterval: 15 * 60_000 }).catch(() => undefined)
    }
  })
  .catch(() => {
    // Without a worker the open app still rings; the self-test says that a closed one would not.
  })
workers?.addEventListener('message', (event) => {
  if (event.data?.kind === 'open') location.href = event.data.target
  if (event.data?.kind === 'out') void forget()
  if (event.data?.kind === 'asked') void loadAsks(draw)
  if (event.data?.kind === 'new-phone') void loadMe()
  if (event.data?.kind !== 'pulled') return
  if (typeof event.data.id === 'string') void selfTest.rung(event.data.id, 'push')
  void load()
})
// A new version has taken over: it is loaded when nobody looks, and everything this phone holds stays as it is.
let outdated = false
const before = workers?.controller
workers?.addEventListener('controllerchange', () => {
  outdated = before !== null
})

speakHere()
let last = alertId()
window.addEventListener('hashchange', () => {
  if (takeCode()) return draw()
  if (last !== undefined) void noted(last)
  last = alertId()
  if (last === undefined) ringer.stop()
  Object.assign(state, { said: '', fault: '', handing: '', looking: '', leaving: false })
  for (const scrolled of [window, document.querySelector('main')]) scrolled?.scrollTo(0, 0)
  if (where() === '#/ask') void loadAsks(draw)
  void load()
    .then(opened)
    .then(() => leadTo(document.getElementById('title')))
})
// Browsers keep sound shut until a finger has touched the page, and shut it again after a telephone call.
window.addEventListener('pointerdown', unlockSound)
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void online()
  else if (outdated) location.reload()
})
setInterval(() => {
  if (!state.enrolled) return
  const ends = state.held.some((h) => h.until !== undefined && Date.parse(h.until) <= Date.now())
  if (ends) void read().then(draw)
  else draw()
}, 1000)
// Who else is coming changes without this person being told anew: an alert on the screen is looked at again.
setInterval(() => {
  if (state.live && alertId() !== undefined && document.visibilityState === 'visible') void load()
}, 3000)
// What became of the calls that this person made.
setInterval(() => {
  const looked = document.visibilityState === 'visible' && (where() === '#/ask' || isAwaiting())
  if (state.live && looked) void loadAsks(draw)
}, 3000)
// What could not be said, hand-overs offered to this person, and roles that began or ended.
setInterval(() => {
  if (state.enrolled && state.unsaid.length > 0 && state.live) void online()
}, 5000)
setInterval(() => {
  if (state.enrolled && (state.live || state.waiting) && document.visibilityState === 'visible') void loadMe()
}, 15_000)
unlockSound()
void start().then(opened)
void takeUpDraft(draw).then(() => loadAsks(draw))
