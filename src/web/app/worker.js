/// <reference lib="webworker" />
import { answer, api, catchUp, pull, report, signedIn } from './line.js'
import { held, heldOne, wipe } from './store.js'

/** @import { InboxItem } from '../shared/types.d.ts' */

/** @returns {ServiceWorkerGlobalScope} */
function scope() {
  if (!(self instanceof ServiceWorkerGlobalScope)) throw new Error('this file runs as a service worker')
  return self
}
const worker = scope()

/** The shell: what it takes to open the app without a network. Content is in the database, not here. */
const SHELL = 'shell'
const FILES = [
  '/app/',
  '/app/app.css',
  '/app/main.js',
  '/app/alert.js',
  '/app/duty.js',
  '/app/enrol.js',
  '/app/inbox.js',
  '/app/leave.js',
  '/app/line.js',
  '/app/listen.js',
  '/app/selftest.js',
  '/app/store.js',
  '/app/manifest.webmanifest',
  '/app/icon.svg',
  '/app/icon-192.png',
  '/shared/base.css',
  '/shared/api.js',
  '/shared/dom.js',
  '/shared/ring.js',
  '/shared/time.js',
  '/shared/words.js',
  '/vendor/lit-html.js',
]

/** How long the network may take before the kept copy opens the app. */
const PATIENCE = 1500

const TITLE = { emergency: 'EMERGENCY', urgent: 'Urgent bleep', routine: 'Bleep', test: 'Test call' }

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((shell) => shell.addAll(FILES))
      .then(() => worker.skipWaiting()),
  )
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim())
})

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin) return
  if (url.pathname.startsWith('/api/')) return
  event.respondWith(fresh(event.request))
})

/**
 * The server's file while it answers, the kept one when it does not.
 * @param {Request} request
 */
async function fresh(request) {
  const shell = await caches.open(SHELL)
  const kept = await shell.match(request, { ignoreSearch: true })
  const fetched = fetch(request).then(async (response) => {
    if (response.ok && kept !== undefined) await shell.put(request, response.clone())
    return response
  })
  if (kept === undefined) return fetched
  const late = /** @type {Promise<undefined>} */ (new Promise((done) => setTimeout(done, PATIENCE)))
  return (await Promise.race([fetched.catch(() => undefined), late])) ?? kept
}

worker.addEventListener('push', (event) => {
  event.waitUntil(rung(event.data))
})

/**
 * A push is a doorbell: it says which attempt reached this device, and the words are pulled from the trust's server.
 * Something is always shown, because a browser takes push away from a worker that shows nothing.
 * @param {PushMessageData | null} data
 */
async function rung(data) {
  const bell = readBell(data)
  let shown = 0
  if (await signedIn()) {
    if (bell !== undefined) await report(bell.id, 'on-device')
    try {
      await pull(async (item) => {
        shown += 1
        await show(item, bell?.place)
      })
      await catchUp()
    } catch {
      // Out of reach: the doorbell alone is shown below, and the page pulls when it opens.
    }
  }
  if (bell === undefined || shown > 0) return tellPages({ kind: 'pulled' })
  await showAgain(bell)
  await report(bell.id, 'presented')
  return tellPages({ kind: 'pulled', id: bell.id })
}

/**
 * A push that brought nothing new: the same bleep by another way, one already answered, or one whose words cannot be
 * pulled now. Only the last may sound.
 * @param {Bell} bell
 */
async function showAgain(bell) {
  const tag = bell.tag ?? bell.id
  const [old] = await worker.registration.getNotifications({ tag })
  const known = (await held()).some((h) => tagOf(h.id) === tag)
  await worker.registration.showNotification(old?.title ?? TITLE[bell.class], {
    ...looks(bell.class, bell.place, old?.data?.version !== undefined),
    ...(known ? { silent: true, renotify: false, vibrate: [] } : {}),
    data: old?.data,
    tag,
  })
  if (known && old === undefined) {
    for (const n of await worker.registration.getNotifications({ tag })) n.close()
  }
}

/** The name under which providers and screens replace an older ring by a newer one. @param {string} alert */
const tagOf = (alert) => alert.replaceAll('-', '')

