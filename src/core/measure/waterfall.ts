import { say } from '../catalogue/say.ts'
import type { Millis } from '../instant.ts'
import { text } from '../markup.ts'
import type { Class } from '../vocabulary.ts'
import { HOPS, legs, type Owner, type Stamp } from './hops.ts'

/** Colours that differ in grey and for the colour-blind (Okabe and Ito). */
const COLOURS: Readonly<Record<Owner, string>> = {
  ours: '#0072b2',
  network: '#e69f00',
  provider: '#56b4e9',
  person: '#9aa5ab',
}

const WIDTH = 640
const LABELS = 220
const NUMBERS = 80
const BAR = 14
const ROW = 22
/** Recipients shown one by one; of a larger team only the quickest to take part, and how many more there are. */
const RECIPIENTS = 6

export interface WaterfallOptions {
  readonly class: Class
  /** What to call a recipient; absent: numbered. Never shown to those who may not read names. */
  readonly label?: (recipient: string) => string | undefined
}

/** One leg as it is drawn, by page and by board alike. */
interface WaterfallBar {
  /** The hop it ends at, in words. */
  readonly hop: string
  readonly who?: string
  readonly owner: Owner
  /** Where it begins and ends, as shares of the whole width. */
  readonly from: number
  readonly to: number
  readonly took: string
  /** Took longer than its budget. */
  readonly over: boolean
  /** All of it in words. */
  readonly says: string
}

export interface Waterfall {
  readonly bars: readonly WaterfallBar[]
  /** Recipients not drawn. */
  readonly more: number
  readonly says: string
}

/**
 * An alert's time line as bars: one for each leg, as long as it took, with whose time it was and whether it ran over its
 * budget. Lengths grow with the root of the time, because milliseconds of ours and minutes of people must show side by
 * side. `undefined` when there is no leg yet.
 */
export function waterfallOf(stamps: readonly Stamp[], options: WaterfallOptions): Waterfall | undefined {
  const first = stamps.reduce((min, s) => Math.min(min, s.at), Number.POSITIVE_INFINITY)
  const all = legs(stamps, options.class)
  const order = [...new Set(all.map((leg) => leg.of).filter((of) => of !== undefined))]
  const kept = new Set(order.slice(0, RECIPIENTS))
  const shown = all.filter((leg) => leg.of === undefined || kept.has(leg.of))
  if (shown.length === 0) return undefined
  const last = Math.max(...shown.map((leg) => leg.from + leg.took))
  const share = (at: number): number =>
    last > first ? Math.sqrt(Math.max(0, at - first) / (last - first)) : 0
  const bars = shown.map((leg): WaterfallBar => {
    const who =
      leg.of === undefined
        ? undefined
        : (options.label?.(leg.of) ?? say('timeline.recipient', { number: order.indexOf(leg.of) + 1 }))
    const doubt = leg.doubtful
      ? say('timeline.clocksDisagree')
      : leg.uncertainty > 0
        ? ` ± ${took(leg.uncertainty)}`
        : ''
    return {
      hop: HOPS[leg.hop].says,
      ...(who === undefined ? {} : { who }),
      owner: leg.owner,
      from: share(leg.from),
      to: share(leg.from + leg.took),
      took: took(leg.took),
      over: leg.over,
      says: `${say('timeline.leg', { hop: HOPS[leg.hop].says, took: took(leg.took), owner: leg.owner })}${leg.over ? say('timeline.overBudget') : ''}${doubt}`,
    }
  })
  return {
    bars,
    more: order.length - kept.size,
    says: say('timeline.timeLineOfHopsIn', { bars: bars.length, took: took(last - first) }),
  }
}

/** The same as SVG text, for pages that are printed; '' when there is nothing to draw. */
export function waterfall(stamps: readonly Stamp[], options: WaterfallOptions): string {
  const drawn = waterfallOf(stamps, options)
  if (drawn === undefined) return ''
  const span = WIDTH - LABELS - NUMBERS
  const rows = drawn.bars.map((bar, i) => {
    const [from, to] = [LABELS + bar.from * span, LABELS + Math.max(bar.to * span, bar.from * span + 2)]
    const y = 4 + i * ROW
    const outline = bar.over ? ' stroke="#d55e00" stroke-width="2"' : ''
    const label = bar.who === undefined ? bar.hop : `${bar.hop} – ${bar.who}`
    return [
      `<text x="${LABELS - 8}" y="${y + 11}" text-anchor="end">${text(label)}</text>`,
      `<rect x="${px(from)}" y="${y}" width="${px(to - from)}" height="${BAR}" rx="2" fill="${COLOURS[bar.owner]}"${outline}>`,
      `<title>${text(bar.says)}</title></rect>`,
      `<text x="${px(to + 6)}" y="${y + 11}">${text(bar.took)}${bar.over ? ' !' : ''}</text>`,
    ].join('')
  })
  const height = 8 + (rows.length + (drawn.more > 0 ? 1 : 0)) * ROW
  const rest =
    drawn.more > 0
      ? `<text x="${LABELS}" y="${height - 8}">${say('timeline.andMore', { count: drawn.more })}</text>`
      : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${drawn.says}" font-family="system-ui, sans-serif" font-size="12" fill="#1d2b36">${rows.join('')}${rest}</svg>`
}

/** A span as a reader says it: `7 ms`, `1.2 s`, `3 min 05 s`. */
export function took(ms: Millis): string {
  if (ms < 1000) return say('common.ms', { ms: Math.round(ms) })
  if (ms < 59_950) return say('timeline.seconds', { seconds: (ms / 1000).toFixed(1) })
  const seconds = Math.round(ms / 1000)
  return say('timeline.minutesAndSeconds', {
    ...{ minutes: Math.floor(seconds / 60), seconds: String(seconds % 60).padStart(2, '0') },
  })
}

const px = (n: number): string => n.toFixed(1)
