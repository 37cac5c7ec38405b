import { uuid7 } from '../../core/ids.ts'
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import { readLetter, type Waiting } from '../../core/measure/watch/letter.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Carrier, Letter } from '../../ports/post.ts'
import type { Tx } from '../../ports/store.ts'
import type { MakerTools } from '../../ports/tools.ts'
import { apart } from '../defect.ts'
import { leaderOf } from '../leader.ts'
import { type Loop, startLoop } from '../loop.ts'

const START = 'letter/'
const EVERY: Millis = 10 * SECOND
/** One hand-over; a server that takes longer is asked again later. */
const WITHIN: Millis = 20 * SECOND
const FIRST: Millis = MINUTE
const LONGEST: Millis = HOUR
/** News that is older than this misleads. */
const LASTS: Millis = 24 * HOUR
/** Letters that wait for one carrier: beyond, the oldest are let go, so that an ill server costs no disk. */
const MOST = 200

export interface Post extends Loop {
  /** Puts a letter down, in the caller's transaction: it goes out once that is durable. */
  write(tx: Tx, letter: Omit<Letter, 'id' | 'written'>): Promise<void>
  /** Carriers that take nothing now. */
  troubles(): readonly Finding[]
}

/**
 * Letters lie in the database until their carrier has taken them, and one node sends for all. What fails is tried again
 * later and later, for a day; what is refused for good is told and let go. Alerts do not come this way.
 */
export function startPost(parts: MakerTools & { readonly carriers: ReadonlyMap<string, Carrier> }): Post {
  const { store, clock, random, metrics, log, carriers } = parts
  const leader = leaderOf(store, 'post')
  const ill = new Map<string, Finding>()

  const save = (tx: Tx, letter: Waiting) => tx.notes.set(START + letter.id, letter, clock.now())

  async function carry(letter: Waiting): Promise<void> {
    const carrier = carriers.get(letter.by)
    const now = clock.now()
    const late = now - letter.written > LASTS
    if (carrier === undefined || late) return end(letter, late ? 'expired' : 'refused')
    const deadline = new AbortController()
    const timer = clock.after(WITHIN, () => deadline.abort())
    const said = await carrier.carry(letter, deadline.signal)
    timer.cancel()
    if (said.kind === 'taken') {
      ill.delete(letter.by)
      return end(letter, 'taken')
    }
    ill.set(letter.by, { code: said.fault, subject: letter.by })
    log.warn('letter-not-sent', { by: letter.by, fault: said.fault, try: letter.try })
    if (said.kind === 'refused') return end(letter, 'refused')
    const pause = Math.max(said.after ?? 0, Math.min(LONGEST, FIRST * 2 ** Math.min(letter.try, 10)))
    metrics.count('bleepbridge_letters_total', { result: 'later' })
    await store.transact((tx) => save(tx, { ...letter, try: letter.try + 1, due: clock.now() + pause }))
  }

  async function end(letter: Waiting, result: 'taken' | 'refused' | 'expired'): Promise<void> {
    metrics.count('bleepbridge_letters_total', { result })
    await store.transact((tx) => tx.notes.forget(START + letter.id))
  }

  async function run(): Promise<void> {
    if (!(await leader.leads())) return
    const now: Instant = clock.now()
    const all = (await store.transact((tx) => tx.notes.list(START))).map(({ key, value }) =>
      readLetter(value, key.slice(START.length)),
    )
    for (const by of new Set(all.map((one) => one.by))) {
      const own = all.filter((one) => one.by === by).sort((a, b) => a.written - b.written)
      for (const old of own.slice(0, Math.max(0, own.length - MOST))) await end(old, 'expired')
      const due = own.slice(-MOST).filter((one) => one.due <= now)
      for (const letter of due) {
        await apart(
          parts,
          'task-failed',
          `post/${by}`,
          () => carry(letter),
          () => undefined,
        )
        // A carrier that is ill is not asked for each of its letters.
        if (ill.has(by)) break
      }
    }
  }

  const loop = startLoop('post', ['letters'], EVERY, run, { ...parts, wake: store.wake })
  return {
    async write(tx, letter) {
      const written = clock.now()
      await save(tx, {
        ...asStored(letter),
        id: uuid7(written, random.bytes(10)),
        written,
        due: written,
        try: 0,
      })
    },
    troubles: () => [...ill.values()],
    async stop() {
      await loop.stop()
      await leader.leave()
      for (const carrier of carriers.values()) carrier.close()
    },
  }
}

const asStored = ({ by, to, subject, text, pages }: Omit<Letter, 'id' | 'written'>) => ({
  ...{ by, to: [...to], subject, text },
  ...(pages === undefined ? {} : { pages: { ...pages } }),
})
