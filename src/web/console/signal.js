import { html } from '../shared/dom.js'
import { say } from '../shared/say.js'

/** @import { FeedView } from '../shared/types.d.ts' */

/** Beyond these something wants looking at: hardware/README.md says what. */
const POOR = { eye: 0.5, clicks: 20, cut: 100, offset: 0.3 }

/**
 * How good the last transmission was: what an aerial, a lead or a receiver loses shows here before a page is lost.
 * @param {FeedView | undefined} feed
 */
export function signal(feed) {
  const heard = feed?.signal
  if (heard === undefined) return '–'
  const { eyeOpening, impulses, lowCutHertz, toneOffset } = heard
  return html`<span class=${eyeOpening < POOR.eye ? 'double' : ''}>${say('lines.eye', { eye: eyeOpening.toFixed(2) })}</span>,
    <span class=${impulses > POOR.clicks ? 'double' : ''}>${say('lines.clicks', { clicks: Math.round(impulses) })}</span>,
    <span class=${lowCutHertz > POOR.cut ? 'double' : ''}>${lowCutHertz === 0 ? say('lines.noLowCut') : say('lines.lowCut', { hertz: lowCutHertz })}</span>,
    <span class=${Math.abs(toneOffset) > POOR.offset ? 'double' : ''}>${say('lines.tonesOff', { percent: Math.round(Math.abs(toneOffset) * 100) })}</span>`
}
