import { DatabaseSync } from 'node:sqlite'
import type { Tried } from './database.ts'
import type { Journal } from './phone.ts'
import type { Answer } from './senders.ts'
import type { Size, World } from './world.ts'

/** One page, as its sender knows of it. */
export interface SentPage {
  readonly text: string
  /** When it was sent, on the run's own clock. */
  readonly at: number
  /** The node that it was sent to; absent: the air. */
  readonly to: string | undefined
  readonly answer: Answer
}

/** What became of one cut. */
export interface CutResult {
  readonly size: Size
  readonly seed: number
  readonly kind: string
  readonly sent: number
  readonly acknowledged: number
  /** Acknowledged, never on the phone, and in no database. */
  readonly lost: readonly string[]
  /** Acknowledged and kept, but never on the phone. */
  readonly silent: readonly string[]
  /** The most often that one attempt was pushed to the device again, but for tries that its provider left unanswered. */
  readonly duplicates: number
  /** Pages that rang on the screen as two calls, of this cut or of one before. */
  readonly twice: readonly string[]
  /** Two nodes: the longest that the one which was not struck had nothing to show for a page, milliseconds. */
  readonly beside: number | undefined
  /** The most that this run itself, which is the phone and its provider, came late to anything, milliseconds. */
  readonly late: number
  /** From the end of the fault until every node said it was fit, milliseconds; absent: not in time. */
  readonly ready: number | undefined
  /** From the end of the fault until all that was acknowledged was on the phone, or was waited for no longer, milliseconds. */
  readonly shown: number
  /** Seconds of a core that its daemons took meanwhile. */
  readonly cpu: number
}

export const missingOf = (pages: readonly SentPage[], { phone }: World): readonly string[] =>
  pages.filter(({ answer, text }) => answer === 'stored' && !phone.shown.has(text)).map(({ text }) => text)

/** Holds what was sent and answered against what the phone showed. */
export async function judge(
  cut: Pick<CutResult, 'size' | 'seed' | 'kind' | 'late' | 'ready' | 'shown' | 'cpu'>,
  heard: {
    readonly pages: readonly SentPage[]
    readonly world: World
    /** How often each attempt had been pushed when the cut began. */
    readonly before: ReadonlyMap<string, number>
    /** The name of the node that was struck; absent: both were. */
    readonly struck: string | undefined
  },
): Promise<CutResult> {
  const { pages, world, before, struck } = heard
  const { phone } = world
  const missing = missingOf(pages, world)
  const kept = new Set(missing.length > 0 ? await keptOf(missing, world) : [])
  const again = [...phone.pushed].filter(([id, times]) => times > Math.max(1, before.get(id) ?? 0))
  const tried = await triedOf(
    again.map(([id]) => id),
    world,
  )
  return {
    ...cut,
    sent: pages.length,
    acknowledged: pages.filter(({ answer }) => answer === 'stored').length,
    lost: missing.filter((text) => !kept.has(text)),
    silent: [...kept],
    duplicates: Math.max(0, ...again.map(([id, times]) => times - 1 - (tried.get(id) ?? 0))),
    twice: phone.newlyTwice(),
    beside:
      struck === undefined
        ? undefined
        : besideOf(
            pages.filter(({ to }) => to !== undefined && to !== struck),
            phone,
          ),
  }
}

/** From when a page was sent until it, or one behind it, was pushed to the phone: the longest of that. */
function besideOf(pages: readonly SentPage[], { rang }: Journal): number | undefined {
  let next = Number.POSITIVE_INFINITY
  let longest: number | undefined
  for (const { at, text } of pages.toSorted((a, b) => b.at - a.at)) {
    next = Math.min(next, rang.get(text) ?? next)
    if (Number.isFinite(next)) longest = Math.max(longest ?? 0, next - at)
  }
  return longest
}

