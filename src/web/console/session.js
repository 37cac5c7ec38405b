import { createApi, explain, Refusal } from '../shared/api.js'
import { byId, html, nothing, once, render } from '../shared/dom.js'
import { whyRefused } from '../shared/refused.js'
import { put, say } from '../shared/say.js'
import { clock, now } from '../shared/time.js'
import { weigh } from './marks.js'
import { hasPasskeys, provePasskey } from './passkey.js'
import { field } from './pick.js'
import { beginSetUp, setUpPage } from './set-up.js'

/** @import { State } from './context.js' */

/** How long before its end a sign-in asks to be made anew. */
const SOON = 30 * 60_000

/**
 * The page to sign in at, in the place of everything: it shows nothing that could be old.
 * @param {State} state
 * @param {(fault: string) => void} done empty when signed in, else why not
 * @param {() => void} draw
 */
export function drawSignIn(state, done, draw) {
  weigh(state, false)
  document.title = say('frame.signInSwitchboard')
  render(signInPage(state, done, draw), byId('page'))
}

/**
 * @param {Pick<State, 'signIn' | 'fault' | 'me' | 'entry'>} state
 * @param {(fault: string) => void} done
 * @param {() => void} draw
 */
export function signInPage(state, done, draw) {
  const { entry } = state
  if (entry.setUp !== undefined) return setUpPage(state, entry.setUp, done, draw)
  /** @param {SubmitEvent} event */
  const enter = (event) => {
    event.preventDefault()
    const name = entry.wants?.name ?? field(event, 'operator')
    const password = entry.wants?.password ?? field(event, 'key')
    const code = entry.wants === undefined ? undefined : field(event, 'code')
    return once(event, async () => {
      const said = await signIn(name, password, code)
      if (said === WANTED) entry.wants = { name, password }
      else if (said === '') delete entry.wants
      done(said === WANTED ? '' : said)
    })
  }
  const startAgain = () => {
    delete entry.wants
    done('')
    draw()
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
      ${
        entry.ways?.provider === undefined || entry.wants !== undefined
          ? nothing
          : html`<p class="acts"><a class="button main" href=${state.signIn === 'start' ? '/api/v1/provider/start' : '/api/v1/provider/start?again=1'}>${say('entry.byProvider', { provider: entry.ways.provider })}</a></p>`
      }
      <form class="form" @submit=${enter}>
        ${
          entry.wants === undefined
            ? html`<label for="operator">${say('entry.name')}</label>
              <input id="operator" name="operator" autocomplete="username" required .value=${state.me?.name ?? ''} />
              <label for="key">${say('entry.passwordOrKey')}</label>
              <input id="key" name="key" type="password" autocomplete="current-password" required />
              <button class="main">${say('entry.signIn')}</button>`
            : html`<label for="code">${say('entry.codeOf', { name: entry.wants.name })}</label>
              <input id="code" name="code" class="code" inputmode="numeric" pattern="\\s*\\d{6}\\s*" maxlength="8" autocomplete="one-time-code" required autofocus />
              <p class="quiet">${say('entry.codeHelp')}</p>
              <button class="main">${say('entry.signIn')}</button>
              <button type="button" @click=${startAgain}>${say('entry.startAgain')}</button>`
        }
      </form>
      ${
        entry.ways?.accounts && entry.wants === undefined && hasPasskeys()
          ? html`<div class="acts"><button @click=${(/** @type {Event} */ event) => once(event, async () => done(await byPasskey()))}>${say('entry.usePasskey')}</button></div>`
          : nothing
      }
      <p class="quiet">${say('entry.answeringABleepOpenThe')} <a href="/app/">${say('entry.phoneApp')}</a> ${say('entry.instead')}</p>
    </section>
  </main>`
}

/** Right so far: the code of the app is wanted as well. */
const WANTED = Symbol('a code is wanted')

/**
 * Empty when signed in, else why not.
 * @param {string} operator
 * @param {string} key
 * @param {string} [code]
 * @returns {Promise<string | typeof WANTED>}
 */
async function signIn(operator, key, code) {
  try {
    await createApi().send('POST', '/session', {
      ...{ operator, key },
      ...(code === undefined ? {} : { code: code.replace(/\D/g, '') }),
    })
    return ''
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'second-factor-wanted') return WANTED
    return explain(error)
  }
}

/** Empty when signed in, else why not. */
async function byPasskey() {
  const api = createApi()
  try {
    /** @type {{ challenge: string, options: object }} */
    const { challenge, options } = await api.send('POST', '/session/passkey/challenge', {})
    const answer = await provePasskey(options)
    if (answer === undefined) return say('entry.noPasskey')
    await api.send('POST', '/session/passkey', { challenge, answer })
    return ''
  } catch (error) {
    return explain(error)
  }
}

/**
 * What is in the address, then what this page offers. False where nobody is to be asked who is signed in: an account is
 * set up.
 * @param {Pick<State, 'entry' | 'fault' | 'signIn'>} state
 * @param {() => void} draw
 */
export async function beginEntry(state, draw) {
  const { entry } = state
  state.fault = await enterByLink(state)
  void createApi()
    .get('/session/ways')
    .then((ways) => {
      entry.ways = ways
      draw()
    })
    .catch(() => undefined)
  if (entry.setUp === undefined) return true
  state.fault = await beginSetUp(entry.setUp)
  state.signIn = 'start'
  draw()
  return false
}

/**
 * A printed link may carry an operator and key, or a code to set an account up, after the hash: it never reaches a server
 * log. It never takes the place of who is signed in. Gives why it did not do.
 * @param {Pick<State, 'entry'>} state
 */
async function enterByLink({ entry }) {
  const setUp = /^#set-up=([^&]+)&code=([\w-]+)$/.exec(location.hash)
  if (setUp?.[1] !== undefined && setUp[2] !== undefined) {
    entry.setUp = { name: decodeURIComponent(setUp[1]), code: setUp[2] }
    history.replaceState(null, '', '/console/')
    return ''
  }
  const refused = /^#refused=([a-z-]+)$/.exec(location.hash)?.[1]
  if (refused !== undefined) {
    history.replaceState(null, '', '/console/')
    return whyRefused(refused)
  }
  const link = /^#sign-in=([^&]+)&key=(.+)$/.exec(location.hash)
  if (link?.[1] === undefined || link[2] === undefined) return ''
  history.replaceState(null, '', '/console/')
  const other = await createApi()
    .get('/me')
    .catch(() => undefined)
  if (other !== undefined) return ''
  const said = await signIn(decodeURIComponent(link[1]), decodeURIComponent(link[2]))
  return said === WANTED ? '' : said
}

/** Who is signed in and, near its end, until when. @param {NonNullable<State['me']>} me */
export function signedInAs(me) {
  const left = me.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(me.until) - now()
  return left > SOON
    ? html`<a class="quiet" href="#/account" title="${say('account.yourAccount')}">${me.name}</a>`
    : html`<a class="gap" href="#/sign-in">${put('entry.signedInOnlyUntilSign', { me: me.name, clock: clock(me.until ?? '') })}</a>`
}
