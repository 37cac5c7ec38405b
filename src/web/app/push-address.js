import { say } from '../shared/say.js'
import { api } from './line.js'
import { keep } from './store.js'

/** A push service that has not answered by then does not, milliseconds. */
const PATIENCE = 15_000

/**
 * Gives the server an address that was made with its key; one of another key, or one that is dead, makes way first.
 * @param {ServiceWorkerRegistration} registration
 * @param {string} key
 * @param {boolean} anew the address that the browser holds is known to be dead
 * @param {boolean} declarative this browser shows pushes by itself where they say how
 */
export async function subscribe(registration, key, anew, declarative) {
  const held = await registration.pushManager.getSubscription()
  if (held && (anew || keyOf(held) !== key)) await held.unsubscribe()
  const subscription = await Promise.race([
    registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }),
    late(),
  ])
  const address = addressOf(subscription, declarative)
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
export function keyOf({ options: { applicationServerKey: key } }) {
  const letters = key === null ? '' : String.fromCharCode(...new Uint8Array(key))
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** @returns {Promise<never>} */
function late() {
  return new Promise((_, fail) =>
    setTimeout(() => fail(new Error(say('device.thePushServiceDoesNot'))), PATIENCE),
  )
}
