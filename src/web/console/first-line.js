import { say } from '../shared/say.js'
import { placed } from './place.js'

/** @import { SiteView } from '../shared/types.d.ts' */
/** @import { Task } from './pages.d.ts' */

/**
 * That its first line is still to be connected makes a site unfit, and is nothing to alarm anybody with.
 * @param {SiteView['reasons'][number]} reason
 */
export const alarms = ({ unfit, code }) => unfit === true && code !== 'no-line-yet'

/**
 * Unfit for no other reason than that.
 * @param {SiteView} site
 */
export const waitsForLine = ({ reasons }) => reasons.some(({ unfit }) => unfit) && !reasons.some(alarms)

/**
 * @param {SiteView} site
 * @returns {Task}
 */
export function ofNoLine({ now }) {
  return {
    key: 'unfit/no-line-yet',
    level: 'soon',
    sort: 'unfit',
    sounds: undefined,
    class: undefined,
    since: now,
    order: placed('unfit', 'soon', ''),
    title: say('todo.noLineYet'),
    where: say('todo.connectTheFirstLine'),
    lines: [say('todo.onlyTheCallDesk')],
    href: '#/ready',
  }
}
