import type { HospitalNumbers } from '../../core/directory/hospital-numbers.ts'
import { type About, foundIn, type Place, type Whole } from '../../core/govern/subject.ts'
import { mayBe, type Sought, soughtOf } from '../../core/govern/terms.ts'
import type { BleepId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { PageMark } from '../../ports/page-mark.ts'
import type { AnyOf } from '../../ports/search.ts'
import type { Tx } from '../../ports/store.ts'
import type { Stored } from '../../ports/tools.ts'
import { everyOpen } from '../every-open.ts'
import { indexedUntil, receivedAt } from './search-index.ts'
import { wholeOf, wholesOf } from './whole.ts'

/** Bleeps in one transaction: some milliseconds, because the daemon pages people between them. */
const PAGE = 50
/** Known words looked through in one transaction. */
const WORDS = 1000
/** A part that is in more words than this tells little: the others of the search must. */
const TOO_COMMON = 1000

/** Bleeps that were written on a moment ago. */
const AT_MOST = 100_000

/** Where in which bleep something was found. */
export interface Found {
  readonly bleep: BleepId
  readonly received: Instant
  readonly where: readonly Place[]
}

/**
 * Every bleep of a span that holds what is sought, oldest first: by the index as far as it reaches, and by looking at each
 * of the few behind it. Others have their turn between pages. Undefined: more than `most`, or what is sought stands in so
 * many words that it tells nobody.
 * @param own finds the hospital's own numbers
 */
export async function searchAll(
  parts: Stored,
  about: About,
  most: number,
  own?: HospitalNumbers,
): Promise<readonly Found[] | undefined> {
  const found = new Map<BleepId, Found>()
  const look = (wholes: readonly Whole[]): boolean => {
    for (const whole of wholes) {
      const { id, received } = whole.bleep
      const where = received >= about.from && received < about.to ? foundIn(whole, about, own) : []
      if (where.length > 0) found.set(id, { bleep: id, received, where })
    }
    return found.size <= most
  }
  const sought = soughtOf(about, own)
  const groups = sought && (await groupsOf(parts, sought))
  if (groups === 'too-common') return undefined
  const pages = groups === undefined ? byNumber(parts, about) : byIndex(parts, about, groups)
  for await (const wholes of pages) if (!look(wholes)) return undefined
  return [...found.values()].toSorted((a, b) => a.received - b.received)
}

async function* byNumber(parts: Stored, { number = '', from, to }: About): AsyncGenerator<readonly Whole[]> {
  yield* paged(parts, from, (tx, mark) => tx.bleeps.ofNumber(number, mark, to, PAGE))
}

async function* byIndex(
  parts: Stored,
  { from, to }: About,
  groups: readonly AnyOf[],
): AsyncGenerator<readonly Whole[]> {
  const { store } = parts
  const until = await store.transact(indexedUntil)
  // First what may be put into the index while we look there.
  const moving = [...(await store.transact((tx) => tx.search.again(AT_MOST)))]
  for await (const { bleep } of everyOpen(store)) moving.push(bleep)
  for (let i = 0; i < moving.length; i += PAGE) {
    yield await store.transact(async (tx) => {
      const wholes = await Promise.all(moving.slice(i, i + PAGE).map((id) => wholeOf(tx, id)))
      return wholes.filter((whole) => whole !== undefined)
    })
    await turn(parts)
  }
  for (let after = from - 1; groups.length > 0; ) {
    const mark = after
    const ats = await store.transact((tx) => tx.search.find(groups, mark, to, PAGE))
    for (const at of ats) yield await store.transact(async (tx) => wholesOf(tx, await receivedAt(tx, at)))
    const last = ats.at(-1)
    if (last === undefined) break
    after = last
    await turn(parts)
  }
  yield* paged(parts, Math.max(from, until), (tx, mark) => tx.bleeps.page(mark, to, PAGE))
}

/** For each thing sought the known words it may stand in; the commonest are left out where another tells more. */
async function groupsOf(parts: Stored, sought: readonly Sought[]): Promise<readonly AnyOf[] | 'too-common'> {
  const exact: AnyOf[] = sought.flatMap((one) => ('anyOf' in one ? [one.anyOf] : []))
  const some = sought.flatMap((one) =>
    'part' in one ? [{ part: one.part, words: new Set([one.part]) }] : [],
  )
  for (let after = -1; some.length > 0; ) {
    const mark = after
    const page = await parts.store.transact((tx) => tx.search.words(mark, WORDS))
    for (const { word } of page)
      for (const { part, words } of some) if (words.size <= TOO_COMMON && mayBe(word, part)) words.add(word)
    const last = page.at(-1)
    if (last === undefined) break
    after = last.place
    await turn(parts)
  }
  const rare = some.filter(({ words }) => words.size <= TOO_COMMON).map(({ words }) => [...words])
  return sought.length > 0 && exact.length + rare.length === 0 ? 'too-common' : [...exact, ...rare]
}

async function* paged(
  parts: Stored,
  from: Instant,
  read: (tx: Tx, mark: PageMark) => Promise<readonly Whole['bleep'][]>,
): AsyncGenerator<readonly Whole[]> {
  for (let mark: PageMark = { at: from, id: '' }; ; ) {
    const at = mark
    const wholes = await parts.store.transact(async (tx) => wholesOf(tx, await read(tx, at)))
    const last = wholes.at(-1)?.bleep
    if (last === undefined) return
    yield wholes
    mark = { at: last.received, id: last.id }
    await turn(parts)
  }
}

const turn = ({ clock }: Stored): Promise<void> => new Promise((next) => void clock.after(0, next))
