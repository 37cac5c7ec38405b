import { createApi, explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { whyRefused } from '../shared/refused.js'
import { say } from '../shared/say.js'
import { seal } from './db.js'
import { api, measureClock, signedIn } from './line.js'
import { subscribe } from './push-address.js'
import { keep } from './store.js'

/** @import { EnrolledView, MeView } from '../shared/types.d.ts' */

/**
 * @param {{ code: string, fault: string, provider?: string | undefined }} page
 * @param {(fault: string | undefined) => void} done undefined: enrolled
 */
export function enrolPage(page, done) {
  /** @param {SubmitEvent} event */
  const enrol = (event) => {
    event.preventDefault()
    const target = /** @type {HTMLFormElement} */ (event.currentTarget)
    const form = new FormData(target)
    return once(event, async () => {
      try {
        /** @type {EnrolledView} */
        const enrolled = await createApi().send('POST', '/devices', {
          code: form.get('code'),
          label: form.get('label'),
        })
        seal(false)
        await keep('token', enrolled.token)
        await keep('device', enrolled.device.id)
        done(undefined)
      } catch (error) {
        done(explain(error))
      }
    })
  }
  return html`<main class="plain">
    <h1 id="title" tabindex="-1">${say('device.takeUpThisPhone')}</h1>
    <p>${say('device.askTheSwitchboardForA')}</p>
    ${page.fault === '' ? nothing : html`<p class="notice bad" id="fault">${page.fault}</p>`}
    ${
      page.provider === undefined || page.code !== ''
        ? nothing
        : html`<p><a class="button main big" href="/api/v1/provider/start?errand=phone">${say('entry.byProvider', { provider: page.provider })}</a></p>`
    }
    <form @submit=${enrol}>
      <label for="code">${say('device.code')}</label>
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
        aria-invalid=${page.fault === '' ? nothing : 'true'}
        aria-describedby=${page.fault === '' ? 'code-hint' : 'fault code-hint'}
      />
      <p class="quiet" id="code-hint">${say('device.eightLettersAndFiguresCapitals')}</p>
      <label for="label">${say('device.whatIsThisPhoneCalled')}</label>
      <input id="label" name="label" required maxlength="60" .value=${guess()} />
      <button class="main big">${say('device.takeUpThisPhone')}</button>
    </form>
  </main>`
}

/** By what else than a code this phone can be taken up. @param {{ provider?: string | undefined }} page */
export async function loadWays(page) {
  /** @type {{ provider?: string, phones: boolean } | undefined} */
  const ways = await createApi()
    .get('/session/ways')
    .catch(() => undefined)
  page.provider = ways?.phones ? ways.provider : undefined
}

/** Why the provider sent somebody back with nothing; empty where it did not. */
export function sentBack() {
  const refused = /^#refused=([a-z-]+)$/.exec(location.hash)?.[1]
  if (refused === undefined) return ''
  history.replaceState(null, '', '/app/')
  return whyRefused(refused)
}

/**
 * A new code on a phone that is somebody's: it is given away only when a person says so.
 * @param {MeView | undefined} me
 * @param {() => Promise<void>} giveAway
 * @param {() => void} stay
 */
export function enrolledAlready(me, giveAway, stay) {
  return html`<main class="plain">
    <h1 id="title" tabindex="-1">${say('device.takeUpThisPhoneAnew')}</h1>
    <p>${say('device.itIsEnrolledFor')} <strong>${me?.device?.owner.name ?? me?.name ?? say('device.somebody')}</strong> ${say('device.nowTakingItUpAnew')}</p>
    <button class="big" @click=${stay}>${say('device.leaveItAsItIs')}</button>
    <button class="big danger" @click=${(/** @type {Event} */ event) => once(event, giveAway)}>${say('device.wipeAndTakeUpAnew')}</button>
  </main>`
}

function guess() {
  const agent = navigator.userAgent
  if (/iPhone/.test(agent)) return 'iPhone'
  if (/iPad/.test(agent)) return 'iPad'
  return /Android/.test(agent) ? say('device.androidPhone') : say('device.phone')
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
  await subscribe(registration, key, false, 'pushManager' in window)
  return 'push'
}
