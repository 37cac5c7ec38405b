import type { PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { Duty } from './directory.ts'

type Whose = 'everyone' | readonly PersonId[]

/**
 * One change of hands on top of the rota. With a role: who gets it, and from whom (`everyone`: whoever has it, none: beside them).
 * Without one: the person is away from every role.
 */
export interface Change {
  /** Position in the order in which changes were made. The later change wins. */
  readonly order: number
  readonly person: PersonId
  readonly from: Instant
  readonly to: Instant
  readonly role?: RoleId
  /** Whose duty is cut out of the span. */
  readonly takesFrom: Whose
  /** False where taking only happens if the other really has the duty (swaps), so that nobody is put on by mistake. */
  readonly always: boolean
  readonly source: string
}

/** Lays changes over a role's duties, in order. */
export function apply(base: readonly Duty[], changes: readonly Change[], role: RoleId): readonly Duty[] {
  let duties = base
  for (const change of changes) {
    if (change.role === undefined) {
      duties = without(duties, [change.person], change)
      continue
    }
    const had = change.always ? [change] : shares(duties, change)
    for (const { from, to } of had) {
      // Whoever takes a stretch holds it once, even where they had part of it already.
      duties = without(without(duties, change.takesFrom, { from, to }), [change.person], { from, to })
      duties = [...duties, { role, person: change.person, from, to, source: change.source }]
    }
  }
  return duties
}

/** The parts of the span in which the giver really has the duty. */
function shares(duties: readonly Duty[], change: Change): readonly { from: Instant; to: Instant }[] {
  return duties
    .filter((d) => concerns(d, change.takesFrom) && d.from < change.to && d.to > change.from)
    .map((d) => ({ from: Math.max(d.from, change.from), to: Math.min(d.to, change.to) }))
}

/** Duties with `[from, to)` of some people, or of everyone, cut out; what remains on either side is kept. */
function without(
  duties: readonly Duty[],
  whose: Whose,
  span: { readonly from: Instant; readonly to: Instant },
): readonly Duty[] {
  return duties.flatMap((d) => {
    if (!concerns(d, whose) || d.from >= span.to || d.to <= span.from) return [d]
    const before = d.from < span.from ? [{ ...d, to: span.from }] : []
    const after = d.to > span.to ? [{ ...d, from: span.to }] : []
    return [...before, ...after]
  })
}

function concerns(duty: Duty, whose: Whose): boolean {
  return whose === 'everyone' || whose.includes(duty.person)
}
