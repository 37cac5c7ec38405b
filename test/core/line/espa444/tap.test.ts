import { expect, test } from 'vitest'
import { ESPA_WORDS } from '../../../support/espa.ts'
import { hex, openLine, play } from '../../../support/score.ts'

const tap = (score: string, options: Readonly<Record<string, unknown>> = {}) =>
  play('espa444', { role: 'tap', ...options }, score, ESPA_WORDS)

test('a block counts once the paging system has shown ACK on the other wire', () => {
  tap(`
    > {select}
    >b {ack}
    > {standard}
    wait 300
    >b {ack}
    page 1234 "CALL 5678"
    > {eot}`)
})

test('a refused block does not count, its repetition does', () => {
  tap(`
    > {select}
    >b {ack}
    > {standard}
    wait 60
    >b {bad}
    note block-refused-there
    > {standard}
    wait 60
    >b {ack}
    page 1234 "CALL 5678"
    > {eot}`)
})

test('a block that nobody answers is not a page, and that is told', () => {
  tap(`
    > {select}
    >b {ack}
    > {standard}
    wait 3000
    > {eot}
    wait 100
    lost block-unconfirmed`)
})

test('a block repeated because the switchboard missed the ACK counts once', () => {
  tap(`
    > {select}
    >b {ack}
    > {call}
    >b {ack}
    wait 1000
    page 1006 "CALL 5678"
    wait 1000
    > {call}
    wait 60
    >b {ack}
    note resend-dropped
    > {eot}
    > {select}
    >b {ack}
    > {call}
    wait 60
    >b {ack}
    page 1006 "CALL 5678"`)
})

test('a short block counts soon after the EOT: until then its answer could be that to the select', () => {
  tap(`
    > {select}
    wait 4
    >b {ack}
    wait 4
    > 01 31 02 31 1F 31 30 30 36 1E 32 1F "CALL 5678"
    wait 19
    > 03 04
    wait 4
    >b {ack}
    wait 10
    > {eot}
    wait 100
    page 1006 "CALL 5678"`)
})

test('the two ports may deliver out of step: the ACK before the end of its block', () => {
  tap(`
    > {select}
    >b {ack}
    > 01 31 02 31 1F 31 30 30 36 1E 32 1F "CALL 5678"
    wait 10
    >b {ack}
    wait 5
    > 03 04
    wait 10
    > {eot}
    wait 100
    page 1006 "CALL 5678"`)
})

test('a switchboard whose port is late for both answers, and which leaves the line open, is heard', () => {
  tap(`
    >b {ack}
    wait 10
    > {select}
    > 01 31 02 31 1F 31 30 30 36 1E 32 1F "CALL 5678"
    >b {ack}
    wait 10
    > 03 04
    wait 1000
    page 1006 "CALL 5678"`)
})

test('a stray ACK before the select does not stand in for the answer to the block', () => {
  tap(`
    >b {ack}
    > {select}
    >b {ack}
    > {call}
    wait 300
    >b {bad}
    wait 100
    > {eot}
    wait 100
    note block-refused-there`)
})

test('a stray ACK, late ports and a refusal: three answers for two questions, and the refusal is the block’s', () => {
  tap(`
    > {select}
    >b {ack}
    > 01 31 02 31 1F 31 30 30 36 1E 32 1F
    wait 10
    >b {ack}
    > "CALL 5678" 03 04
    wait 10
    >b {bad}
    > {eot}
    wait 100
    note block-refused-there`)
})

test('where only a bare NAK speaks against it, the block counts, and the doubt is told', () => {
  tap(`
    > {select}
    >b {ack}
    > 01 31 02 31 1F 31 30 30 36 1E 32 1F
    wait 10
    >b {ack}
    > "CALL 5678" 03 04
    wait 10
    >b 15
    > {eot}
    wait 100
    note answer-doubtful
    page 1006 "CALL 5678"`)
})

test('a block sent again at once was refused, whatever seemed to answer it', () => {
  tap(`
    > {select}
    >b {ack}
    > {call}
    >b {ack}
    wait 10
    >b 15
    > {call}
    wait 10
    >b 15
    wait 10
    > {eot}
    wait 100
    note block-refused-there
    note block-refused-there`)
})

test('the two ports may deliver out of step: the ACK after the EOT', () => {
  tap(`
    > {select}
    >b {ack}
    > {call} {eot}
    wait 16
    >b {ack}
    wait 100
    page 1006 "CALL 5678"
    > {select}
    >b {ack}
    > {call}
    >b {ack}
    > {eot}
    wait 100
    page 1006 "CALL 5678"`)
})

test('calls to another paging system on the same line are not ours', () => {
  tap(`
    > 04 31 05 33 05
    >b {ack}
    > {call}
    >b {ack}
    > {eot}`)
})

test('status from the paging system is kept, not paged', () => {
  tap(`
    > {poll}
    >b 31 05
    > {ack}
    >b 01 32 02 38 1F 31 03 25
    wait 60
    > {ack}
    heard {"header":"2","systemStatus":"1"}
    >b {eot}`)
})

test('one input that hears both directions of a two-wire bus', () => {
  tap(
    `
    > {select} {ack} {call} {ack}
    page 1006 "CALL 5678"
    > {eot} {poll} {eot} {select} {ack} {call} {bad}
    note block-refused-there
    > {call} {ack}
    page 1006 "CALL 5678"`,
    { wires: 'shared' },
  )
})

test('with only the switchboard heard a good block counts by itself', () => {
  tap(
    `
    > {select} {call}
    page 1006 "CALL 5678"
    > {call}
    note resend-dropped
    > {eot}`,
    { wires: 'switchboard' },
  )
})

test('damage, noise and a cut cable are counted', () => {
  tap(`
    opened
    > {select}
    >b {ack}
    > {damaged}
    lost checksum-bad
    > 01 31 02
    wait 1000
    lost frame-interrupted
    wait 59000
    note link-down
    > 01 31
    closed
    lost frame-interrupted`)
})

test('whatever it hears on either wire, it has not one byte to say', () => {
  const everything = Object.values(ESPA_WORDS)
    .join(' ')
    .replaceAll('"CALL 5678"', '43 41 4C 4C 20 35 36 37 38')
  for (const wires of ['two', 'shared', 'switchboard']) {
    const line = openLine('espa444', { role: 'tap', wires })
    expect(line.listensOnly).toBe(true)
    let at = 0
    for (let round = 0; round < 3; round++)
      for (const wire of ['a', 'b'] as const)
        for (const byte of hex(everything)) {
          at += 7
          const effects = [
            ...line.step({ kind: 'bytes', bytes: Uint8Array.of(byte), at, wire }),
            ...line.step({ kind: 'silence', at: at + 3 }),
            ...line.step({ kind: 'stored', ref: 1, at }),
            ...line.step({ kind: 'status', ref: 1, status: 'paged', at }),
          ]
          expect(effects.filter((e) => e.kind === 'reply')).toEqual([])
        }
  }
})
