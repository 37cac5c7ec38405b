import { createApi, explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { hasPasskeys, makePasskey } from './passkey.js'
import { field } from './pick.js'

/** @import { State } from './context.js' */
/** @import { SetUp } from './entry.d.ts' */

/**
 * One choice, then signed in: a passkey where the browser has them, or a password and an authenticator app.
 * @param {Pick<State, 'fault' | 'entry'>} state
 * @param {SetUp} setUp
 * @param {(fault: string) => void} done
 * @param {() => void} draw
 */
export function setUpPage(state, setUp, done, draw) {
  const { entry } = state
  const leave = () => {
    delete entry.setUp
    done('')
  }
  /** @param {object} chosen */
  const send = async (chosen) => {
    try {
      await createApi().send('POST', '/session/set-up', { name: setUp.name, code: setUp.code, chosen })
      delete entry.setUp
      done('')
    } catch (error) {
      done(explain(error))
    }
  }
  const passkey = (/** @type {Event} */ event) =>
    once(event, async () => {
      const { challenge = '', options = {} } = setUp.with ?? {}
      const answer = await makePasskey(options)
      if (answer === undefined) return done(say('entry.noPasskey'))
      await send({ challenge, answer, label: say('account.firstPasskey') })
    })
  const app = () => {
    setUp.by = 'app'
    draw()
  }
  /** @param {SubmitEvent} event */
  const password = (event) => {
    event.preventDefault()
    const [first, again] = [field(event, 'password'), field(event, 'again')]
    if (first !== again) return done(say('account.passwordsDiffer'))
    const code = field(event, 'code').replace(/\D/g, '')
    return once(event, () => send({ password: first, secret: setUp.with?.secret ?? '', code }))
  }
  const made = setUp.with
  return html`<main class="narrow">
    <section class="panel">
      <h1>${say('account.setUp', { name: setUp.name })}</h1>
      ${state.fault === '' ? nothing : html`<p class="notice bad" role="alert">${state.fault}</p>`}
      ${
        made === undefined
          ? html`<p class="wait">${state.fault === '' ? say('frame.loading') : nothing}</p>`
          : setUp.by === 'app' || !hasPasskeys()
            ? html`<form class="form" @submit=${password}>
                <label for="password">${say('account.newPassword')}</label>
                <input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required aria-describedby="password-h" />
                <p class="quiet" id="password-h">${say('account.passwordHelp')}</p>
                <label for="again">${say('account.passwordAgain')}</label>
                <input id="again" name="again" type="password" autocomplete="new-password" minlength="12" required />
                <p>${say('account.scanApp')}</p>
                <img class="qr" src=${made.qr} alt="${say('account.qrApp')}" />
                <p class="quiet">${say('account.orType')} <span class="figure">${made.secret.match(/.{1,4}/g)?.join(' ')}</span></p>
                <label for="code">${say('account.codeShown')}</label>
                <input id="code" name="code" inputmode="numeric" pattern="\\s*\\d{6}\\s*" maxlength="8" autocomplete="one-time-code" required />
                <button class="main">${say('account.finish')}</button>
              </form>`
            : html`<p>${say('account.chooseWay')}</p>
                <div class="acts">
                  <button class="main" @click=${passkey}>${say('account.makePasskey')}</button>
                  <button @click=${app}>${say('account.passwordAndApp')}</button>
                </div>
                <p class="quiet">${say('account.passkeyHelp')}</p>`
      }
      <div class="acts"><button class="small" @click=${leave}>${say('account.notNow')}</button></div>
    </section>
  </main>`
}

/** Asks for what the account is set up with. Gives why it cannot be. @param {SetUp} setUp */
export async function beginSetUp(setUp) {
  try {
    setUp.with = await createApi().send('POST', '/session/set-up/challenge', {
      ...{ name: setUp.name, code: setUp.code },
    })
    return ''
  } catch (error) {
    return explain(error)
  }
}
