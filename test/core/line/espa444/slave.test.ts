import { expect, test } from 'vitest'
import { bcc } from '../../../../src/core/line/espa444/block.ts'
import { ESPA_WORDS } from '../../../support/espa.ts'
import { hex, openLine, play, toHex } from '../../../support/score.ts'

const slave = (score: string, options: Readonly<Record<string, unknown>> = {}) =>
  play('espa444', options, score, { ...ESPA_WORDS, long: `"${'X'.repeat(10_240)}"` })

test('a call is acknowledged only after it is stored', () => {
  slave(`
    > {select}
    < {ack}
    > {standard}
    page 1234 "CALL 5678"
    wait 400            # the store takes its time: not a byte on the wire
    stored
    < {ack}
    > {eot}`)
})

test('the same bytes are a poll after EOT and a select after another ENQ', () => {
  slave(`
    > 04 32 05
    note heartbeat
    < {eot}
    > 31 05
    > 32 05
    < {ack}
    > {eot}
    note heartbeat`)
})

test('polls and selects of other stations, and what they are sent, are not ours', () => {
  slave(`
    > 04 33 05          # poll of station 3
    > 04 31 05 33 05    # switchboard selects station 3
    > {call}
    > {eot}
    > {select}
    < {ack}
    > {eot}
    note heartbeat`)
})

test('a heartbeat every few seconds is counted and never a call', () => {
  slave(`
    opened
    > {heartbeat}
    < {ack}
    > {eot}
    note heartbeat
    wait 5000
    > {heartbeat}
    < {ack}
    > {eot}
    note heartbeat`)
})

test('negative replies say why: damaged, not understood, cannot store', () => {
  slave(`
    > {select}
    < {ack}
    > {damaged}
    lost checksum-bad
    < {bad}
    > 01 31 02 33 1F 31 03 2D    # a call that names nobody
    lost block-malformed
    < {huh}
    > 01 31 02 "nonsense" 03 31  # no record in it
    lost block-malformed
    < {huh}
    > {call}
    page 1006 "CALL 5678"
    refused
    < {busy}
    > {call}                     # sent again: a page that was refused is new
    page 1006 "CALL 5678"
    stored
    < {ack}`)
})

test('a block repeated because our ACK was lost is acknowledged and dropped', () => {
  slave(`
    > {select}
    < {ack}
    > {call}
    page 1006 "CALL 5678"
    stored
    < {ack}
    wait 2000
    > {call}
    note resend-dropped
    < {ack}
    > {eot}
    > {select}          # the same words again: somebody bleeps a second time
    < {ack}
    > {call}
    page 1006 "CALL 5678"
    stored
    < {ack}`)
})

test('an answer that comes too late is withheld, and the repetition gets it', () => {
  slave(`
    > {select}
    < {ack}
    > {call}
    page 1006 "CALL 5678"
    wait 2500
    > {call}            # the sender gave up waiting and repeats
    wait 100
    stored              # one ACK for both: a second could be taken for the next block's
    note resend-dropped
    < {ack}`)
})

test('questions that grew old while a page was stored are not answered', () => {
  slave(`
    > {select}
    < {ack}
    > {call}
    page 1006 "CALL 5678"
    wait 3000
    > {eot} {select}    # the sender gave up, asked again
    wait 3000
    > {eot} {select}    # and once more: only this question still stands
    stored
    note heartbeat
    < {ack}
    > {call}
    note resend-dropped
    < {ack}`)
})

test('a page stored after its sender went away is acknowledged when it comes again', () => {
  slave(`
    > {select}
    < {ack}
    > {call}
    page 1006 "CALL 5678"
    wait 10000
    stored
    > {select}
    < {ack}
    > {call}
    note resend-dropped
    < {ack}`)
})

test('a page that the store refused after its sender went away is a page when it comes again', () => {
  slave(`
    > {select}
    < {ack}
    > {call}
    page 1006 "CALL 5678"
    wait 10000
    refused
    > {select}
    < {ack}
    > {call}
    page 1006 "CALL 5678"
    stored
    < {ack}`)
})

test('a peer that hangs inside a block is refused after a second, and the next call comes through', () => {
  slave(`
    > {select}
    < {ack}
    > 01 31 02 31 1F 31
    wait 999
    wait 1
    lost frame-interrupted
    < {bad}
    > {call}
    page 1006 "CALL 5678"
    stored
    < {ack}`)
})

test('a session taken back inside a block is lost, the one after it is not', () => {
  slave(`
    > {select}
    < {ack}
    > 01 31 02 31 1F 31
    > {select}
    lost frame-interrupted
    < {ack}
    > {call}
    page 1006 "CALL 5678"
    stored
    < {ack}`)
})

test('a block that takes longer than ten seconds on a slow line is one block', () => {
  const slow = [...Array(30).keys()].map((i) => `> ${(0x41 + (i % 2)).toString(16)}\nwait 500`).join('\n')
  slave(
    `
    > {select}
    < {ack}
    > 01 31 02 31 1F 37 1E 32 1F
    ${slow}
    > 03 19            # thirty letters, A and B in turn
    page 7 "ABABABABABABABABABABABABABABAB"
    stored
    < {ack}`,
    { unselected: false },
  )
})

