/** The table of all channels: `npm run bench:pocsag -- [part of a name]`. */
import { multimonMissing } from '../../support/multimon.ts'
import { compare, type Tally } from './beside.ts'
import { calibration, type Trust } from './calibration.ts'
import { CHANNELS } from './channels.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const row = (t: Tally | undefined) =>
  t === undefined ? '- ' : `${t.whole} / ${t.damaged} / ${t.lost} / ${t.wrong} / ${t.ghosts}`

/** Prints it; gives the number of cells in which multimon-ng was not beaten or equalled. */
export function channelTable(only = '', seed = 1): number {
  const missing = multimonMissing()
  let behind = 0
  const channels = new Map<string, Trust>()
  say('\nChannel by channel, 120 transmissions each: whole / damaged / lost / wrong / ghosts')
  if (missing) say(`(no column for multimon-ng: ${missing})`)
  say('| channel | bit/s | level | ours | ours, with addresses | multimon-ng | met |')
  say('|---|---|---|---|---|---|---|')
  for (const channel of CHANNELS) {
    if (!channel.name.includes(only)) continue
    const trust: Trust = new Map()
    channels.set(channel.name, trust)
    for (const baud of channel.bauds)
      for (const [level, name] of channel.levels.entries()) {
        const { ours, known, theirs } = compare(channel, level, baud, seed + baud, !missing, trust)
        const ahead =
          theirs === undefined ||
          [ours, known].every(
            (t) => t.whole >= theirs.whole && t.wrong <= theirs.wrong && t.ghosts <= theirs.ghosts,
          )
        if (!ahead) behind++
        say(
          `| ${channel.name} | ${baud} | ${name} | ${row(ours)} | ${row(known)} | ${row(theirs)} | ${ahead ? 'yes' : 'NO'} |`,
        )
      }
  }
  say('')
  for (const line of calibration(channels)) say(line)
  return behind
}
