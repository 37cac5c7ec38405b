/** The table of all channels: `npm run bench:pocsag -- channels [part of a name]`. */
import { multimonMissing } from '../../support/multimon.ts'
import { compare, type Tally, type Trust } from './beside.ts'
import { CHANNELS } from './channels.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const row = (t: Tally | undefined) =>
  t === undefined ? '- ' : `${t.whole} / ${t.damaged} / ${t.lost} / ${t.wrong} / ${t.ghosts}`

/** Prints it; gives the number of cells in which multimon-ng was not beaten or equalled. */
export function channelTable(only = '', seed = 1): number {
  const missing = multimonMissing()
  let behind = 0
  const trust: Trust = new Map()
  say('\nChannel by channel, 120 transmissions each: whole / damaged / lost / wrong / ghosts')
  if (missing) say(`(no column for multimon-ng: ${missing})`)
  say('| channel | bit/s | level | ours | ours, with addresses | multimon-ng | met |')
  say('|---|---|---|---|---|---|---|')
  for (const channel of CHANNELS) {
    if (!channel.name.includes(only)) continue
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
  say('\nTold to be / pages / of them not as sent / at most, with 95 % confidence')
  for (const [quality, { told, wrong }] of trust)
    say(`${quality} | ${told} | ${wrong} | ${upper(wrong, told)}`)
  return behind
}

/** Upper end of the 95 % interval of a share, by Wilson's score. */
function upper(wrong: number, told: number): string {
  const z = 1.645
  const p = wrong / told
  const mid = p + (z * z) / (2 * told)
  const half = z * Math.sqrt((p * (1 - p)) / told + (z * z) / (4 * told * told))
  return `${(((mid + half) / (1 + (z * z) / told)) * 1000).toFixed(2)} in 1000`
}