test('ten seconds without valid traffic end a session', () => {
  slave(`
    > 04 31 05
    wait 10000
    > 32 05             # a poll by now
    note heartbeat
    < {eot}`)
})

test('a link without valid traffic for a minute is down, and comes up again', () => {
  slave(`
    opened
    wait 59999
    > "noise"
    wait 1
    note link-down
    wait 200000
    > 04 32 05
    lost line-noise
    note link-up
    note heartbeat
    < {eot}`)
})

test('a message of ten kilobytes gets one negative answer, and the line works on', () => {
  slave(
    `
    > {select}
    < {ack}
    > 01 31 02 31 1F 31 30 1E 32 1F {long} 03 04
    lost line-too-long
    < {huh}
    > {call}
    page 1006 "CALL 5678"
    stored
    < {ack}
    > 01 31 02 31 1F 31 30 1E 32 1F {long}     # and one that never ends
    > {eot}
    lost line-too-long
    < {huh}
    > {select}
    < {ack}
    > {eot}
    note heartbeat`,
    {},
  )
})

test('512 bytes from SOH to check byte are taken, 513 are not', () => {
  for (const [size, taken] of [
    [512, true],
    [513, false],
  ] as const) {
    const head = [...hex('31 02 31 1F 37 1E 32 1F')]
    const inner = [...head, ...Array<number>(size - head.length - 3).fill(0x41), 0x03]
    const line = openLine('espa444')
    const effects = line.step({ kind: 'bytes', bytes: Uint8Array.of(1, ...inner, bcc(inner)), at: 0 })
    expect(effects.some((e) => e.kind === 'page')).toBe(taken)
  }
})

test.each([
  ['no leading EOT, both ENQ in one write', '> 31 05 32 05\n< {ack}'],
  ['CR and LF between elements', '> 04 0D 0A 31 05 0D 0A 32 05 0D 0A\n< {ack}'],
  ['an ENQ without address', '> 05\n< {ack}'],
  ['no poll and no select at all', ''],
])('a sender with %s is understood', (_, opening) => {
  slave(`
    ${opening}
    > {call}
    page 1006 "CALL 5678"
    stored
    < {ack}`)
})

test('an extra CR after the check byte, a space after STX and a separator before ETX are forgiven', () => {
  slave(`
    > {select}
    < {ack}
    > {call} 0D
    page 1006 "CALL 5678"
    stored
    < {ack}
    > 01 31 02 20 31 1F 34 32 1E 03 26
    page 42 ""
    stored
    < {ack}`)
})

test('a block repeated without SOH after NAK is taken', () => {
  slave(`
    > {select}
    < {ack}
    > {damaged}
    lost checksum-bad
    < {bad}
    > 31 02 31 1F 31 30 30 36 1E 32 1F "CALL 5678" 03 04
    page 1006 "CALL 5678"
    stored
    < {ack}`)
})

test('each tolerance can be turned off', () => {
  slave('> 05', { bareEnq: false })
  slave('> {call}', { unselected: false })
  slave('> {select}\n< {ack}\n> 31 02 31 1F 34 32 03 18\nclosed\nlost line-noise', { headless: false })
})

test('messages of 160 characters come through whole', () => {
  const text = 'X'.repeat(160)
  const inner = [...hex('31 02 31 1F 37 1E 32 1F'), ...Buffer.from(text), 0x03]
  const line = openLine('espa444')
  const effects = line.step({ kind: 'bytes', bytes: Uint8Array.of(1, ...inner, bcc(inner)), at: 0 })
  expect(effects.find((e) => e.kind === 'page')?.page.text).toBe(text)
})

test('XON and XOFF are data', () => {
  slave(`
    > {select}
    < {ack}
    > 01 31 02 31 1F 37 1E 32 1F 11 "A" 13 03 59
    page 7 "\\u0011A\\u0013"
    stored
    < {ack}`)
})

test('unknown records and headers are kept as they came', () => {
  slave(`
    > {select}
    < {ack}
    > 01 37 02 44 1F "01" 1E 41 1F "box" 03 59
    heard {"header":"7","other.D":"01","other.A":"box"}
    < {ack}`)
})

test('a block that names two different addresses is not guessed at', () => {
  slave(`
    > {select}
    < {ack}
    > 01 31 02 31 1F 37 1E 31 1F 38 03 21
    lost block-malformed
    < {huh}`)
})

/** A short call whose padding character makes the check byte any wanted value. */
function callWithCheck(wanted: number): Uint8Array | undefined {
  const head = [...hex('31 02 31 1F 37 1E 32 1F')]
  for (const tail of [[], [0x41]]) {
    const without = bcc([...head, ...tail, 0x03])
    const filler = without ^ wanted
    if (filler >= 0x20 && filler !== 0x7f) {
      const inner = [...head, ...tail, filler, 0x03]
      return Uint8Array.of(1, ...inner, bcc(inner))
    }
    for (let a = 0x20; a < 0x7f; a++) {
      const b = filler ^ a
      if (b >= 0x20 && b <= 0xff) {
        const inner = [...head, ...tail, a, b, 0x03]
        return Uint8Array.of(1, ...inner, bcc(inner))
      }
    }
  }
  return undefined
}

