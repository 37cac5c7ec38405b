import { describe, expect, test } from 'vitest'
import { readProfile } from '../../../../src/config/profile.ts'
import type { Page } from '../../../../src/core/bleep/bleep.ts'
import { toLatin1 } from '../../../../src/core/line/kit/bytes.ts'
import type { LineEffect, LineInput } from '../../../../src/core/line/kit/protocol.ts'
import { type Line, PROTOCOLS } from '../../../../src/core/line/registry.ts'

function open(name: string, over: Record<string, unknown> = {}): Line {
  const profile = readProfile(name)
  if (!profile.ok) throw new Error(profile.fault.detail)
  const line = PROTOCOLS.get('text')?.open({ ...profile.value.options, ...over })
  if (!line?.ok) throw new Error(JSON.stringify(line))
  return line.value
}

function own(options: Record<string, unknown>): Line {
  const line = PROTOCOLS.get('text')?.open(options)
  if (!line?.ok) throw new Error(JSON.stringify(line))
  return line.value
}

/** What the machine did, short enough to read in an assertion. */
function said(effects: readonly LineEffect[]): string[] {
  return effects.map((e) => {
    switch (e.kind) {
      case 'page':
        return `page ${e.ref} ${e.page.quality} ${e.page.text}${e.improves === undefined ? '' : ` improves ${e.improves}`}`
      case 'reply':
        return `reply ${Buffer.from(e.bytes).toString('latin1')}`
      case 'discard':
        return `discard ${e.fault} ${Buffer.from(e.bytes).toString('latin1')}`
      case 'note':
        return `note ${e.reason}`
      case 'sent':
        return `sent ${e.ref} ${e.outcome}${e.fault === undefined ? '' : ` ${e.fault}`}`
      case 'wake':
        return `wake ${e.after}`
      default:
        return e.kind
    }
  })
}

const bytes = (text: string, at = 0): LineInput => ({ kind: 'bytes', bytes: toLatin1(text), at })

const page = (over: Partial<Page> = {}): Page => ({
  to: { scheme: 'ric', ric: 12_300, fn: 0 },
  type: 'alpha',
  text: 'CALL 4421',
  quality: 'clean',
  corrected: 0,
  fields: {},
  firstByte: 0,
  lastByte: 0,
  ...over,
})

describe('answers', () => {
  test('nothing is answered before the page is durable, then in its own words', () => {
    const line = open('ascom-line')
    expect(said(line.step(bytes('<1/A><2/B>')))).toEqual(['page 0 clean A', 'page 1 clean B'])
    expect(said(line.step({ kind: 'stored', ref: 0, at: 1 }))).toEqual(['reply A'])
    expect(said(line.step({ kind: 'refused', ref: 1, at: 1, fault: 'store-lost' }))).toEqual(['reply N'])
    expect(said(line.step({ kind: 'stored', ref: 1, at: 2 }))).toEqual([])
  })

  test('a peer that is gone is answered no more', () => {
    const line = open('ascom-line')
    line.step(bytes('<1/A>'))
    line.step({ kind: 'closed', at: 1 })
    expect(said(line.step({ kind: 'stored', ref: 0, at: 2 }))).toEqual([])
  })
})

