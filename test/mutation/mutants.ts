/** A change that once outlived the tests of its own part, and the tests that must notice it now. */
export interface Mutant {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
  readonly tests: string
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a page overtakes held ones',
    file: 'src/run/line/feed.ts',
    from: 'if (waiting.length > 0) return wait(it)',
    to: '',
    tests: 'test/run/line/feed.test.ts',
  },
  {
    name: 'remembered pages have no bound',
    file: 'src/run/line/feed.ts',
    from: 'if (bleeps.size > REMEMBER)',
    to: 'if (false)',
    tests: 'test/run/line/feed-effects.test.ts',
  },
  {
    name: 'the latest page is forgotten, not the oldest',
    file: 'src/run/line/feed.ts',
    from: '.next().value ?? ref',
    to: '.next().value && ref',
    tests: 'test/run/line/feed-effects.test.ts',
  },
  {
    name: 'back-off goes on after a sound link',
    file: 'src/run/line/port.ts',
    from: 'if (ticks() - openedAt >= SOUND_AFTER) tries = 0',
    to: '',
    tests: 'test/run/line/port.test.ts',
  },
  {
    name: 'an ignored due row is not mended',
    file: 'src/run/alert/alert-rows.ts',
    from: '  else await tx.due.set([{ alert: alert.id, name: event.name, at }])',
    to: '',
    tests: 'test/run/alert/alert-loops.test.ts',
  },
  {
    name: 'an ignored due row that nobody wants stays',
    file: 'src/run/alert/alert-rows.ts',
    from: 'await tx.due.forget(alert.id, [event.name])',
    to: 'void 0',
    tests: 'test/run/alert/alert-loops.test.ts',
  },
  {
    name: 'the board is told at every event',
    file: 'src/io/http/stream.ts',
    from: "this.#kind === 'operator' ? BOARD_PAUSE : 0",
    to: '0',
    tests: 'test/io/http/stream.test.ts',
  },
  {
    name: 'the board has no order',
    file: 'src/run/desk/board.ts',
    from: 'shown.sort(byOrder)',
    to: 'shown',
    tests: 'test/io/http/board-order.test.ts',
  },
  {
    name: 'the phone says that everybody is coming',
    file: 'src/web/app/alert.js',
    from: '((r) => card.coming.includes(r.person) && r.person',
    to: '((r) => r.person',
    tests: 'test/web/phone-coming.test.ts',
  },
  {
    name: 'the board says that everybody is coming',
    file: 'src/web/console/people.js',
    from: '.filter((r) => card.coming.includes(r.person))',
    to: '',
    tests: 'test/web/people.test.ts',
  },
  {
    name: 'a receipt moves no attempt',
    file: 'src/core/deliver/attempt.ts',
    from: 'const next = move(attempt, input.stage)',
    to: 'const next = attempt',
    tests: 'test/core/deliver/attempt.test.ts',
  },
  {
    name: 'a receipt stamps no hop',
    file: 'src/core/deliver/attempt.ts',
    from: 'next === attempt ? []',
    to: 'true ? []',
    tests: 'test/core/deliver/attempt.test.ts',
  },
]
