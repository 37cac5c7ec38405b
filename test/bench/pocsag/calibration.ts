/** The table of how far words like `clean` and `corrected` may be trusted: channel by channel, and all of them together. */
import type { Quality } from '../../../src/core/vocabulary.ts'

/** Pages told to be of a quality, and how many of them were not as sent. */
export type Trust = Map<Quality, { told: number; wrong: number }>

/** Of so many pages told to be of a quality one may be wrong, over all channels. */
const ONE_IN = { clean: 100_000, corrected: 1000 } as const

/**
 * The share of wrong ones that is not passed with 95 % confidence: by Poisson's law, exact where hardly any is wrong.
 * @param wrong of `told`
 */
function atMost(wrong: number, told: number): number {
  let low = wrong
  let high = wrong + 4 * Math.sqrt(wrong + 1) + 4
  for (let i = 0; i < 50; i++) {
    const mean = (low + high) / 2
    if (chanceOfNoMore(wrong, mean) > 0.05) low = mean
    else high = mean
  }
  return high / told
}

/** Chance to see so many or fewer where `mean` are to be expected. */
function chanceOfNoMore(count: number, mean: number): number {
  let log = -mean
  let sum = 0
  for (let i = 0; i <= count; i++) {
    if (i > 0) log += Math.log(mean / i)
    sum += Math.exp(log)
  }
  return sum
}

const cell = (trust: Trust, quality: Quality) => trust.get(quality) ?? { told: 0, wrong: 0 }

function counts(trust: Trust, quality: Quality): string {
  const { told, wrong } = cell(trust, quality)
  return `${wrong} of ${told}`
}

function bound(trust: Trust, quality: keyof typeof ONE_IN): string {
  const { told, wrong } = cell(trust, quality)
  return told === 0 ? '-' : `${(atMost(wrong, told) * ONE_IN[quality]).toFixed(2)} in ${ONE_IN[quality]}`
}

function line(name: string, trust: Trust): string {
  const sure = (['clean', 'corrected'] as const).map((q) => `${counts(trust, q)} | ${bound(trust, q)}`)
  const others = (['doubtful', 'unterminated', 'damaged'] as const).map((q) => counts(trust, q))
  return `| ${[name, ...sure, ...others].join(' | ')} |`
}

/** All channels as one. */
function pooled(channels: ReadonlyMap<string, Trust>): Trust {
  const all: Trust = new Map()
  for (const trust of channels.values())
    for (const [quality, { told, wrong }] of trust) {
      const sum = cell(all, quality)
      all.set(quality, { told: sum.told + told, wrong: sum.wrong + wrong })
    }
  return all
}

/** The table as lines of text. */
export function calibration(channels: ReadonlyMap<string, Trust>): readonly string[] {
  return [
    'Pages not as sent, of those told to be so; at most: with 95 % confidence',
    '| channel | clean | at most | corrected | at most | doubtful | unterminated | damaged |',
    '|---|---|---|---|---|---|---|---|',
    ...[...channels].map(([name, trust]) => line(name, trust)),
    line('all channels', pooled(channels)),
    ...(['clean', 'corrected'] as const).map((quality) => verdict(pooled(channels), quality)),
  ]
}

function verdict(all: Trust, quality: keyof typeof ONE_IN): string {
  const { told, wrong } = cell(all, quality)
  const promised = `${quality}: at most 1 in ${ONE_IN[quality]} wrong`
  if (wrong * ONE_IN[quality] > told) return `${promised}: NO`
  return `${promised}: ${told > 0 && atMost(wrong, told) * ONE_IN[quality] <= 1 ? 'shown' : 'not missed; too few seen to show it'}`
}

/** The qualities that promise too much. */
export function broken(channels: ReadonlyMap<string, Trust>): readonly string[] {
  const all = pooled(channels)
  return (['clean', 'corrected'] as const).filter((quality) => {
    const { told, wrong } = cell(all, quality)
    return wrong * ONE_IN[quality] > told
  })
}