describe('a line that stalls on its way', () => {
  const page = 'POCSAG1200: Address: 1311048  Function: 3  Alpha:   CARDIAC ARREST WARD 7 BED 3\r\n'
  /** What is said of pages, with the ref that each improves; pauses are told as the line asks for it. */
  function pages(profile: string, parts: readonly (readonly [text: string, at: number])[]): string[] {
    const line = open(profile)
    let wake = Number.POSITIVE_INFINITY
    const out: string[] = []
    const use = (effects: readonly LineEffect[], at: number): void => {
      for (const e of effects) {
        if (e.kind === 'wake') wake = at + e.after
        if (e.kind === 'page') out.push(`${e.improves ?? '-'} ${e.page.quality} ${e.page.text}`)
      }
    }
    for (const [text, at] of [...parts, ['', 60_000] as const]) {
      while (wake <= at) {
        const then = wake
        wake = Number.POSITIVE_INFINITY
        use(line.step({ kind: 'silence', at: then }), then)
      }
      use(line.step(bytes(text, at)), at)
    }
    return out
  }

  test.each(Array.from({ length: page.length - 1 }, (_, i) => i + 1))(
    'wherever it stalls, here behind %i characters',
    (at) => {
      const got = pages('multimon-ng', [
        [page.slice(0, at), 0],
        [page.slice(at), 2000],
      ])
      expect(got.at(-1)).toMatch(/ clean CARDIAC ARREST WARD 7 BED 3$/)
      expect(got.filter((one) => one.startsWith('-'))).toHaveLength(1)
      expect(got.slice(0, -1).every((one) => one.includes(' unterminated '))).toBe(true)
    },
  )

  test('twice in one line: each part takes the place of the one before', () => {
    expect(
      pages('scope', [
        ['A0012300ACRASH', 0],
        [' CALL', 1500],
        [' WARD 7\r', 3000],
      ]),
    ).toEqual(['- unterminated CRASH', '0 unterminated CRASH CALL', '0 clean CRASH CALL WARD 7'])
  })

  test('a printer line, which names nobody, goes on only where its end was missing and comes soon', () => {
    expect(
      pages('comp1', [
        ['FIRE ALARM ZO', 0],
        ['NE 3\r\n', 900],
      ]),
    ).toEqual(['- unterminated FIRE ALARM ZO', '0 clean FIRE ALARM ZONE 3'])
    const apart = ['- unterminated FIRE ZONE 3', '- unterminated CARDIAC ARREST']
    expect(
      pages('comp1', [
        ['FIRE ZONE 3', 0],
        ['CARDIAC ARREST', 900],
      ]),
    ).toEqual(apart)
    expect(
      pages('comp1', [
        ['FIRE ZONE 3', 0],
        ['CARDIAC ARREST\r\n', 5000],
      ]),
    ).toEqual([apart[0], '- clean CARDIAC ARREST'])
  })

  test('a page of its own behind it, and lines of other programs, are none of it', () => {
    const cut = page.slice(0, 70)
    expect(
      pages('multimon-ng', [
        [cut, 0],
        [page, 900],
      ]),
    ).toEqual(['- unterminated CARDIAC ARREST WAR', '- clean CARDIAC ARREST WARD 7 BED 3'])
    expect(
      pages('multimon-ng', [
        [cut, 0],
        ['DTMF: 5\r\n', 900],
      ]),
    ).toEqual(['- unterminated CARDIAC ARREST WAR'])
  })

  test('rows of a wrapped message that come late still take the place of the first row', () => {
    const row = ' 1310792   20:55:16 29-11-26 POCSAG-4  ALPHA   1200   PLEASE BRING O\r\n'
    expect(
      pages('pdw', [
        [row, 0],
        [`${' '.repeat(52)}NEG BLOOD\r\n`, 2000],
      ]),
    ).toEqual(['- clean PLEASE BRING O', '0 clean PLEASE BRING O NEG BLOOD'])
  })

  test('readings of two pages whose lines come mixed are two pages', () => {
    const of = (ric: string, how: string, text: string) =>
      `POCSAG1200: Address: ${ric}  Function: 3  ${how} ${text}\n`
    const mixed = [
      of('8', 'Numeric:', '05661383-2284.947]11443.9'),
      of('16', 'Numeric:', '6 0]49.02123U854828864395'),
      of('8', 'Alpha:  ', 'PLEASE RING 4421'),
      of('16', 'Alpha:  ', 'FAST BLEEP 4421'),
    ]
    const got = pages('multimon-ng', [[mixed.join(''), 0]])
    expect(got.filter((one) => one.startsWith('-'))).toHaveLength(2)
    expect(got.slice(-2).map((one) => one.slice(1))).toEqual([
      ' clean PLEASE RING 4421',
      ' clean FAST BLEEP 4421',
    ])
  })
})

