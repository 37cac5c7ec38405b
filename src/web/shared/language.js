import { OWN_NAMES } from './catalogue.js'
import { html } from './dom.js'
import { choose, spoken } from './tongue.js'

/** Tells the browser what this page speaks, for its voice, its hyphens and its spelling. */
export function speakHere() {
  document.documentElement.lang = spoken()
}

/**
 * The other languages, each by its own name, to be pressed.
 * @param {(tag: string) => Promise<unknown>} [also] what else has to know the choice
 */
export const languages = (also = async () => undefined) =>
  Object.entries(OWN_NAMES)
    .filter(([tag]) => tag !== spoken())
    .map(([tag, name]) => {
      const press = async () => {
        choose(tag)
        await also(tag)
        location.reload()
      }
      return html`<button lang=${tag} @click=${press}>${name}</button>`
    })
