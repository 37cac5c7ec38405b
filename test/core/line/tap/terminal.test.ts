import { expect, test } from 'vitest'
import { encodeTapBlocks } from '../../../../src/core/line/tap/block.ts'
import { openLine, play, toHex } from '../../../support/score.ts'
import { TAP_WORDS } from '../../../support/tap.ts'

const LONG = encodeBlock(`1234\r${'X'.repeat(10_240)}\r`)

const terminal = (score: string, options: Readonly<Record<string, unknown>> = {}) =>
  play('tap', options, score, { ...TAP_WORDS, long: LONG })

/** A block without the limits our encoder keeps, as hexadecimal. */
function encodeBlock(information: string): string {
  const body = Buffer.from(`\x02${information}\x03`, 'latin1')
  const sum = body.reduce((total, c) => total + c, 0) & 0xfff
  const check = [8, 4, 0].map((shift) => 0x30 + ((sum >> shift) & 0xf))
  return toHex(Uint8Array.from([...body, ...check, 0x0d]))
}

test('a whole session: prompt, log-on, a page answered once stored, goodbye', () => {
  terminal(`
    > 0D
    < {id}
    > {logon}
    < {welcome}
    > {call}
    page 1234 "CALL 5678"
    wait 300
    stored
    < {accepted}
    > 04 0D
    < {goodbye}`)
})

test('beside a terminal that answers, every page is taken and nothing is ever said', () => {
  expect(openLine('tap', { passive: true }).listensOnly).toBe(true)
  terminal(
    `
    > 0D {logon} {damaged} {call}
    lost checksum-bad
    page 1234 "CALL 5678"
    stored
    > {call}
    note resend-dropped
    > 04 0D`,
    { passive: true },
  )
})

test('nothing before the ACK of the log-on but the version line, and never a line feed', () => {
  const line = openLine('tap')
  const replies = ['\r', '\x1bPG1\r', '\x021234\rCALL 5678\r\x032??\r', '\x04\r'].flatMap((text) =>
    line.step({ kind: 'bytes', bytes: Buffer.from(text, 'latin1'), at: 0 }),
  )
  const said = replies.filter((e) => e.kind === 'reply').map((e) => Buffer.from(e.bytes).toString('latin1'))
  expect(said[1]!.split('\x06')[0]).toBe('110 1.8\r')
  expect(said.join('')).not.toContain('\n')
})

test('the prompt is repeated three times every eight seconds, then the line is idle', () => {
  terminal(`
    > 0D
    < {id}
    wait 8000
    < {id}
    wait 8000
    < {id}
    wait 60000
    > {logon}
    < {welcome}`)
})

test('a prompt with CR, for clients that read whole lines', () => {
  terminal('> 0D\n< "ID=" 0D', { prompt: 'ID=\r' })
})

test.each([['1B "PG1" 0D'], ['1B "pg1" 0D'], ['1B "PG3" 0D'], ['1B "PG1secret" 0D'], ['1B "XX9" 0D']])(
  'log-on %s is taken',
  (logon) => terminal(`> ${logon}\n< {welcome}`),
)

test('a person typing is asked again, then sent away', () => {
  terminal(`
    > 0D
    < {id}
    > "M" 0D
    lost line-noise
    < {id}
    > "M" 0D
    lost line-noise
    < {id}
    > "M" 0D
    lost line-noise
    < "507 Log-on is malformed" 0D 1B 04 0D`)
})

test('a malformed log-on is asked again; a strict terminal refuses other services and passwords', () => {
  terminal('> 1B "P" 0D\n< {id}')
  terminal('> 1B "XX1" 0D\n< "508 Service not supported" 0D 1B 04 0D', { strict: true })
  terminal('> 1B "PG1wrong" 0D\n< "509 Password is wrong" 0D 1B 04 0D', { password: 'right' })
  terminal('> 1B "PG1right" 0D\n< {welcome}', { password: 'right' })
})

test('a dedicated line sends blocks without log-on', () => {
  terminal(`
    > {call}
    page 1234 "CALL 5678"
    stored
    < {accepted}`)
})

test('where the log-on is required a block before it is refused', () => {
  terminal(
    `
    > {call}
    lost line-noise
    < "502 Unexpected characters before a page" 0D 15 0D`,
    { logon: 'required' },
  )
})

test('a damaged block is refused once the line pauses, the fourth ends the session', () => {
  terminal(`
    > {damaged}
    wait 299
    wait 1
    lost checksum-bad
    < {again}
    > {damaged}
    wait 300
    lost checksum-bad
    < {again}
    > {damaged} {damaged}          # the next block tells as well as a pause
    lost checksum-bad
    < {again}
    wait 300
    lost checksum-bad
    < "503 Too many checksum errors" 0D 1B 04 0D
    > {call}
    page 1234 "CALL 5678"
    stored
    < {accepted}`)
})

