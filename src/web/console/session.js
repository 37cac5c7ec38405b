import { createApi, explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, now } from '../shared/time.js'

/** @import { State } from './context.js' */

/** How long before its end a sign-in asks to be made anew. */
const SOON = 30 * 60_000

/**
 * @param {Pick<State, 'signIn' | 'fault' | 'me'>} state
 * @param {(fault: string) => void} done empty when signed in, else why not
 */
export function signInPage(state, done) {
  /** @param {SubmitEvent} event */
  const enter = (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    return once(event, async () => done(await signIn(String(form.get('operator')), String(form.get('key')))))
  }
  return html`<main class="narrow">
    <section class="panel">
      <h1>${state.signIn === undefined ? say('entry.signInAgainOrAs') : say('entry.switchboardSignIn')}</h1>
      ${
        state.signIn === 'ended'
          ? html`<p class="notice bad" role="alert">
            ${say('entry.yourSignInHasEnded')}
          </p>`
          : nothing
      }
      ${state.fault === '' ? nothing : html`<p class="notice bad" role="alert">${state.fault}</p>`}
      <form class="form" @submit=${enter}>
        <label for="operator">${say('entry.operator')}</label>
        <input id="operator" name="operator" autocomplete="username" required .value=${state.me?.name ?? ''} />
        <label for="key">${say('entry.key')}</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required />
        <button class="main">${say('entry.signIn')}</button>
      </form>
      <p class="quiet">${say('entry.answeringABleepOpenThe')} <a href="/app/">${say('entry.phoneApp')}</a> ${say('entry.instead')}</p>
    </section>
  </main>`
}

/**
 * Empty when signed in, else why not.
 * @param {string} operator
 * @param {string} key
 */
async function signIn(operator, key) {
  try {
    await createApi().send('POST', '/session', { operator, key })
    return ''
  } catch (error) {
    return explain(error)
  }
}

/**
 * A printed link may carry an operator and key after the hash: it never reaches a server log. It never takes the place of
 * who is signed in. Gives why it did not do.
 */
export async function enterByLink() {
  const link = /^#sign-in=([^&]+)&key=(.+)$/.exec(location.hash)
  if (link?.[1] === undefined || link[2] === undefined) return ''
  history.replaceState(null, '', '/console/')
  const other = await createApi()
    .get('/me')
    .catch(() => undefined)
  if (other !== undefined) return ''
  return signIn(decodeURIComponent(link[1]), decodeURIComponent(link[2]))
}

/** Who is signed in and, near its end, until when. @param {NonNullable<State['me']>} me */
export function signedInAs(me) {
  const left = me.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(me.until) - now()
  return left > SOON
    ? html`<a class="quiet" href="#/sign-in" title="${say('entry.signInAsSomebodyElse')}">${me.name}</a>`
    : html`<a class="gap" href="#/sign-in">${put('entry.signedInOnlyUntilSign', { me: me.name, clock: clock(me.until ?? '') })}</a>`
}