describe('framing', () => {
  test('a sender without an end byte is understood after a pause', () => {
    const line = own({ patterns: [{ match: '(?P<address>\\d+) (?P<text>.*)' }] })
    expect(said(line.step(bytes('12 HELLO', 100)))).toEqual(['wake 300'])
    expect(said(line.step({ kind: 'silence', at: 350 }))).toEqual(['wake 300'])
    expect(said(line.step({ kind: 'silence', at: 400 }))).toEqual(['page 0 unterminated HELLO'])
  })

  test('what comes behind a clock that was set back is no rest of what came before', () => {
    const stalled = (later: number): string[] => {
      const line = own({ patterns: [{ match: '(?P<address>\\d+) (?P<text>.*)' }] })
      line.step(bytes('12 HELLO', 3_600_000))
      line.step({ kind: 'silence', at: 3_600_300 })
      return said(line.step(bytes(' AGAIN\r', later)))
    }
    expect(stalled(3_600_900)).toEqual(['page 1 clean HELLO AGAIN improves 0'])
    expect(stalled(900)).toEqual(['discard record-unmatched  AGAIN'])
  })

  test('a framed record that stops half-way is given up and counted, never guessed at', () => {
    const line = open('waveware')
    expect(said(line.step(bytes('\x01A,1,123,\x02HALF', 0)))).toEqual(['wake 10000'])
    expect(said(line.step({ kind: 'silence', at: 10_000 }))).toEqual([
      'discard frame-interrupted A,1,123,\x02HALF',
    ])
    expect(said(line.step(bytes('OF IT\x03\x04\x01A,1,9,\x02NEXT\x03\x04', 10_001)))).toEqual([
      'discard line-noise OF IT\x03',
      'page 0 clean NEXT',
    ])
  })

  test('one carriage return lost does not swap numbers and messages for ever', () => {
    const line = open('comp2')
    // The message of 101 is lost; ten seconds later the line is fresh.
    expect(said(line.step(bytes('101\r', 0)))).toEqual(['wake 10000'])
    expect(said(line.step({ kind: 'silence', at: 10_000 }))).toEqual(['discard frame-interrupted 101'])
    expect(said(line.step(bytes('102\rCALL 4422\r', 11_000)))).toEqual(['page 0 clean CALL 4422'])
  })

  test('ten kilobytes without an end are one cut page, the rest counted, and the next record is right', () => {
    const line = open('scope')
    const effects = line.step(bytes(`A0012300A${'X'.repeat(10_240)}\rA0012301ANEXT\r`))
    const got = said(effects)
    expect(got[0]).toMatch(/^page 0 unterminated X+$/)
    expect(got[0]?.length).toBeLessThan(1100)
    expect(got.at(-1)).toBe('page 1 clean NEXT')
    expect(got.slice(1, -1).every((s) => s.startsWith('discard line-too-long X'))).toBe(true)
  })

  test('a line held low is noise that counts, not fill', () => {
    const line = open('scope')
    const got = said(line.step({ kind: 'bytes', bytes: new Uint8Array(640), at: 0 }))
    expect(got.filter((s) => s.startsWith('discard line-noise'))).toHaveLength(10)
  })

  test('a character with bad parity is shown as damaged in its place, and counted', () => {
    const line = own({
      framing: { parity: 'even' },
      patterns: [{ match: '(?P<address>\\d+) (?P<text>.*)' }],
    })
    // '1' B1, ' ' A0, 'O' CF, 'K' 4B, 'S' 53, CR 8D with even parity; the K arrives with one bit flipped.
    const effects = line.step({
      kind: 'bytes',
      bytes: Uint8Array.of(0xb1, 0xa0, 0xcf, 0x4b ^ 0x80, 0x53, 0x8d),
      at: 0,
    })
    expect(said(effects)).toEqual(['discard parity-bad \xcb', 'page 0 damaged O\ufffdS'])
  })

  test('the first byte of a record is timed by its place in the chunk', () => {
    const line = open('scope')
    const [first, second] = line.step({
      kind: 'bytes',
      bytes: toLatin1('A0000001AX\rA0000002AY\r'),
      began: 1000,
      at: 1022,
    })
    if (first?.kind !== 'page' || second?.kind !== 'page') throw new Error('pages')
    expect([first.page.firstByte, first.page.lastByte]).toEqual([1000, 1011])
    expect([second.page.firstByte, second.page.lastByte]).toEqual([1011, 1022])
  })
})

describe('pieces of one page', () => {
  const head = 'POCSAG1200: Address: 1234568  Function: 3  Alpha:   CARDIAC ARREST W\n'
  const rest = 'POCSAG1200: Address:       -  Function: -  Alpha:   ARD 7<EOT>\n'

  test('the first goes out at once, the rest mends it', () => {
    const line = open('multimon-ng')
    expect(said(line.step(bytes(head, 0)))).toEqual(['page 0 clean CARDIAC ARREST W'])
    expect(said(line.step(bytes(rest, 900)))).toEqual([
      'note page-joined',
      'page 1 damaged CARDIAC ARREST W\ufffdARD 7 improves 0',
    ])
  })

  test('a piece that comes too late, or behind a page that had ended, is a page of its own', () => {
    const line = open('multimon-ng')
    line.step(bytes(head, 0))
    expect(said(line.step(bytes(rest, 1500)))).toEqual(['page 1 clean ARD 7'])
    const ended = open('multimon-ng')
    ended.step(bytes(head.replace('W\n', 'W<NUL>\n'), 0))
    expect(said(ended.step(bytes(rest, 100)))).toEqual(['page 1 clean ARD 7'])
  })

  test('a piece of another page never joins', () => {
    const line = open('portapack')
    line.step(bytes('POCSAG 1200 1234567 3 N alpha "ONE" hex:00\n', 0))
    const got = said(line.step(bytes('POCSAG 1200 7654321 3 N alpha+ "TWO" hex:00\n', 10)))
    expect(got).toEqual(['page 1 clean TWO'])
  })
})

