import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  AGED,
  type Anchor,
  type AuditEntry,
  type AuditRow,
  CHAIN_START,
  canonical,
  ERASED,
  endChain,
  entryDigest,
  followChain,
  linkDigest,
} from '../../../src/core/govern/audit.ts'

const digest = (text: string) => createHash('sha256').update(text).digest('hex')

const act = (action: string, detail?: AuditEntry['detail']): AuditEntry => ({
  ...{ at: 1000, actor: 'op', action, subject: 'a1', outcome: 'done' },
  ...(detail === undefined ? {} : { detail }),
})

/** A chain as the store makes it. */
function chain(...entries: readonly AuditEntry[]): AuditRow[] {
  let before = ''
  return entries.map((entry, i) => {
    const [seq, salt] = [i + 1, `salt-${i}`]
    const own = entryDigest(entry, salt, digest)
    before = linkDigest(before, seq, own, digest)
    return { ...entry, seq, salt, entry: own, digest: before }
  })
}

const erased = ({ seq, at, entry, digest, outcome }: AuditRow): AuditRow => ({
  ...{ seq, at, actor: '', action: '', subject: '', outcome, entry, digest },
})

const heldAt = (anchor?: Anchor) =>
  anchor === undefined ? {} : { anchors: new Map([[anchor.seq, anchor.digest]]) }

const follow = (rows: readonly AuditRow[], anchor?: Anchor) =>
  endChain(
    rows.reduce((state, row) => followChain(state, row, digest, heldAt(anchor)), CHAIN_START),
    heldAt(anchor),
  )

test('the same content is the same text whatever the order of its keys', () => {
  expect(canonical({ b: 1, a: [{ d: 'ü', c: null }] })).toBe('{"a":[{"c":null,"d":"ü"}],"b":1}')
  expect(canonical({ a: undefined, b: 2 })).toBe('{"b":2}')
})

test('an unbroken chain is followed to its head', () => {
  const rows = chain(act('one'), act('two', { n: 1, text: 'x' }), act('three'))
  expect(follow(rows)).toEqual({ seq: 3, head: rows[2]?.digest, erased: 0, unaccounted: [] })
})

describe('a chain is broken by', () => {
  const rows = chain(act('one'), act('two'), act('three'), act('four'))
  const [one, two, three, four] = rows as [AuditRow, AuditRow, AuditRow, AuditRow]
  const other = chain(act('one'), act('another'), act('three'), act('four'))
  const forged = { ...two, action: 'other', entry: entryDigest(act('other'), two.salt ?? '', digest) }
  test.each([
    ['an entry that says something else', [one, { ...two, actor: 'somebody else' }, three], 2, 'changed'],
    ['a changed detail', [one, { ...two, detail: { n: 2 } }, three], 2, 'changed'],
    ['an entry whose digest was made to fit', [one, forged, three], 2, 'unlinked'],
    ['an entry taken out', [one, three, four], 3, 'missing'],
    ['an entry taken out and those behind it renumbered', [one, { ...three, seq: 2 }], 2, 'unlinked'],
    ['two that changed places', [one, { ...three, seq: 2 }, { ...two, seq: 3 }], 2, 'unlinked'],
  ] as const)('%s', (_, changed, seq, why) => {
    expect(follow(changed).broken).toEqual({ seq, why })
  })

  test('a whole chain made anew, once somebody wrote down where the true one stood', () => {
    const anchor = { seq: 3, digest: three.digest }
    expect(follow(other).broken).toBeUndefined()
    expect(follow(other, anchor).broken).toEqual({ seq: 3, why: 'other-chain' })
    expect(follow(rows, anchor).broken).toBeUndefined()
  })

  test('entries cut off at its end, once somebody wrote down how far it went', () => {
    expect(follow([one, two]).broken).toBeUndefined()
    expect(follow([one, two], { seq: 3, digest: three.digest }).broken).toEqual({ seq: 2, why: 'cut-off' })
  })
})

describe('erased content', () => {
  test('leaves the chain whole and is counted', () => {
    const rows = chain(act('one'), act('two'), act(ERASED, { entries: '1 2' }))
    const gone = [erased(rows[0]!), erased(rows[1]!), rows[2]!]
    expect(follow(gone)).toEqual({ seq: 3, head: rows[2]?.digest, erased: 2, unaccounted: [] })
  })

  test('that no later entry accounts for is told by its numbers', () => {
    const rows = chain(act('one'), act('two'), act('three'), act('four'), act(ERASED, { entries: '3' }))
    const gone = [erased(rows[0]!), erased(rows[1]!), erased(rows[2]!), rows[3]!, rows[4]!]
    expect(follow(gone).unaccounted).toEqual([[1, 2]])
  })

  test('by keep time is accounted for up to a number, past accounts among it', () => {
    const rows = chain(
      act('one'),
      act(ERASED, { entries: '1' }),
      act('three'),
      act('four'),
      act(AGED, { until: 3 }),
    )
    const gone = [erased(rows[0]!), erased(rows[1]!), erased(rows[2]!), erased(rows[3]!), rows[4]!]
    expect(follow(gone)).toMatchObject({ erased: 4, unaccounted: [[4, 4]] })
  })

  test('cannot be put back as something else: its salt is gone', () => {
    const rows = chain(act('one'), act('two'))
    const put = { ...erased(rows[0]!), actor: 'op', action: 'one', subject: 'a1', salt: 'guess' }
    expect(follow([put, rows[1]!]).broken).toEqual({ seq: 1, why: 'changed' })
  })
})
