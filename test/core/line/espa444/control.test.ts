import { expect, test } from 'vitest'
import { ESPA_WORDS } from '../../../support/espa.ts'
import { openLine, play } from '../../../support/score.ts'

const WORDS = {
  ...ESPA_WORDS,
  /** To 1006, standard call, "CALL 5678": what we send out. */
  out: '01 31 02 34 1F 33 1E 31 1F 31 30 30 36 1E 32 1F "CALL 5678" 03 02',
  ask: '04 32 05',
}

const control = (score: string, options: Readonly<Record<string, unknown>> = {}) =>
  play('espa444', { role: 'control', ...options }, score, WORDS)

test('equipment that is only polled is asked in turn and gives its call', () => {
  control(
    `
    opened
    < 04 32 05
    > {eot}
    note heartbeat
    wait 999
    wait 1
    < 04 33 05
    > 31 05             # station 3 selects us
    < {ack}
    > {call}
    page 1006 "CALL 5678"
    wait 200
    stored
    < {ack}
    > {eot}
    wait 1000
    < 04 32 05
    closed`,
    { poll: ['2', '3'] },
  )
})

test('a page goes out: self-poll, select, block, EOT', () => {
  control(
    `
    opened
    send 1006 "CALL 5678"
    < {select}
    > {ack}
    < {out}
    > {ack}
    < {eot}
    sent 1 taken
    send 1006 "CALL 5678"
    < {select}
    > {ack} {eot}       # a peer that sends EOT with every ACK
    < {out}
    > {ack} {eot}
    < {eot}
    sent 2 taken
    closed`,
    { poll: [] },
  )
})

test('a block refused as damaged is sent three times in all, then given up', () => {
  control(
    `
    opened
    send 1006 "CALL 5678"
    < {select}
    > {ack}
    < {out}
    > {bad}
    < {out}
    > 15                # some say no without saying why
    < {out}
    > {bad}
    < {eot}
    sent 1 refused
    closed`,
    { poll: [] },
  )
})

test('a doubled ACK is not taken for the answer to the block', () => {
  control(
    `
    opened
    send 1006 "CALL 5678"
    < {select}
    > {ack} {ack}
    < {out}
    > {huh}
    < {eot}
    sent 1 refused
    closed`,
    { poll: [] },
  )
})

test('a block not understood is not sent again', () => {
  control(
    `
    opened
    send 1006 "CALL 5678"
    < {select}
    > {ack}
    < {out}
    > {huh}
    < {eot}
    sent 1 refused
    closed`,
    { poll: [] },
  )
})

test('a busy station is asked again a second later, a silent one after two, three times in all', () => {
  control(
    `
    opened
    send 1006 "CALL 5678"
    < {select}
    > {busy}
    < {eot}
    wait 1000
    < {select}
    wait 2000
    < {eot}
    wait 1999           # after silence, long enough for a late answer to pass
    wait 1
    < {select}
    > {ack}
    < {out}
    wait 2000
    < {out}
    wait 2000
    < {out}
    wait 2000
    < {eot}
    sent 1 no-answer
    closed`,
    { poll: [] },
  )
})

test('a station that answers no poll is left alone for a minute', () => {
  control(
    `
    opened
    < {ask}
    wait 2000
    < {ask}
    wait 2000
    < {ask}
    wait 61999
    wait 1
    < {ask}
    closed`,
    { linkDown: 600_000 },
  )
})

test('a station that keeps the line without a word loses it after ten seconds', () => {
  control(`
    opened
    < {ask}
    > 31 05
    < {ack}
    wait 10000
    < {eot}
    wait 1000
    < {ask}
    closed`)
})

test('pages that wait when the port closes are not lost without a word', () => {
  control(
    `
    opened
    send 1006 "CALL 5678"
    < {select}
    send 7 "X"
    closed
    sent 1 no-answer
    sent 2 no-answer`,
    { poll: [] },
  )
})

test('a page without a number, or longer than a block, is refused at once', () => {
  control(
    `
    opened
    send 7 "${'X'.repeat(600)}"
    sent 1 refused
    closed`,
    { poll: [] },
  )
})

test('a page from an ESPA feed goes out with the records it came with', () => {
  const line = openLine('espa444', { role: 'control', poll: [] })
  line.step({ kind: 'opened', at: 0 })
  line.step({
    kind: 'send',
    ref: 1,
    at: 0,
    page: {
      to: { scheme: 'number', number: '22' },
      type: 'alpha',
      text: 'X',
      quality: 'clean',
      corrected: 0,
      fields: { header: '1', callAddress: '22', priority: '1', 'other.D': '5' },
      firstByte: 0,
      lastByte: 0,
    },
  })
  const block = line
    .step({ kind: 'bytes', bytes: Uint8Array.of(6), at: 1 })
    .find((effect) => effect.kind === 'reply')
  expect(Buffer.from(block!.bytes.subarray(1, -2)).toString('latin1')).toBe(
    '1\x024\x1f3\x1e1\x1f22\x1e6\x1f1\x1eD\x1f5\x1e2\x1fX',
  )
})
