import { createApi, explain } from '../shared/api.js'
import { html } from '../shared/dom.js'

/**
 * @param {string} fault
 * @param {(fault: string) => void} done
 */
export function login(fault, done) {
  /** @param {SubmitEvent} event */
  const enter = async (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    done(await signIn(String(form.get('operator')), String(form.get('key'))))
  }
  return html`<main>
    <section class="panel form">
      <h1>Switchboard sign-in</h1>
      ${fault === '' ? '' : html`<p class="notice bad" role="alert">${fault}</p>`}
      <form class="form" @submit=${enter}>
        <label for="operator">Operator</label>
        <input id="operator" name="operator" autocomplete="username" required />
        <label for="key">Key</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required />
        <button class="main">Sign in</button>
      </form>
      <p class="quiet">Answering a bleep? Open the <a href="/app/">phone app</a> instead.</p>
    </section>
  </main>`
}

/**
 * Empty when signed in, else why not.
 * @param {string} operator
 * @param {string} key
 */
export async function signIn(operator, key) {
  try {
    await createApi().send('POST', '/session', { operator, key })
    return ''
  } catch (error) {
    return explain(error)
  }
}
