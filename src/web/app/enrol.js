import { createApi, explain } from '../shared/api.js'
import { html, once } from '../shared/dom.js'
import { api, measureClock, signedIn } from './line.js'
import { keep } from './store.js'

/** @import { EnrolledView } from '../shared/types.d.ts' */

/**
 * @param {{ code: string, fault: string }} page
 * @param {(fault: string | undefined) => void} done undefined: enrolled
 */
export function enrolPage(page, done) {
  /** @param {SubmitEvent} event */
  const enrol = (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    return once(event, async () => {
      try {
        /** @type {EnrolledView} */
        const enrolled = await createApi().send('POST', '/devices', {
          code: form.get('code'),
          label: form.get('label'),
        })
        await keep('token', enrolled.token)
        await keep('device', enrolled.device.id)
        done(undefined)
      } catch (error) {
        done(explain(error))
      }
    })
  }
  return html`<main class="plain">
    <h1>Take up this phone</h1>
    <p>Ask the switchboard for a one-time code, or scan their QR code with this phone’s camera.</p>
    ${page.fault === '' ? '' : html`<p class="notice bad" role="alert">${page.fault}</p>`}
    <form @submit=${enrol}>
      <label for="code">Code</label>
      <input
        id="code"
        name="code"
        class="code"
        .value=${page.code}
        autocomplete="one-time-code"
        autocapitalize="characters"
        spellcheck="false"
        required
        minlength="8"
        placeholder="XXXX-XXXX"
      />
      <label for="label">What is this phone called?</label>
      <input id="label" name="label" required maxlength="60" .value=${guess()} />
      <button class="main big">Enrol this phone</button>
    </form>
  </main>`
}

function guess() {
  const agent = navigator.userAgent
  if (/iPhone/.test(agent)) return 'iPhone'
  if (/iPad/.test(agent)) return 'iPad'
  return /Android/.test(agent) ? 'Android phone' : 'Phone'
}

/**
 * Asks for notifications and gives the server a way to ring this phone while the app is closed.
 * @returns {Promise<'push' | 'denied' | 'none'>}
 */
export async function allowPush() {
  if (!(await signedIn())) return 'none'
  await measureClock().catch(() => undefined)
  if (!('Notification' in window) || !('serviceWorker' in navigator)) return 'none'
  if ((await Notification.requestPermission()) !== 'granted') return 'denied'
  /** @type {{ key: string }} */
  const { key } = await api.get('/push-key')
  const registration = await navigator.serviceWorker.ready
  if (key === '' || !('pushManager' in registration)) return 'none'
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  })
  await api.send('PUT', '/devices/me/subscription', {
    channel: 'webpush',
    address: JSON.stringify(subscription),
  })
  return 'push'
}
