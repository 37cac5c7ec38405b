import { expect, test } from 'vitest'
import { encodeTapBlocks } from '../../../../src/core/line/tap/block.ts'
import { play } from '../../../support/score.ts'
import { TAP_WORDS } from '../../../support/tap.ts'

const client = (score: string, options: Readonly<Record<string, unknown>> = {}) =>
  play('tap', { role: 'client', logon: 'required', ...options }, score, TAP_WORDS)

test('a page goes out: wake, log-on, block, goodbye', () => {
  client(`
    send 1234 "CALL 5678"
    < 0D
    > "ID="
    < {logon}
    > "110 1.8" 0D 06 0D
    > 1B "[p" 0D
    < {call}
    > {accepted}
    sent 1 taken
    < 04 0D
    > {goodbye}`)
})

test('pages that wait go out in one session', () => {
  client(`
    send 1234 "CALL 5678"
    < 0D
    send 1234 "CALL 5678"
    > "ID="
    < {logon}
    > {welcome}
    < {call}
    > {accepted}
    sent 1 taken
    < {call}
    > 06 0D                        # an old terminal: no code
    sent 2 taken
    < 04 0D`)
})

test('a terminal that does not answer is woken three times', () => {
  client(`
    send 1234 "CALL 5678"
    < 0D
    wait 2000
    < 0D
    wait 2000
    < 0D
    wait 2000
    sent 1 no-answer`)
})

test('a block refused or unanswered is sent three times in all', () => {
  client(
    `
    send 1234 "CALL 5678"
    < {call}
    > {again}
    < {call}
    wait 10000
    < {call}
    > {again}
    sent 1 refused`,
    { logon: 'optional' },
  )
})

test('after a repetition the next page waits until a second answer has passed', () => {
  client(
    `
    send 1234 "CALL 5678"
    < {call}
    send 1234 "CALL 5678"
    wait 10000
    < {call}
    > {accepted}
    sent 1 taken
    wait 500
    > {accepted}
    wait 1500
    < {call}
    > {accepted} {accepted}
    sent 2 taken`,
    { logon: 'optional' },
  )
})

test('an abandoned page is refused, the next one still goes', () => {
  client(
    `
    send 1234 "CALL 5678"
    < {call}
    send 1234 "CALL 5678"
    > "511 Unknown pager" 0D 1E 0D
    sent 1 refused
    < {call}
    > {accepted}
    sent 2 taken`,
    { logon: 'optional' },
  )
})

test('a terminal that sends us away fails every waiting page', () => {
  client(`
    send 1234 "CALL 5678"
    < 0D
    send 7 "X"
    > "ID="
    < {logon}
    > "509 Invalid password" 0D 1B 04 0D
    sent 1 refused
    sent 2 refused`)
})

test('a password goes with the log-on', () => {
  client('send 7 "X"\n< 0D\n> "ID="\n< 1B "PG1secret" 0D\nclosed\nsent 1 no-answer', { password: 'secret' })
})

test('a long message is split where 250 characters are full, between fields after ETB, inside after US', () => {
  const inside = encodeTapBlocks(['1234', 'X'.repeat(400)])
  expect(inside.map((block) => block.length)).toEqual([256, 162])
  expect(inside.map((block) => block.at(-5))).toEqual([0x1f, 0x03])
  const between = encodeTapBlocks(['1234', 'X'.repeat(244), 'Y'])
  expect(between.map((block) => block.at(-5))).toEqual([0x17, 0x03])
  const escaped = encodeTapBlocks(['1', `${'X'.repeat(247)}\nY`])
  expect(escaped.map((block) => block.at(-6))).toEqual([0x58, 0x0d])
})