test('the check byte may have any of its 256 values, whatever else that value means', () => {
  for (let wanted = 0; wanted < 256; wanted++) {
    const call = callWithCheck(wanted)!
    expect(call.at(-1)).toBe(wanted)
    const line = openLine('espa444')
    line.step({ kind: 'bytes', bytes: hex('04 31 05 32 05'), at: 0 })
    const page = line.step({ kind: 'bytes', bytes: call, at: 0 }).find((e) => e.kind === 'page')
    expect(page, `check byte ${wanted.toString(16)}`).toBeDefined()
    const answers = [
      ...line.step({ kind: 'stored', ref: page!.ref, at: 0 }),
      ...line.step({ kind: 'bytes', bytes: hex('04 32 05'), at: 0 }),
    ].filter((e) => e.kind === 'reply')
    expect(answers.map((e) => toHex(e.bytes))).toEqual(['06', '04'])
  }
})

test('an address longer than any pager number is refused, never cut', () => {
  const inner = [...hex('31 02 31 1F'), ...Buffer.from('1'.repeat(33)), 0x03]
  const line = openLine('espa444')
  const effects = line.step({ kind: 'bytes', bytes: Uint8Array.of(1, ...inner, bcc(inner)), at: 0 })
  expect(effects.filter((e) => e.kind === 'reply').map((e) => toHex(e.bytes))).toEqual(['3315'])
})

test('what became of a call goes back when the switchboard polls', () => {
  slave(
    `
    > {select}
    < {ack}
    > {standard}
    page 1234 "CALL 5678"
    stored
    < {ack}
    > {eot}
    status 1 paged
    status 1 acknowledged
    > {poll}
    < 31 05
    > {ack}
    < {paged}
    > {bad}             # damaged on its way: sent again
    < {paged}
    > {ack}
    < {eot}
    > {poll}
    < 31 05
    > {ack} {eot}       # some peers send EOT with every ACK
    < {acknowledged}
    > {ack} {eot}
    < {eot}
    > {poll}
    note heartbeat
    < {eot}`,
    { status: 'automatic' },
  )
})

test('on request, the status of the call that the request names is given', () => {
  slave(
    `
    > {select}
    < {ack}
    > {standard}
    page 1234 "CALL 5678"
    stored
    < {ack}
    > {eot}
    status 1 acknowledged
    > {poll}
    note heartbeat
    < {eot}
    > {select}
    < {ack}
    > 01 33 02 31 1F 31 32 33 34 1E 32 1F "CALL 5678" 03 05
    heard {"header":"3","callAddress":"1234","displayMessage":"CALL 5678"}
    < {ack}
    > {eot}
    > {poll}
    < 31 05
    > {ack}
    < {acknowledged}
    > {ack}
    < {eot}`,
    { status: 'on-request' },
  )
})

test('a status nobody takes is given up after three repetitions and three polls', () => {
  slave(
    `
    > {select}
    < {ack}
    > {standard}
    page 1234 "CALL 5678"
    stored
    < {ack}
    > {eot}
    status 1 paged
    > {poll}
    < 31 05
    > {ack}
    < {paged}
    wait 2000
    < {paged}
    wait 2000
    < {paged}
    wait 2000
    < {eot}
    > {poll}
    < 31 05
    wait 2000
    < {eot}
    > {poll}
    < 31 05
    > {busy}
    < {eot}
    > {poll}
    note heartbeat
    < {eot}`,
    { status: 'automatic' },
  )
})

test('a 7-bit line read as 8N1 is checked in software, and our answers carry parity', () => {
  slave(
    `
    > 84 B1 05 B2 05
    < 06
    > 81 B1 82 B1 9F B7 03 A9    # to 7
    page 7 ""
    stored
    < 06
    > 81 B1 82 B1 9F 37 03 A9    # one character damaged
    lost parity-bad
    < B1 95
    > 84`,
    { parity: 'even' },
  )
})

test('every check byte of a 7-bit line, 00 to 7F', () => {
  for (let wanted = 0; wanted < 128; wanted++) {
    const head = [...hex('31 02 31 1F 37 1E 32 1F')]
    const sum = bcc([...head, 0x03]) ^ wanted
    const a = [...Array(95).keys()].map((i) => i + 0x20).find((c) => (c ^ sum) >= 0x20 && (c ^ sum) < 0x7f)!
    const inner = [...head, a, a ^ sum, 0x03]
    const line = openLine('espa444', { parity: 'strip' })
    const bytes = Uint8Array.of(1, ...inner, wanted).map((c, i) => (i % 2 === 0 ? c | 0x80 : c))
    const page = line.step({ kind: 'bytes', bytes, at: 0 }).find((e) => e.kind === 'page')
    expect(page?.page.text, `check byte ${wanted.toString(16)}`).toBe(String.fromCharCode(a, a ^ sum))
  }
})

test('a page cannot go out through a feed that only takes pages in', () => {
  slave('send 7 "X"\nsent 1 refused')
})
