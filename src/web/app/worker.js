/// <reference lib="webworker" />
import { now } from '../shared/time.js'
import { speakIn } from '../shared/tongue.js'
import { wipe } from './db.js'
import { expire } from './expire.js'
import { isNewlyHanded } from './handed.js'
import {
  answer,
  api,
  catchUp,
  isAskNews,
  isHandOver,
  isNewPhone,
  isOut,
  isRollCall,
  pull,
  report,
  signedIn,
} from './line.js'
import { createNotices, readBell } from './notify.js'
import { openApp, windowsOf } from './open.js'
import { subscribe } from './push-address.js'
import { dropOldShells, fromShell, keepShell } from './shell.js'
import { heldOne, keep, kept, unsaid } from './store.js'

/** @import { MeView } from '../shared/types.d.ts' */

/** @returns {ServiceWorkerGlobalScope} */
function scope() {
  if (!(self instanceof ServiceWorkerGlobalScope)) throw new Error('this file runs as a service worker')
  return self
}
const worker = scope()

/** How long the server has the first word on what may be kept, milliseconds. */
const PATIENCE = 2000

const notices = createNotices(worker.registration)

worker.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([dropOldShells(), worker.clients.claim()]))
})

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin) return
  if (url.pathname.startsWith('/api/')) return
  event.respondWith(fromShell(event.request))
})

worker.addEventListener('push', (event) => {
  event.waitUntil(rung(event.data ?? declared(event)))
})

/**
 * A declarative push that is handed to the worker carries its doorbell in the notification.
 * @param {PushEvent} event
 */
function declared(event) {
  const { notification } = /** @type {{ notification?: Notification }} */ (/** @type {unknown} */ (event))
  return notification === undefined ? null : { json: () => notification.data }
}

/**
 * A push is a doorbell: it says which attempt reached this device, and the words are pulled from the trust's server.
 * Something is always shown, because a browser takes push away from a worker that shows nothing.
 * @param {Pick<PushMessageData, 'json'> | null} data
 */
async function rung(data) {
  speakIn(await kept('language'))
  if (await signedIn()) await ring(data)
  // Nobody's any more, perhaps by what was just learnt.
  if (!(await signedIn())) await notices.signedOut()
}

/** @param {Pick<PushMessageData, 'json'> | null} data */
async function ring(data) {
  const bell = readBell(data)
  if (bell !== undefined && isRollCall(bell)) {
    await report(bell.id, 'on-device', 'push')
    return notices.rollCall()
  }
  if (bell !== undefined && isAskNews(bell)) {
    await notices.askNews()
    return tellPages({ kind: 'asked' })
  }
  if (bell !== undefined && isNewPhone(bell)) {
    await notices.newPhone()
    return tellPages({ kind: 'new-phone' })
  }
  if (bell !== undefined && isHandOver(bell)) {
    await notices.handOver()
    await hear()
    return tellPages({ kind: 'pulled' })
  }
  if (bell !== undefined && bell.purpose !== 'update') await report(bell.id, 'on-device', 'push')
  const { shown, gone } = await look(bell?.place, bell?.id)
  if (!(await signedIn())) return
  if (shown === 0) {
    // The one push that is no bleep: the shift is over.
    if (gone > 0 || bell?.purpose === 'update') await notices.offDuty()
    else await notices.again(bell ?? { id: 'unreadable', class: 'routine' })
    if (bell !== undefined && bell.purpose !== 'update') {
      await report(bell.id, 'presented')
      return tellPages({ kind: 'pulled', id: bell.id })
    }
  }
  await tellPages({ kind: 'pulled' })
}

/** What has just rung here rings in the app no more when that opens. */
async function hear() {
  const handed = await api.get('/me').then(
    (me) => /** @type {MeView} */ (me).handed,
    () => undefined,
  )
  await isNewlyHanded(handed ?? [])
}

