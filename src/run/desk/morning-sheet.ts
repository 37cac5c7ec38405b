import { say } from '../../core/catalogue/say.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import { clockAt, dayAt, printDay } from '../../core/directory/civil.ts'
import { MINUTE, type Millis } from '../../core/instant.ts'
import type { Desk } from '../../ports/desk.ts'
import type { StoreTools } from '../../ports/tools.ts'
import type { Post } from '../keep/post.ts'
import { type Loop, startLoop } from '../loop.ts'
import { OURSELVES } from './shift-log.ts'

const EVERY: Millis = MINUTE
/** By the site's clock: the night is over, and whoever comes on has it. */
const AT = '07:00'
/** Later in the day it is no morning's sheet: the one of tomorrow has it. */
const UNTIL = '10:00'
const NOTE = 'morning-sheet'

interface MorningParts extends StoreTools {
  readonly desk: Pick<Desk, 'shiftLog'>
  readonly post: Pick<Post, 'write'>
  readonly to: readonly string[]
  readonly directory: () => SiteDirectory
}

/** Sends the sheet of the last day each morning, once for all nodes, without the words of any call. */
export function startMorningSheet(parts: MorningParts): Loop {
  const { store, clock, desk, post, to, directory } = parts
  const run = async (): Promise<void> => {
    const { zone, site } = directory()
    const now = clock.now()
    const day = printDay(dayAt(now, zone))
    const time = clockAt(now, zone)
    if (time < AT || time >= UNTIL) return
    if ((await store.transact((tx) => tx.notes.get(NOTE))) === day) return
    const made = await desk.shiftLog(OURSELVES, true)
    if (!made.ok) return
    await store.transact(async (tx) => {
      await tx.alone(NOTE)
      if ((await tx.notes.get(NOTE)) === day) return
      await post.write(tx, {
        ...{
          by: 'mail',
          to,
          subject: say('post.shiftLog', { site: site.name }),
          text: say('post.shiftLogText'),
        },
        pages: { [`calls-${day}.html`]: made.value },
      })
      await tx.notes.set(NOTE, day, now)
    })
  }
  return startLoop('morning-sheet', [], EVERY, run, { ...parts, wake: store.wake })
}