describe('a page out', () => {
  test('goes out in the format of the link, and is taken when the peer says so', () => {
    const line = open('ascom-line')
    expect(said(line.step({ kind: 'send', ref: 7, page: page(), at: 0 }))).toEqual([
      'reply <12300/CALL 4421/2/3/1/7/>',
      'wake 3000',
    ])
    expect(said(line.step(bytes('A', 20)))).toEqual(['sent 7 taken'])
  })

  test('pages wait for each other; a refusal and a silence are told apart', () => {
    const line = open('ascom-line')
    line.step({ kind: 'send', ref: 1, page: page(), at: 0 })
    expect(said(line.step({ kind: 'send', ref: 2, page: page({ text: 'SECOND' }), at: 1 }))).toEqual([
      'wake 2999',
    ])
    expect(said(line.step(bytes('N', 20)))).toEqual([
      'sent 1 refused block-refused',
      'reply <12300/SECOND/2/3/1/7/>',
      'wake 3000',
    ])
    expect(said(line.step({ kind: 'silence', at: 3020 }))).toEqual(['sent 2 no-answer peer-silent'])
  })

  test('the WaveWare echo of our own words is no answer', () => {
    const line = open('waveware')
    const [reply] = line.step({ kind: 'send', ref: 1, page: page({ text: 'N A K' }), at: 0 })
    if (reply?.kind !== 'reply') throw new Error('nothing sent')
    expect(said(line.step({ kind: 'bytes', bytes: reply.bytes, at: 1 }))).toEqual(['wake 4999'])
    expect(said(line.step(bytes('\x01\x06V9,1,0,0,0\x04', 2)))).toContain('sent 1 taken')
  })

  test('what the format cannot carry is refused, or replaced where it would break the record', () => {
    const line = open('scope')
    expect(said(line.step({ kind: 'send', ref: 1, page: page({ text: 'X'.repeat(501) }), at: 0 }))).toEqual([
      'sent 1 refused page-unsendable',
    ])
    expect(said(line.step({ kind: 'send', ref: 2, page: page({ text: 'A\rB' }), at: 0 }))).toEqual([
      'reply A0012300AA B\r',
      'sent 2 taken',
    ])
    const decoder = open('multimon-ng')
    expect(said(decoder.step({ kind: 'send', ref: 3, page: page(), at: 0 }))).toEqual([
      'sent 3 refused page-unsendable',
    ])
  })

  test('a tap sends nothing', () => {
    const line = open('scope', { passive: true })
    expect(said(line.step({ kind: 'send', ref: 1, page: page(), at: 0 }))).toEqual([
      'sent 1 refused line-listen-only',
    ])
  })
})

test('what alerts nobody is told apart: noise, log, cancel', () => {
  const line = open('arm-nurse-call')
  expect(said(line.step(bytes('   8    2 174 13:30 19/11 BED 2    EMERGENCY    ALM\n\r')))).toEqual([
    'note noise-line',
  ])
  const [effect] = line.step(bytes('\x1b   8    2 175 13:31 19/11 BED 2     EMERGENCY     CLR\n\r'))
  expect(effect).toMatchObject({
    kind: 'page',
    page: { text: 'BED 2 EMERGENCY', fields: { role: 'cancel' } },
  })
})

describe('codes that a program writes for a terminal', () => {
  const line = 'POCSAG1200: Address: 1311040  Function: 3  Alpha:   FIRE ZONE 3'
  test.each([
    ['colour', `\x1b[32mPOCSAG1200:\x1b[0m${line.slice('POCSAG1200:'.length)}`],
    ['colour in the text', line.replace('ZONE', '\x1b[1;31mZONE\x1b[m')],
    ['a bright colour of 256', `\x1b[38;5;196m${line}\x1b[39m\x1b[K`],
    ['character set and colour', `\x1b(B\x1b[m${line}`],
    ['a title for the window', `\x1b]0;pagers\x1b\\${line}`],
  ])('%s: the page is as without it', (_, sent) => {
    const feed = open('multimon-ng', { gather: 0 })
    expect(said(feed.step(bytes(`${sent}\n`)))).toContain('page 0 clean FIRE ZONE 3')
  })

  test('a row of nothing else is no record that fails, and ESC of a sender stays', () => {
    const feed = open('multimon-ng', { gather: 0 })
    expect(said(feed.step(bytes('\x1b[0m\n')))).toEqual(['note noise-line'])
    const plain = own({ patterns: [{ match: '(?P<text>.*)' }], address: '1' })
    expect(said(plain.step(bytes('A \x1b1 \x1b B\r')))).toContain('page 0 clean A \x1b1 \x1b B')
  })
})