/**
 * Learns what was missed, says what could not be said, and drops what may not be kept, reached or not.
 * @param {string} [place]
 * @param {string} [rang] what the push named
 */
async function look(place, rang) {
  let shown = 0
  let gone = 0
  const learnt = (async () => {
    const ended = await pull(async (item) => {
      if (await notices.item(item, place)) shown += 1
    }, rang)
    gone += ended
    await catchUp()
  })().catch(async (error) => {
    // Out of reach: the doorbell alone is shown, and the page pulls when it opens.
    if (isOut(error)) await wipeAll()
  })
  // A network that answers nothing holds up what can be learnt, not what has to go.
  await Promise.race([learnt, new Promise((done) => setTimeout(done, PATIENCE))])
  const over = await expire(now())
  gone += over
  await learnt
  if (gone > 0 && shown === 0) await notices.clear()
  return { shown, gone }
}

/** The server knows this phone no more: revoked, or its holder has left. Nothing that it was told stays here. */
async function wipeAll() {
  await notices.clear()
  await wipe()
  await tellPages({ kind: 'out' })
}

/** Where the browser wakes the worker by itself, it looks whether a shift has ended, and sends what waits. */
for (const kind of ['periodicsync', 'sync']) {
  worker.addEventListener(kind, (event) => {
    if (!('waitUntil' in event) || typeof event.waitUntil !== 'function') return
    event.waitUntil(
      signedIn().then(async (yes) => {
        if (!yes) return
        if (await kept('renew')) await renewed()
        await look()
        if (await signedIn()) await tellPages({ kind: 'pulled' })
      }),
    )
  })
}

worker.addEventListener('notificationclose', (event) => notices.gone(event.notification.tag))

worker.addEventListener('notificationclick', (event) => {
  notices.gone(event.notification.tag)
  event.notification.close()
  event.waitUntil(clicked(event.action, event.notification.data ?? {}))
})

/**
 * @param {string} action
 * @param {{ alert?: string, version?: number, attempt?: string, page?: string }} data
 */
async function clicked(action, { alert, version, attempt, page = '' }) {
  speakIn(await kept('language'))
  const given = action === 'accepted' || action === 'declined' ? action : undefined
  const known = alert === undefined ? undefined : await heldOne(alert)
  if (alert !== undefined && version !== undefined && known && given && (await signedIn())) {
    if (attempt !== undefined) await report(attempt, 'opened')
    await answer(known.card, given)
    const refused = (await heldOne(alert))?.note !== undefined
    if (!refused) {
      const waits = (await unsaid()).some((u) => u.alert === alert)
      await notices.answered(alert, given, !waits)
      return tellPages({ kind: 'pulled' })
    }
    // Refused: what stands is for the person to read, so the alert opens.
  }
  await openApp(worker.clients, alert === undefined ? `/app/${page}` : `/app/#/alert/${alert}`)
}

/**
 * The browser has dropped or changed the push address, perhaps with the app closed for days: a new one is made by the
 * server’s key of now and handed in. Where that fails it is tried again whenever the worker wakes.
 */
worker.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renewed()))

async function renewed() {
  if (!(await signedIn())) return
  try {
    /** @type {{ key: string }} */
    const { key } = await api.get('/push-key')
    if (key !== '') await subscribe(worker.registration, key, false, 'notification' in PushEvent.prototype)
    await keep('renew', false)
  } catch (error) {
    if (isOut(error)) return wipeAll()
    await keep('renew', true)
  }
}

worker.addEventListener('message', (event) => {
  const { kind } = event.data ?? {}
  if (kind === 'clear') event.waitUntil(notices.clear())
  if (kind !== 'wipe') return
  event.waitUntil(
    (async () => {
      await notices.clear()
      await wipe()
      event.ports[0]?.postMessage('wiped')
    })(),
  )
})

/** @param {object} message */
async function tellPages(message) {
  for (const page of await windowsOf(worker.clients)) page.postMessage(message)
}
