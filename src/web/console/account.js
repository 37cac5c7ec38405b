import { Refusal } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { clock, day } from '../shared/time.js'
import { hasPasskeys, makePasskey } from './passkey.js'
import { field } from './pick.js'
import { sureButton } from './sure.js'

/** @import { PageContext, Read } from './pages.d.ts' */
/** @import { State } from './context.js' */
/** @import { OwnAccount } from './entry.d.ts' */

/** @param {Read} read @param {State} state */
export async function loadAccount(read, state) {
  try {
    await read('account', '/account', (/** @type {OwnAccount} */ view) => {
      state.account = view
    })
  } catch (error) {
    // A key of the configuration.
    if (!(error instanceof Refusal) || error.problem.code !== 'account-none') throw error
    state.account = undefined
  }
}

/** What one signs in with oneself. @param {PageContext} page */
export function accountPage(page) {
  const { state, api, attempt } = page
  const { account, me } = state
  /** @param {SubmitEvent} event */
  const change = (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const [before, password] = [field(event, 'before'), field(event, 'password')]
    return once(event, () =>
      attempt(async () => {
        await api.send('POST', '/account/password', { before, password })
        form.reset()
        return say('account.passwordChanged')
      }),
    )
  }
  /** @param {SubmitEvent} event */
  const add = (event) => {
    event.preventDefault()
    const label = field(event, 'label')
    return once(event, () =>
      attempt(async () => {
        /** @type {{ challenge: string, options: object }} */
        const { challenge, options } = await api.send('POST', '/account/passkeys/challenge', {})
        const answer = await makePasskey(options)
        if (answer === undefined) return say('entry.noPasskey')
        await api.send('POST', '/account/passkeys', { challenge, answer, label })
        return say('account.passkeyAdded', { label })
      }),
    )
  }
  return html`<h1>${say('account.yourAccount')}</h1>
    <section class="panel" aria-labelledby="account-h">
      <h2 id="account-h">${me?.name ?? ''}</h2>
      ${
        !account?.kept
          ? html`<p>${say('account.notKeptHere')}</p>`
          : html`<ul class="plain">
                <li>${account.password ? say('account.hasPassword') : say('account.hasNoPassword')}</li>
                ${account.passkeys.map(
                  ({ id, label, used }) => html`<li>
                    ${say('account.passkeyNamed', { label })}
                    <span class="quiet">${used === undefined ? say('account.neverUsed') : say('account.lastUsed', { at: `${day(used)} ${clock(used)}` })}</span>
                    ${sureButton(page, {
                      ...{
                        key: `passkey/${id}`,
                        label: say('account.remove'),
                        asks: say('account.removeSure'),
                      },
                      about: label,
                      act: () =>
                        attempt(async () => {
                          await api.send('DELETE', `/account/passkeys/${id}`)
                          return say('account.passkeyRemoved', { label })
                        }),
                    })}
                  </li>`,
                )}
              </ul>
              ${
                hasPasskeys()
                  ? html`<form class="form" @submit=${add}>
                      <label for="label">${say('account.passkeyLabel')}</label>
                      <input id="label" name="label" maxlength="60" required placeholder="${say('account.passkeyExample')}" />
                      <button>${say('account.addPasskey')}</button>
                    </form>`
                  : nothing
              }
              ${
                account.password
                  ? html`<form class="form" @submit=${change}>
                      <label for="before">${say('account.oldPassword')}</label>
                      <input id="before" name="before" type="password" autocomplete="current-password" required />
                      <label for="password">${say('account.newPassword')}</label>
                      <input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required />
                      <button>${say('account.changePassword')}</button>
                    </form>`
                  : nothing
              }`
      }
      <p class="acts"><a class="button" href="#/sign-in">${say('entry.signInAsSomebodyElse')}</a></p>
    </section>
    ${account === undefined ? nothing : sessionList(page, account)}`
}

/** Where one is signed in. @param {PageContext} page @param {OwnAccount} account */
function sessionList(page, { sessions }) {
  const { api, attempt } = page
  return html`<section class="panel" aria-labelledby="sessions-h">
    <h2 id="sessions-h">${say('account.whereSignedIn')}</h2>
    <ul class="plain">
      ${sessions.map(
        ({ id, began, own }) => html`<li>
          ${say('account.signedInSince', { at: `${day(began)} ${clock(began)}` })}
          ${
            own
              ? html`<span class="quiet">${say('account.thisOne')}</span>`
              : sureButton(page, {
                  ...{ key: `session/${id}`, label: say('account.end'), asks: say('account.endSure') },
                  about: say('account.signedInSince', { at: `${day(began)} ${clock(began)}` }),
                  act: () =>
                    attempt(async () => {
                      await api.send('DELETE', `/account/sessions/${id}`)
                      return say('account.sessionEnded')
                    }),
                })
          }
        </li>`,
      )}
    </ul>
  </section>`
}
