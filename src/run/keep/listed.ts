import { type Listed, leaving } from '../../core/directory/listed.ts'
import type { PersonId } from '../../core/ids.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Store } from '../../ports/store.ts'
import { everyOpen } from '../every-open.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import type { Roster } from '../roster.ts'

export interface ListedParts extends LoopTools {
  readonly store: Store
  readonly roster: Roster
  /** Leavers of a day beyond this share of all are held for a person's word. */
  readonly share: number
}

const EVERY: Millis = 5 * SECOND
/** A provisioning that goes on is taken over in passing, not with each of its rows. */
const OFTEN: Millis = 20 * SECOND
/** Read or written in one transaction: some milliseconds. */
const PAGE = 250
/** When somebody last said that the leavers up to then are meant. */
export const WORD = 'listed-word'

/**
 * Takes what the trust's directory has told into who is who, within half a minute and in small steps. Leavers go at once,
 * but for those who are on an open call; too many of them wait for a person's word.
 */
export function startListed(parts: ListedParts): Loop & { troubles(): readonly Finding[] } {
  const { store, clock, roster } = parts
  let mark = ''
  let taken = Number.NEGATIVE_INFINITY
  let settling = ''
  let held = 0
  let waits = false

  const readAll = async (): Promise<readonly Listed[]> => {
    const all: Listed[] = []
    for (let after = ''; ; ) {
      const from = after
      const some = await store.transact((tx) => tx.listed.people(from, PAGE))
      all.push(...some)
      after = some.at(-1)?.key ?? after
      if (some.length < PAGE) return all
    }
  }

  async function look(): Promise<void> {
    const now = clock.now()
    const { seen, word } = await store.transact(async (tx) => ({
      seen: await tx.listed.mark(),
      word: (await tx.notes.get(WORD)) as { readonly at: number } | undefined,
    }))
    if (seen === mark && !waits) return
    // Still coming in: not with each of its rows.
    const quiet = seen === settling
    settling = seen
    if (!quiet && now - taken < OFTEN && taken <= now) return
    const all = await readAll()
    const engaged = new Set<PersonId>()
    if (all.some((one) => one.leaves !== undefined && one.left === undefined))
      for await (const { responders } of everyOpen(store))
        for (const { person, released } of Object.values(responders)) if (!released) engaged.add(person)
    const rules = { share: parts.share, engaged, ...(word === undefined ? {} : { word: word.at }) }
    const verdict = leaving(all, now, rules)
    held = verdict.held.length
    waits = verdict.held.length + verdict.engaged.length > 0
    if (verdict.go.length > 0) {
      const keys = verdict.go.map(({ key }) => key)
      for (let i = 0; i < keys.length; i += PAGE)
        await store.transact((tx) => tx.listed.leave(keys.slice(i, i + PAGE), now))
    }
    const gone = new Set(verdict.go)
    await roster.list(all.map((one) => (gone.has(one) ? { ...one, left: now } : one)))
    mark = verdict.go.length > 0 ? await store.transact((tx) => tx.listed.mark()) : seen
    settling = mark
    taken = now
  }

  return {
    ...startLoop('listed', [], EVERY, look, parts),
    troubles: () =>
      held === 0 ? [] : [{ code: 'listed-leavers-held', subject: 'directory', detail: `${held}` }],
  }
}
