/** @import { AlertView, DirectoryView, MeView, WaysView } from '../shared/types.d.ts' */
/** @import { Held, Off, Unsaid } from './store.js' */

/** How the address of an alert's page begins. */
export const PREFIX = '#/alert/'

/** What the screens show of whoever has this phone: nothing, until somebody has. */
export const nobody = () => ({
  enrolled: false,
  live: false,
  /** This phone has to wait for a word on its holder's other phone. */ waiting: false,
  /** When the server last spoke, this device's clock; 0: not known. */
  contact: 0,
  /** @type {MeView | undefined} */ me: undefined,
  /** @type {readonly Held[]} */ held: [],
  /** @type {readonly Unsaid[]} */ unsaid: [],
  /** @type {AlertView | undefined} */ view: undefined,
  /** @type {DirectoryView | undefined} */ directory: undefined,
  /** @type {WaysView | undefined} */ ways: undefined,
  /** @type {Off | undefined} */ off: undefined,
  /** @type {string | undefined} */ speaker: undefined,
  said: '',
  handing: '',
  looking: '',
  leaving: false,
})

/** What the screens show. */
export const state = {
  ...nobody(),
  code: '',
  fault: '',
  /** The sign-in provider by which this phone can be taken up. @type {string | undefined} */ provider:
    undefined,
  /** False: nothing can ring this phone while the app is closed, though something could. */
  pushed: true,
}

export const where = () => (location.hash === '' || location.hash === '#' ? '#/' : location.hash)
export const alertId = () => (where().startsWith(PREFIX) ? where().slice(PREFIX.length) : undefined)

/** In whose name a handset that several people share answers; undefined where there is only one. */
export const speaker = () => state.me?.people.find((p) => p.person === state.speaker)?.person
