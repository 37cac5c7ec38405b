import { say } from '../../core/catalogue/say.ts'
import { FAULTS, type Severity } from '../../core/faults.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import { readTold } from '../../core/measure/watch/letter.ts'
import {
  graveEnough,
  type News,
  newsOf,
  newsText,
  type Told,
  toldWith,
} from '../../core/measure/watch/news.ts'
import type { StoreTools } from '../../ports/tools.ts'
import type { Post } from '../keep/post.ts'
import { type Loop, startLoop } from '../loop.ts'
import type { Health } from './health.ts'

/** Who is told what stands, and how. */
export interface Reader {
  /** Its carrier: `mail`, or the name of a hook. */
  readonly by: string
  readonly to: readonly string[]
  readonly least: Severity
  /** A letter at most so often; a hook is told each change in a line. */
  readonly every: Millis
  /** What has stood for less is not told yet: most of what comes goes by itself. */
  readonly after: Millis
  readonly each: boolean
}

export interface FaultNewsParts extends StoreTools {
  readonly health: Pick<Health, 'standing'>
  readonly post: Pick<Post, 'write'>
  readonly readers: readonly Reader[]
  readonly site: string
  readonly node: string
}

/** Between two looks; sooner where somebody is to be told sooner. */
const EVERY: Millis = 15 * SECOND
/** Lines of one look; what is more is one line. */
const LINES = 10

const keyOf = (node: string, by: string): string => `fault-news/${node}/${by}`

/** Tells estates what stands and what is over: what they know, and when they were told, outlives a restart. */
export function startFaultNews(parts: FaultNewsParts): Loop {
  const { store, clock, health, post, readers, node } = parts
  const every = Math.max(SECOND, Math.min(EVERY, ...readers.map(({ after }) => after)))
  const run = async (): Promise<void> => {
    const standing = health.standing()
    let written = 0
    for (const reader of readers)
      await store.transact(async (tx) => {
        const key = keyOf(node, reader.by)
        const note = readTold(await tx.notes.get(key))
        const now = clock.now()
        // Either way: a clock that was set back would have estates told nothing for as long.
        if (Math.abs(now - note.at) < reader.every) return
        const told: Told = note.told
        const news = newsOf(told, graveEnough(standing, reader.least), now - reader.after)
        if (news.begun.length + news.over.length === 0) return
        const letters = reader.each ? linesOf(news, parts) : [letterOf(news, parts)]
        written += letters.length
        for (const { subject, text } of letters)
          await post.write(tx, { by: reader.by, to: reader.to, subject, text })
        await tx.notes.set(key, { told: toldWith(news), at: now }, now)
      })
    if (written > 0) store.wake.ring('letters')
  }
  return startLoop('fault-news', [], every, run, { ...parts, wake: store.wake })
}

type Lines = Pick<FaultNewsParts, 'site' | 'node'>

function letterOf(news: News, { site, node }: Lines) {
  const subject = say('post.digest', { site, begun: news.begun.length, over: news.over.length })
  return { subject, text: newsText(news, node) }
}

function linesOf({ begun, over }: News, at: Lines): readonly { subject: string; text: string }[] {
  const { site, node } = at
  const lines = [
    ...begun.map(({ code, subject }) =>
      say('post.faultBegins', {
        site,
        node,
        subject,
        sentence: FAULTS[code].sentence,
        remedy: FAULTS[code].remedy,
      }),
    ),
    ...over.map(({ code, subject }) =>
      say('post.faultOver', { site, node, subject, sentence: FAULTS[code].sentence }),
    ),
  ]
  const shown = lines.slice(0, LINES)
  const rest = lines.length - shown.length
  if (rest > 0) shown.push(say('post.more', { site, node, n: rest }))
  return shown.map((text) => ({ subject: site, text }))
}