/**
 * The screen of a locked phone gets the class, and the place where the site allows it in pushes; never the words.
 * @param {InboxItem} item
 * @param {string | undefined} place
 */
async function show(item, place) {
  const tag = tagOf(item.alert.id)
  if (item.ring) {
    await worker.registration.showNotification(TITLE[item.alert.class], {
      ...looks(item.alert.class, place, true),
      tag,
      data: { alert: item.alert.id, version: item.alert.version, attempt: item.attempt },
    })
    if (item.attempt !== undefined) await report(item.attempt, 'presented')
    return
  }
  const old = await worker.registration.getNotifications({ tag })
  for (const notification of old) notification.close()
  if (old.length > 0 && (item.purpose === 'stand-down' || item.purpose === 'cancel')) {
    await worker.registration.showNotification('Stand down', {
      body: 'You are not needed on this bleep any more.',
      tag,
      silent: true,
      data: { alert: item.alert.id },
    })
  }
}

/**
 * @param {'emergency' | 'urgent' | 'routine' | 'test'} c
 * @param {string | undefined} place
 * @param {boolean} answerable
 */
function looks(c, place, answerable) {
  const loud = c === 'emergency' || c === 'urgent'
  return {
    body: place ?? (c === 'test' ? 'This is only a test' : 'Unlock to read'),
    icon: '/app/icon-192.png',
    badge: '/app/icon-192.png',
    renotify: true,
    requireInteraction: loud,
    ...(loud ? { vibrate: [400, 150, 400, 150, 400] } : {}),
    ...(answerable
      ? {
          actions: [
            { action: 'accepted', title: c === 'routine' ? 'Accept' : 'I’m coming' },
            { action: 'declined', title: 'I can’t' },
          ],
        }
      : {}),
  }
}

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(clicked(event.action, event.notification.data ?? {}))
})

/**
 * @param {string} action
 * @param {{ alert?: string, version?: number, attempt?: string }} data
 */
async function clicked(action, { alert, version, attempt }) {
  if (alert !== undefined && version !== undefined && (action === 'accepted' || action === 'declined')) {
    if (await signedIn()) {
      try {
        const card = (await heldOne(alert))?.card ?? { id: alert, version }
        if (attempt !== undefined) await report(attempt, 'opened')
        await answer(card, action)
        await tellPages({ kind: 'pulled' })
        return
      } catch {
        // Refused: what stands is for the person to read, so the alert opens.
      }
    }
  }
  const target = alert === undefined ? '/app/' : `/app/#/alert/${alert}`
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const open = pages[0]
  if (open === undefined) await worker.clients.openWindow(target)
  else {
    open.postMessage({ kind: 'open', target })
    await open.focus()
  }
}

worker.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(
    (async () => {
      if (!(await signedIn())) return
      /** @type {{ key: string }} */
      const { key } = await api.get('/push-key')
      const subscription = await worker.registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: key,
      })
      await api.send('PUT', '/devices/me/subscription', {
        channel: 'webpush',
        address: JSON.stringify(subscription),
      })
    })(),
  )
})

worker.addEventListener('message', (event) => {
  if (event.data?.kind !== 'wipe') return
  event.waitUntil(
    (async () => {
      for (const n of await worker.registration.getNotifications()) n.close()
      await wipe()
      event.ports[0]?.postMessage('wiped')
    })(),
  )
})

/** @param {object} message */
async function tellPages(message) {
  for (const page of await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })) {
    page.postMessage(message)
  }
}

/**
 * @typedef {object} Bell
 * @property {string} id
 * @property {'emergency' | 'urgent' | 'routine' | 'test'} class
 * @property {string | undefined} place
 * @property {string | undefined} tag
 */

/**
 * @param {PushMessageData | null} data
 * @returns {Bell | undefined}
 */
function readBell(data) {
  try {
    const said = data?.json()
    if (typeof said?.id !== 'string' || !(said.class in TITLE)) return undefined
    return {
      id: said.id,
      class: said.class,
      place: said.place,
      tag: said.tag,
    }
  } catch {
    return undefined
  }
}
