import { say } from '../shared/say.js'
import { api, isPassing } from './line.js'
import { state } from './state.js'
import { keep, kept } from './store.js'

/** @import { MeView } from '../shared/types.d.ts' */

/** A push service that has not answered by then does not, milliseconds. */
const PATIENCE = 15_000
/** How often the push address is looked at while nothing seems wrong with it, milliseconds. */
const EVERY = 10 * 60_000
let looked = 0

/**
 * At the start, now and then, and while something is wrong: whether a push still reaches this phone.
 * @param {MeView} me
 * @param {() => void} draw
 */
export async function lookAfterPush(me, draw) {
  const due = Date.now() - looked > EVERY || me.device?.state === 'dead' || !state.pushed
  if (!due || me.device === undefined) return
  looked = Date.now()
  const was = state.pushed
  state.pushed = await mendPush(me).catch((error) => isPassing(error) && was)
  if (state.pushed !== was) draw()
}

/**
 * Gives the server an address that was made with its key; one of another key, or one that is dead, makes way first.
 * @param {ServiceWorkerRegistration} registration
 * @param {string} key
 * @param {boolean} anew the address that the browser holds is known to be dead
 */
export async function subscribe(registration, key, anew) {
  const held = await registration.pushManager.getSubscription()
  if (held && (anew || keyOf(held) !== key)) await held.unsubscribe()
  const subscription = await Promise.race([
    registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }),
    late(),
  ])
  const address = addressOf(subscription, 'pushManager' in window)
  await api.send('PUT', '/devices/me/subscription', { channel: 'webpush', address })
  await keep('subscribed', subscription.endpoint)
}

/**
 * A browser that also subscribes without a worker shows pushes by itself when the worker does not run, if they say how.
 * @param {PushSubscription} subscription
 * @param {boolean} declarative
 */
function addressOf(subscription, declarative) {
  return JSON.stringify({ ...subscription.toJSON(), ...(declarative ? { declarative } : {}) })
}

/** @param {PushSubscription} subscription */
function keyOf({ options: { applicationServerKey: key } }) {
  const letters = key === null ? '' : String.fromCharCode(...new Uint8Array(key))
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Push addresses die in silence: browsers drop them, services forget them, the hospital's key changes. Looks whether the
 * one that this phone holds is the one that the server has, by the server's key, and mends it where it may.
 * @param {MeView} me
 * @returns {Promise<boolean>} false: this phone had such an address, and has none that works now
 */
async function mendPush({ device }) {
  const had = device?.channel === 'webpush'
  if (!('Notification' in window) || Notification.permission !== 'granted') return !had
  const registration = await navigator.serviceWorker?.getRegistration('/app/')
  if (registration === undefined || !('pushManager' in registration)) return !had
  /** @type {{ key: string }} */
  const { key } = await api.get('/push-key')
  if (key === '') return true
  const held = await registration.pushManager.getSubscription()
  const dead = device?.state === 'dead'
  const known = had && !dead && held !== null && (await kept('subscribed')) === held.endpoint
  if (!known || keyOf(held) !== key) await subscribe(registration, key, dead)
  return true
}

/** @returns {Promise<never>} */
function late() {
  return new Promise((_, fail) =>
    setTimeout(() => fail(new Error(say('device.thePushServiceDoesNot'))), PATIENCE),
  )
}
