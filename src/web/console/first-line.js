import { say } from '../shared/say.js'
import { placed } from './place.js'

/** @import { SiteView } from '../shared/types.d.ts' */
/** @import { Task } from './pages.d.ts' */

/**
 * Unfit for no other reason than that its first line is still to be connected: nothing to alarm anybody with.
 * @param {SiteView} site
 */
export function waitsForLine({ reasons }) {
  const unfit = reasons.filter((r) => r.unfit)
  return unfit.length > 0 && unfit.every(({ code }) => code === 'no-line-yet')
}

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
