import { ring } from '../shared/ring.js'
import { loadAsks } from './asking.js'
import { isAskNews, isHandOver, isNewPhone, isRollCall, report } from './line.js'

/**
 * A ring of the open app's own line that is no bleep.
 * @param {{ id: string }} bell
 * @param {object} on
 * @param {{ rung(id: string, way: 'lan'): Promise<void> }} on.selfTest
 * @param {(rung: boolean) => Promise<void>} on.loadMe
 * @param {() => void} on.draw
 */
export async function answerBell(bell, { selfTest, loadMe, draw }) {
  if (isRollCall(bell)) return report(bell.id, 'on-device')
  if (!isAskNews(bell) && !isHandOver(bell) && !isNewPhone(bell)) return selfTest.rung(bell.id, 'lan')
  ring('routine')
  return isHandOver(bell) || isNewPhone(bell) ? loadMe(true) : loadAsks(draw)
}
