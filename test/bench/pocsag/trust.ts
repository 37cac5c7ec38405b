/**
 * Whether a page is as sure as it says: `npm run bench:pocsag -- trust [rounds] [first seed] [sound or bits]`. Every channel
 * of the table at every rate and level, and bits with a share of them wrong, five pages a transmission. Rounds of other
 * seeds add up; those of bits cost a tenth of those of sound.
 */
import { Decoder } from '../../../src/core/pocsag/decoder.ts'
import { flipBits, seeded } from '../../../src/core/pocsag/disturb.ts'
import { encodeTransmission, type OutgoingPage } from '../../../src/core/pocsag/encode.ts'
import type { DecodedPage } from '../../../src/core/pocsag/page.ts'
import { onTheAir, somePage } from '../../support/pocsag-traffic.ts'
import { airOf, listen, type Trust, weigh } from './beside.ts'
import { CHANNELS, toPcm } from './channels.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

/** Pages of one transmission, and shares of wrong bits. */
const TOGETHER = 5
const SHARES = [0.001, 0.005, 0.01, 0.02, 0.03, 0.05]
/** Bits cost a hundredth of what sound does. */
const BITS_FOR_SOUND = 40

/** Of pages told to be of a quality so many may be wrong. */
const MOST_WRONG: Readonly<Partial<Record<string, number>>> = { clean: 1e-5, corrected: 1e-3 }

function transmissions(count: number, random: () => number): OutgoingPage[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: TOGETHER }, (_, i) => {
      const page = somePage(i < 3 ? 'alpha' : i < 4 || random() < 0.7 ? 'numeric' : 'tone', random)
      return page.type === 'alpha' ? { ...page, function: 3 as const } : page
    }),
  )
}

/** By sound: one run of each channel, rate and level. */
function bySound(count: number, seed: number, trust: Trust, show: (text: string) => void): void {
  for (const channel of CHANNELS)
    for (const baud of channel.bauds)
      for (const level of [0, 1, 2]) {
        const random = seeded(seed * 1009 + baud * 3 + level)
        const sent = transmissions(count, random)
        const samples = toPcm(channel.apply(airOf(sent, baud, random), level, baud, random))
        weigh(sent.flat(), listen(samples), trust, (page) =>
          show(`${channel.name}, ${baud}, ${channel.levels[level]}, seed ${seed}: ${shown(page)}`),
        )
      }
}

function byBits(count: number, seed: number, trust: Trust, show: (text: string) => void): void {
  for (const [i, share] of SHARES.entries()) {
    const random = seeded(seed * 2003 + i)
    const sent = transmissions(count * BITS_FOR_SOUND, random)
    const air = onTheAir(
      sent.map((pages) => encodeTransmission(pages)),
      random,
    )
    const { bits, bitCount } = flipBits(air, share, random)
    const decoder = new Decoder({ baud: 1200, charset: 'us', soft: false, polarity: 'auto' })
    decoder.push(bits, bitCount)
    decoder.end()
    const last = new Map<number, DecodedPage>()
    for (const event of decoder.take()) if (event.kind === 'page') last.set(event.page.id, event.page)
    weigh(sent.flat(), [...last.values()], trust, (page) =>
      show(`bits, ${share * 100} % wrong, seed ${seed}: ${shown(page)}`),
    )
  }
}

const shown = (page: DecodedPage) => `${page.quality} ${page.ric}/${page.function} ${page.type} ${page.text}`

/** Upper end of the 95 % interval of a share, by Wilson's score. */
function upper(wrong: number, told: number): number {
  const z = 1.645
  const p = wrong / told
  const mid = p + (z * z) / (2 * told)
  const half = z * Math.sqrt((p * (1 - p)) / told + (z * z) / (4 * told * told))
  return (mid + half) / (1 + (z * z) / told)
}

export function sayTrust(what: string, trust: Trust): number {
  let missed = 0
  say(`\n${what}: told to be | pages | of them not as sent | at most, with 95 % confidence`)
  for (const [quality, { told, wrong }] of trust) {
    const most = MOST_WRONG[quality]
    const bad = most !== undefined && wrong > most * told
    if (bad) missed++
    const bound = `${(upper(wrong, told) * 1e5).toFixed(2)} in 100 000`
    say(`${quality} | ${told} | ${wrong} | ${bound}${bad ? ' | NO' : ''}`)
  }
  return missed
}

/** Prints it after every round; gives the number of qualities that promise too much. */
export function trustTable(rounds: number, first: number, only?: string): number {
  const ways = { sound: bySound, bits: byBits }
  const sums = Object.entries(ways).flatMap(([name, run]) =>
    only === undefined || only === name ? [{ name, run, trust: new Map() as Trust }] : [],
  )
  const wrong: string[] = []
  let missed = 0
  for (let round = 0; round < rounds; round++) {
    missed = 0
    for (const { name, run, trust } of sums) {
      run(20, first + round, trust, (text) => wrong.push(text))
      for (const text of wrong.splice(0)) say(text)
      missed += sayTrust(`By ${name}, round ${round + 1}`, trust)
    }
  }
  return missed
}
