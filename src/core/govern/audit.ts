import { z } from 'zod'
import type { Instant } from '../instant.ts'

/** One act on the record: who did what to whom, and whether they were let. Ids and codes only, never a page's words. */
export interface AuditEntry {
  readonly at: Instant
  /** An operator, `device:<id>`, or the program itself (`bleepd:<node>`). */
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly outcome: 'done' | 'refused'
  readonly detail?: Readonly<Record<string, string | number>>
}

/**
 * An entry in its place. `entry` is the digest of what it says, salted, so that nobody can guess back what was erased;
 * `digest` binds that digest to everything before it. Once its content is erased an entry has no salt, and only the two
 * digests and its time are left: the chain needs no more.
 */
export interface AuditRow extends AuditEntry {
  readonly seq: number
  readonly salt?: string
  /** Its content is sealed under a key that is not at hand: only its place in the chain can be shown. */
  readonly unread?: true
  readonly entry: string
  readonly digest: string
}

/** SHA-256 of a text, in hexadecimal: handed in, because the core knows no cryptography. */
export type Digest = (text: string) => string

/** The same under a secret key: nobody without it can make one, or tell what it was made of. */
export type Mac = (text: string) => string

/**
 * For entries whose keep time is over, one number says up to where their content is gone. Entries erased on request
 * are listed one by one.
 */
export const AGED = 'audit.aged'
export const ERASED = 'audit.erased'

/** An entry that binds all before it to the key: a chain that was made anew has no seal that fits. */
export const SEALED = 'audit.sealed'

/** What a seal says of the place before it. */
export function sealAt({ seq, digest }: Anchor, mac: Mac): string {
  return mac(`audit\n${seq}\n${digest}`)
}

/** Up to which entry the content is gone with its keep time, and up to which an entry says so. */
export const agedSchema = z.object({ until: z.number(), told: z.number() })
export type Aged = z.infer<typeof agedSchema>

/** JSON with the keys of every object in order: the same content is the same text, whoever wrote it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`)
  return `{${fields.join(',')}}`
}

/** Digest of one entry, over its canonical JSON with its own salt: whoever has no salt cannot guess short entries. */
export function entryDigest(entry: AuditEntry, salt: string, digest: Digest): string {
  const { at, actor, action, subject, outcome, detail } = entry
  return digest(canonical({ at, actor, action, subject, outcome, detail, salt }))
}

/** Digest of a link: the one before it, its number in the chain, and its entry. */
export function linkDigest(before: string, seq: number, entry: string, digest: Digest): string {
  return digest(`${before}\n${seq}\n${entry}`)
}

/** A place in the chain that somebody wrote down elsewhere: a back-up's note, a log, a letter. */
export interface Anchor {
  readonly seq: number
  readonly digest: string
}

/** What a chain is held against: places written down elsewhere, and the key that its seals were made with. */
export interface Held {
  /** Digest by number of entry. */
  readonly anchors?: ReadonlyMap<number, string>
  readonly mac?: Mac
  /** Seals up to this entry are not looked at: a person answered for what stood there. */
  readonly from?: number
}

/**
 * `forged`: a seal in it was made by somebody without the key, or for another chain. `missing`: a number was left out. `changed`: an entry no longer says what it said. `unlinked`: an entry was put in or
 * taken out. `other-chain`: it does not lead through the anchor. `cut-off`: it ends before the anchor.
 */
export type Break = 'forged' | 'missing' | 'changed' | 'unlinked' | 'other-chain' | 'cut-off'

type Span = readonly [first: number, last: number]

export interface ChainState {
  readonly seq: number
  readonly head: string
  /** How many entries' content is gone, and which of them no later entry accounts for, as spans of numbers. */
  readonly erased: number
  readonly unaccounted: readonly Span[]
  /** How many entries' content was sealed under a key that was not at hand. */
  readonly unread?: number
  readonly broken?: { readonly seq: number; readonly why: Break }
}

export const CHAIN_START: ChainState = { seq: 0, head: '', erased: 0, unaccounted: [] }

/** One more row of the chain, in order. The first break found stands; what follows it proves nothing. */
export function followChain(state: ChainState, row: AuditRow, digest: Digest, held: Held = {}): ChainState {
  if (state.broken !== undefined) return state
  const broken = (why: Break): ChainState => ({ ...state, broken: { seq: row.seq, why } })
  if (row.seq !== state.seq + 1) return broken('missing')
  if (row.salt !== undefined && entryDigest(row, row.salt, digest) !== row.entry) return broken('changed')
  if (linkDigest(state.head, row.seq, row.entry, digest) !== row.digest) return broken('unlinked')
  if ((held.anchors?.get(row.seq) ?? row.digest) !== row.digest) return broken('other-chain')
  if (!isSealed(state, row, held)) return broken('forged')
  const here = { ...state, seq: row.seq, head: row.digest }
  if (row.unread) return { ...here, unread: (state.unread ?? 0) + 1 }
  if (row.salt === undefined)
    return { ...here, erased: state.erased + 1, unaccounted: joined(state.unaccounted, row.seq) }
  return { ...here, unaccounted: accountedFor(row).reduce(without, state.unaccounted) }
}

/** Whether a seal, if it is one, was made with the key for the very place before it. */
function isSealed({ seq, head }: ChainState, row: AuditRow, { mac, from = 0 }: Held): boolean {
  if (mac === undefined || row.action !== SEALED || row.salt === undefined || row.seq <= from) return true
  return row.detail?.seal === sealAt({ seq, digest: head }, mac)
}

/** The whole chain has been followed: it must have come as far as every anchor. */
export function endChain(state: ChainState, { anchors }: Held = {}): ChainState {
  const last = [...(anchors?.keys() ?? [])].reduce((a, b) => Math.max(a, b), 0)
  if (state.broken !== undefined || state.seq >= last) return state
  return { ...state, broken: { seq: state.seq, why: 'cut-off' } }
}

/** What an entry says was erased rightly. */
function accountedFor({ action, detail }: AuditEntry): readonly Span[] {
  if (action === AGED) return [[1, Number(detail?.until ?? 0)]]
  if (action !== ERASED) return []
  return String(detail?.entries ?? '')
    .split(' ')
    .map((seq) => [Number(seq), Number(seq)])
}

function joined(spans: readonly Span[], seq: number): readonly Span[] {
  const last = spans.at(-1)
  return last?.[1] === seq - 1 ? [...spans.slice(0, -1), [last[0], seq]] : [...spans, [seq, seq]]
}

function without(spans: readonly Span[], [first, last]: Span): readonly Span[] {
  return spans.flatMap(([a, b]): readonly Span[] => {
    if (b < first || a > last) return [[a, b]]
    const rest: Span[] = []
    if (a < first) rest.push([a, first - 1])
    if (b > last) rest.push([last + 1, b])
    return rest
  })
}
