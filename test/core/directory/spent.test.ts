import { expect, test } from 'vitest'
import { buildDirectory, type StoredEdit } from '../../../src/core/directory/build.ts'
import type { EditInput } from '../../../src/core/directory/edits.ts'
import { decideHandOver } from '../../../src/core/directory/hand-over.ts'
import { spentEdits } from '../../../src/core/directory/spent.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/instant.ts'
import { seeded } from '../../../src/core/seeded.ts'
import { aLine, aRole, person, role, smallSite } from '../../support/small-site.ts'

const BEFORE = Date.UTC(2026, 9, 1)
const ago = (days: number) => BEFORE - days * DAY
let made = 0
const stored = (at: number, edit: EditInput): StoredEdit => ({ id: `e${made++}`, at, by: 'op', edit })
const spent = (...edits: readonly StoredEdit[]) =>
  spentEdits(edits, BEFORE).map((id) => edits.findIndex((e) => e.id === id))

const span = (from: number, to: number) => ({ from: ago(from), to: ago(to) })

test('spans that ended are spent, those that reach over the instant are not', () => {
  const over = stored(ago(9), { kind: 'override', role: 'reg', person: 'cat', ...span(8, 7) })
  const long = stored(ago(9), { kind: 'leave', person: 'cat', ...span(8, -1) })
  const legs = [{ role: 'reg', gives: 'ada', takes: 'ben', ...span(8, 7) }]
  const swap = stored(ago(9), { kind: 'swap', legs })
  const half = stored(ago(9), {
    kind: 'swap',
    legs: [...legs, { role: 'reg', gives: 'ben', takes: 'ada', ...span(1, -1) }],
  })
  expect(spent(over, long, swap, half)).toEqual([0, 2])
})

test('an edit made after the instant is never spent, nor one that cannot be read, nor a person', () => {
  expect(
    spent(
      stored(BEFORE + 1, { kind: 'leave', person: 'cat', ...span(8, 7) }),
      { id: 'x', at: ago(9), by: 'op', edit: { kind: 'nonsense' } },
      stored(ago(99), { kind: 'person', person: 'eve', name: 'Eve', staffGroup: 'doctor', active: false }),
    ),
  ).toEqual([])
})

test('what was taken back goes with the word that took it back, and not before', () => {
  const leave = stored(ago(9), { kind: 'leave', person: 'cat', ...span(8, -3) })
  const old = stored(ago(9), { kind: 'leave', person: 'dov', ...span(8, 7) })
  const edits = [
    leave,
    old,
    stored(ago(8), { kind: 'revoke', edit: leave.id }),
    stored(ago(8), { kind: 'revoke', edit: old.id }),
    stored(ago(8), { kind: 'revoke', edit: 'long gone' }),
  ]
  expect(spent(...edits)).toEqual([1, 3, 4])
})

test('a hand-over that lapsed goes with all that led to it; an offer that stands behind it does not', () => {
  const take = { kind: 'take', role: 'reg', person: 'cat', until: ago(8), free: false } as const
  expect(
    spent(
      stored(ago(9), { kind: 'offer', role: 'reg', from: 'ada', to: 'cat' }),
      stored(ago(9), take),
      stored(ago(7), { kind: 'offer', role: 'reg', from: 'ada', to: 'ben' }),
      stored(ago(9), { kind: 'offer', role: 'other', from: 'ada', to: 'ben' }),
    ),
  ).toEqual([0, 1])
})

test('a role that is held over the instant keeps what its holder took it by', () => {
  expect(
    spent(
      stored(ago(2), { kind: 'offer', role: 'reg', from: 'ada', to: 'cat' }),
      stored(ago(1), { kind: 'take', role: 'reg', person: 'cat', until: BEFORE + HOUR, free: false }),
    ),
  ).toEqual([])
})

test('after a year of hand-overs, leave and swaps, everybody’s duties from the instant on are the same', () => {
  const site = smallSite({
    roles: [aRole('reg', { crash: true, mustClaim: true }), aRole('sho')],
    rota: [
      aLine('reg', 'ada', 'day'),
      aLine('reg', 'ben', 'night'),
      aLine('sho', 'cat', 'day'),
      aLine('sho', 'dov', 'night'),
    ],
  })
  for (let seed = 1; seed <= 12; seed++) {
    const random = seeded(seed)
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
    const anybody = () => person(pick(['ada', 'ben', 'cat', 'dov']))
    const anything = () => role(pick(['reg', 'sho']))
    const edits: StoredEdit[] = []
    for (let at = ago(60); at < BEFORE + 3 * DAY; at += (0.5 + random() * 20) * HOUR) {
      const what = random()
      const from = Math.floor(at + random() * DAY)
      const to = Math.floor(from + (1 + random() * 200) * HOUR)
      const own = edits.at(Math.floor(random() * edits.length))
      if (what < 0.1) edits.push(stored(at, { kind: 'leave', person: anybody(), from, to }))
      else if (what < 0.2)
        edits.push(stored(at, { kind: 'override', role: anything(), person: anybody(), from, to }))
      else if (what < 0.25 && own !== undefined) edits.push(stored(at, { kind: 'revoke', edit: own.id }))
      else {
        const kind = pick(['offer', 'take', 'take', 'refuse', 'withdraw', 'force'] as const)
        const common = { role: anything(), to: anybody(), by: anybody() }
        const request =
          kind === 'force'
            ? { kind, role: common.role, to: common.to, operator: 'op' }
            : kind === 'offer'
              ? { kind, ...common }
              : { kind, role: common.role, by: common.by }
        const { edit } = decideHandOver(buildDirectory(site, edits), request, at)
        if (edit !== undefined) edits.push(stored(at, edit))
      }
    }
    const gone = new Set(spentEdits(edits, BEFORE))
    expect(gone.size).toBeGreaterThan(edits.length / 3)
    const before = buildDirectory(site, edits)
    const after = buildDirectory(
      site,
      edits.filter(({ id }) => !gone.has(id)),
    )
    const holders = (directory: typeof before, at: number) =>
      ['reg', 'sho'].map((id) => directory.holders(role(id), at).map((h) => h.person))
    for (let at = BEFORE; at < BEFORE + 12 * DAY; at += 17 * MINUTE)
      expect([seed, at, holders(after, at)]).toEqual([seed, at, holders(before, at)])
  }
})