/** Which of these texts are in a database, or in a file that stands in for it and is yet to be brought back. */
async function keptOf(texts: readonly string[], { file, own, servers }: World): Promise<readonly string[]> {
  if (file !== undefined) return texts.filter((text) => isKept(file, text))
  const shared = servers === undefined ? [] : await servers.holds(texts)
  return texts.filter((text) => shared.includes(text) || own.some((one) => isKept(one, text)))
}

/** How often each of these attempts was tried again, because its provider had not answered: that is us, on a busy machine. */
async function triedOf(
  ids: readonly string[],
  { file, own, servers }: World,
): Promise<ReadonlyMap<string, number>> {
  const tried = new Map<string, number>()
  if (ids.length === 0) return tried
  const files = [...(file === undefined ? [] : [file]), ...own]
  const rows = [...files.flatMap((one) => triedIn(one, ids)), ...((await servers?.tried(ids)) ?? [])]
  for (const { id, times } of rows) tried.set(id, Math.max(times, tried.get(id) ?? 0))
  return tried
}

function triedIn(file: string, ids: readonly string[]): readonly Tried[] {
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    const rows = db
      .prepare(`select id, try as times from attempts where id in (${ids.map(() => '?')})`)
      .all(...ids)
    db.close()
    return rows.map(({ id, times }) => ({ id: String(id), times: Number(times) }))
  } catch {
    return []
  }
}

function isKept(file: string, text: string): boolean {
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    const row = db.prepare('select count(*) as n from bleeps where instr(doc, ?) > 0').get(text)
    db.close()
    return Number(row?.n) > 0
  } catch {
    return false
  }
}

/** A phone and a provider that come so late are silent themselves, and what they have not answered is pushed again. */
const STARVED = 1500
const isStarved = ({ late }: CutResult): boolean => late > STARVED

/**
 * Whether a cut kept every bound: nothing lost, no screen twice; and nothing silent, at most one duplicate a device and every
 * node fit again, unless we ourselves were starved on a busy machine.
 */
export const holds = (cut: CutResult): boolean =>
  cut.lost.length === 0 &&
  cut.twice.length === 0 &&
  (isStarved(cut) || (cut.silent.length === 0 && cut.duplicates <= 1 && cut.ready !== undefined))

/** The table of a run, a row for each kind on each size; cuts in which we were starved are judged for what is lost and twice alone. */
export function tableOf(cuts: readonly CutResult[]): string {
  const rows = [...Map.groupBy(cuts, (cut) => `${cut.size}: ${cut.kind}`)].map(([kind, all]) => {
    const sum = (of: (cut: CutResult) => number, cuts = all) => cuts.reduce((n, cut) => n + of(cut), 0)
    const judged = all.filter((cut) => !isStarved(cut))
    const most = (of: (cut: CutResult) => number) => Math.max(0, ...judged.map(of))
    const ready = judged.flatMap((cut) => cut.ready ?? []).sort((a, b) => a - b)
    const beside = judged.flatMap((cut) => cut.beside ?? []).sort((a, b) => a - b)
    return [
      kind,
      all.length,
      all.length - judged.length,
      sum((cut) => cut.sent),
      sum((cut) => cut.acknowledged),
      sum((cut) => cut.lost.length),
      sum((cut) => cut.silent.length, judged),
      most((cut) => cut.duplicates),
      sum((cut) => cut.twice.length),
      ready.length < judged.length
        ? `${judged.length - ready.length} not`
        : ((ready.at(-1) ?? 0) / 1000).toFixed(1),
      (most((cut) => cut.shown) / 1000).toFixed(1),
      (sum((cut) => cut.cpu) / all.length).toFixed(1),
      ...[beside[Math.floor(beside.length / 2)], beside.at(-1)].map((ms) =>
        ms === undefined ? '' : (ms / 1000).toFixed(1),
      ),
    ].map(String)
  })
  const head = [
    'kind',
    'cuts',
    'starved',
    'sent',
    'acknowledged',
    'lost',
    'silent',
    'duplicates',
    'twice',
    'ready, s',
    'shown, s',
    'cpu, s',
    'beside, s',
    'at most',
  ]
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n')
}
