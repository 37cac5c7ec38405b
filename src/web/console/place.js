/** @import { Task } from './pages.d.ts' */

/**
 * Compares by the order that the server gave.
 * @template {{ readonly order: string }} T
 * @param {T} a
 * @param {T} b
 */
export const first = (a, b) => (a.order < b.order ? -1 : Number(a.order > b.order))

/** Calls and bleeps come with their order; what the site itself asks of the switchboard has these places among them. */
const PLACES = { unfit: '000', role: '100', test: '118', gap: '123', offer: '121', line: '122' }

/**
 * @param {keyof typeof PLACES} sort
 * @param {Task['level']} level before long comes after everything that is now
 * @param {string} since
 */
export const placed = (sort, level, since) => `${level === 'soon' ? '~' : ''}${PLACES[sort]}0 ${since}`