test('what looks like an end inside the text is data when the real end fits', () => {
  terminal(`
    > ${encodeBlock('1234\rA\x1f555\rB\x03123\rC\r')}
    page 1234 "A\\u001f555\\nB\\u0003123\\nC"
    stored
    < {accepted}
    > ${encodeBlock('1234\rRAW\nLINE\tTAB\r')}
    page 1234 "RAW\\nLINE\\tTAB"
    stored
    < {accepted}
    > 02 "7" 0D 1A 43 0D 03 "10?" 0D
    wait 300
    lost checksum-bad
    < {again}`)
})

test('a terminator that SUB escapes ends nothing', () => {
  terminal(`
    > ${encodeBlock('7\r\x1aC\r')}
    page 7 "\\u0003"
    stored
    < {accepted}`)
})

test('a client that hangs inside a block is refused after a second', () => {
  terminal(`
    > {logon}
    < {welcome}
    > 02 "1234" 0D "CA"
    wait 1000
    lost frame-interrupted
    < {again}
    > {call}
    page 1234 "CALL 5678"
    stored
    < {accepted}`)
})

test('a client that begins anew inside a block is answered for the whole one only', () => {
  terminal(`
    > 02 "1234" 0D "CA" {call}
    lost frame-interrupted
    page 1234 "CALL 5678"
    stored
    < {accepted}`)
})

test('a field sent in two blocks becomes one page, answered as a page at its end only', () => {
  terminal(`
    > 02 "1234" 0D "PART ONE " 1F "351" 0D
    < {accepted}
    > 02 "PART TWO" 0D 03 "263" 0D
    page 1234 "PART ONE PART TWO"
    refused
    < "512 Cannot store now, send again later" 0D 1E 0D`)
})

test('a page whose last block never comes is lost and told, never guessed', () => {
  terminal(`
    > 02 "1234" 0D 17 "0?0" 0D
    < {accepted}
    wait 12000
    lost frame-interrupted`)
})

test('the same block after our answer is a second call and rings', () => {
  terminal(`
    > {logon}
    < {welcome}
    > {call}
    page 1234 "CALL 5678"
    stored
    < {accepted}
    wait 4000
    > {call}
    page 1234 "CALL 5678"
    stored
    < {accepted}`)
})

test('where a site allows for lost answers, a block repeated in time is answered again and dropped', () => {
  terminal(
    `
    > {logon}
    < {welcome}
    > {call}
    page 1234 "CALL 5678"
    stored
    < {accepted}
    wait 4000
    > {call}
    note resend-dropped
    < {accepted}
    > {logon}                      # a new session: a new call
    < {welcome}
    > {call}
    page 1234 "CALL 5678"
    stored
    < {accepted}
    wait 12000
    > {call}                       # long after: a new call too
    page 1234 "CALL 5678"
    stored
    < {accepted}`,
    { resendWindow: 12_000 },
  )
})

test('blocks without a message field or a pager number are abandoned with the reason', () => {
  terminal(`
    > ${encodeBlock('1234\r')}
    lost block-malformed
    < "515 A field is missing" 0D 1E 0D
    > ${encodeBlock('\rTEXT\r')}
    lost block-malformed
    < "510 Pager number is missing" 0D 1E 0D`)
})

test('a message of ten kilobytes is refused as too long, and the line works on', () => {
  terminal(`
    > {long}
    lost line-too-long
    < "513 Message is too long" 0D 1E 0D
    > {call}
    page 1234 "CALL 5678"
    stored
    < {accepted}`)
})

test('a message that grows past its bound over many blocks is refused as too long', () => {
  const line = openLine('tap', { maxMessage: 1000 })
  const said: string[] = []
  for (const [i, block] of encodeTapBlocks([
    '1234',
    Array.from({ length: 300 }, (_, n) => 1000 + n).join(''),
  ]).entries())
    for (const e of line.step({ kind: 'bytes', bytes: block, at: i }))
      if (e.kind === 'reply') said.push(Buffer.from(e.bytes).toString('latin1').slice(0, 3))
  expect(said).toEqual(['211', '211', '211', '211', '513'])
})

test('bit 7, XON, XOFF and line feeds between lines do no harm', () => {
  terminal(`
    > 8D 0A
    < {id}
    > 9B "PG1" 8D 0A
    < {welcome}
    > 02 "1234" 8D "CALL" 11 13 " 5678" 0D 03 "2??" 0D
    page 1234 "CALL 5678"
    stored
    < {accepted}`)
})

test('an identity request is a keep-alive', () => {
  terminal('> "ATI" 0D\nnote heartbeat\n< "Bleep Bridge TAP 1.8" 0D')
})

test('stray text inside a session is refused', () => {
  terminal(`
    > {logon}
    < {welcome}
    > "hello" 0D
    lost line-noise
    < "502 Unexpected characters before a page" 0D 15 0D`)
})

test('an answer that comes too late is withheld, and the repetition gets it', () => {
  terminal(`
    > {call}
    page 1234 "CALL 5678"
    wait 10000
    > {call}
    wait 100
    stored
    note resend-dropped
    < {accepted}`)
})

test('with parity checked in software, answers carry it', () => {
  terminal('> 8D\n< C9 44 BD\n> 0D\nlost parity-bad\n< C9 44 BD', { parity: 'even' })
})
