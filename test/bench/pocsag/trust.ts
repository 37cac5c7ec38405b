/**
 * Whether a page is as sure as it says: `npm run bench:pocsag -- trust [rounds] [first seed] [sound or bits]`. Every channel
 * of the table at every rate and level, and bits with a share of them wrong; transmissions of one page, of five and of
 * many. Rounds of other seeds add up in one table: 25 of them are 300 000 pages and a quarter of an hour. Each fourth has
 * to find the rate by itself, as costs three times as much.
 */
import { Decoder } from '../../../src/core/pocsag/decoder.ts'
import { flipBits } from '../../../src/core/pocsag/disturb.ts'
import { encodeTransmission, type OutgoingPage } from '../../../src/core/pocsag/encode.ts'
import type { DecodedPage } from '../../../src/core/pocsag/page.ts'
import { seeded } from '../../../src/core/seeded.ts'
import { onTheAir, somePage } from '../../support/pocsag-traffic.ts'
import { airOf, listen, weigh } from './beside.ts'
import { broken, calibration, type Trust } from './calibration.ts'
import { CHANNELS, toPcm } from './channels.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

/** Pages of one transmission, in turn; transmissions by sound at each rate, and by bits; shares of wrong bits. */
const TOGETHER = [1, 5, 25] as const
const BY_SOUND = { 512: 6, 1200: 15, 2400: 30 } as const
const BY_BITS = 48
const FIND_RATE = 4
const SHARES = [0.001, 0.005, 0.01, 0.02, 0.03, 0.05]

/** One channel at a rate and a level. */
interface Cell {
  /** Of the channel, under which its cells are counted. */
  readonly name: string
  readonly told: string
  run(
    random: () => number,
    findRate: boolean,
  ): readonly [sent: readonly OutgoingPage[], got: readonly DecodedPage[]]
}

function transmissions(count: number, random: () => number): OutgoingPage[][] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: TOGETHER[i % TOGETHER.length]! }, (_, j) => {
      const kind = (i + j) % 5
      const page = somePage(kind < 3 ? 'alpha' : kind < 4 || random() < 0.7 ? 'numeric' : 'tone', random)
      return page.type === 'alpha' ? { ...page, function: 3 as const } : page
    }),
  )
}

const BY: Readonly<Record<string, readonly Cell[]>> = {
  sound: CHANNELS.flatMap((channel) =>
    channel.bauds.flatMap((baud) =>
      channel.levels.map(
        (name, level): Cell => ({
          name: channel.name,
          told: `${channel.name}, ${baud}, ${name}`,
          run: (random, findRate) => {
            const sent = transmissions(BY_SOUND[baud], random)
            const { clean, spans } = airOf(sent, baud, random)
            const samples = toPcm(channel.apply(clean, level, baud, random, spans))
            return [sent.flat(), listen(samples, { baud: findRate ? 'auto' : baud })]
          },
        }),
      ),
    ),
  ),
  bits: SHARES.map((share): Cell => {
    const name = `bits, ${(share * 100).toFixed(1)} % wrong`
    return { name, told: name, run: (random) => byBits(share, random) }
  }),
}

function byBits(share: number, random: () => number) {
  const sent = transmissions(BY_BITS, random)
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
  return [sent.flat(), [...last.values()]] as const
}

const shown = (page: DecodedPage) => `${page.quality} ${page.ric}/${page.function} ${page.type} ${page.text}`

/** Prints the table so far after every round; gives the number of qualities that promise too much. */
export function trustTable(rounds: number, first: number, only?: string): number {
  const cells = Object.entries(BY).flatMap(([way, of]) => (only === undefined || only === way ? of : []))
  const channels = new Map<string, Trust>()
  for (let round = 0; round < rounds; round++) {
    for (const [i, { name, told, run }] of cells.entries()) {
      const trust: Trust = channels.get(name) ?? new Map()
      channels.set(name, trust)
      const [sent, got] = run(seeded((first + round) * 1024 + i), round % FIND_RATE === 0)
      weigh(sent, got, trust, (page) => say(`${told}, seed ${first + round}: ${shown(page)}`))
    }
    say(`\nRound ${round + 1}, seeds ${first} to ${first + round}`)
    for (const line of calibration(channels)) say(line)
  }
  return broken(channels).length
}
