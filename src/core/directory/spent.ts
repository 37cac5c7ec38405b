import type { Instant } from '../instant.ts'
import type { StoredEdit } from './build.ts'
import { type Edit, editSchema } from './edits.ts'

/**
 * Edits that have no part in any duty from `before` on: spans that ended, hand-overs that lapsed with all that led to
 * them, and words that take back only such. People who joined or left stay: they are the directory itself.
 * @param edits every stored edit, in the order they are folded
 */
export function spentEdits(edits: readonly StoredEdit[], before: Instant): readonly string[] {
  const read = edits.flatMap(({ id, at, edit }) => {
    const parsed = editSchema.safeParse(edit)
    return parsed.success && at < before ? [{ id, at, edit: parsed.data }] : []
  })
  const spent = new Set(read.filter(({ edit }) => isOver(edit, before)).map(({ id }) => id))
  for (const role of new Set(read.flatMap(({ edit }) => (isHandOver(edit) ? [edit.role] : [])))) {
    const own = read.flatMap(({ id, at, edit }) =>
      isHandOver(edit) && edit.role === role ? [{ id, at, edit }] : [],
    )
    for (const { id } of own.slice(0, overBefore(own, before))) spent.add(id)
  }
  // Words about an edit go with it, and never before: what they took back would count again.
  const stored = new Set(edits.map(({ id }) => id))
  for (const { id, edit } of read)
    if (edit.kind === 'revoke' && (spent.has(edit.edit) || !stored.has(edit.edit))) spent.add(id)
  return [...spent]
}

function isOver(edit: Edit, before: Instant): boolean {
  if (edit.kind === 'override' || edit.kind === 'leave') return edit.to < before
  return edit.kind === 'swap' && edit.legs.every((leg) => leg.to < before)
}

type HandOver = Extract<Edit, { kind: 'offer' | 'take' | 'refuse' | 'withdraw' | 'force' }>

function isHandOver(edit: Edit): edit is HandOver {
  return ['offer', 'take', 'refuse', 'withdraw', 'force'].includes(edit.kind)
}

/**
 * How many of a role's hand-overs, from the first, end with one that is over: whoever took a role owes nothing to what
 * came before, and it owes them only this, that its holder could not take it again while it lasted.
 */
function overBefore(
  own: readonly { readonly at: Instant; readonly edit: HandOver }[],
  before: Instant,
): number {
  const over = own.findLastIndex(({ edit }, i) => {
    if (edit.kind !== 'take' && edit.kind !== 'force') return false
    const past = own.slice(0, i + 1).every((o) => !('until' in o.edit) || o.edit.until < before)
    return (
      past &&
      !own
        .slice(i + 1)
        .some((o) => o.edit.kind === 'take' && o.edit.person === edit.person && o.at < edit.until)
    )
  })
  return over + 1
}
