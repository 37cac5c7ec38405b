import { expect } from 'vitest'
import type { Page } from '../../src/core/bleep/bleep.ts'
import type { LineEffect, LineInput, PageStatus } from '../../src/core/line/kit/protocol.ts'
import { type Line, PROTOCOLS } from '../../src/core/line/registry.ts'

/**
 * A dialogue on a line, written like a score and played against a protocol: who sends what when. One event a line,
 * `#` begins a comment, bytes are hexadecimal, `{name}` stands for bytes of the vocabulary.
 *
 *     opened | closed            the port
 *     > 04 31 05                 the peer sends (`>b` on the second wire of a tap, `>1` byte by byte)
 *     < 06                       we must answer exactly this, now
 *     page 1234 "CALL 5678"      a page must come out
 *     heard 2 {…}                a block that is no page must come out, with these fields
 *     hang-up                      the peer's connection must be ended
 *     stored | refused           the last page's fate (`stored 3`: page 3)
 *     send 1234 "TEXT"           a page is to go out; refs count from 1
 *     sent 1 taken               and this became of it
 *     status 1 paged             what became of page 1
 *     note heartbeat             a counted event
 *     lost checksum-bad          bytes that could not be used
 *     wait 1000                  time passes; wake-ups asked for are given
 *
 * Whatever the protocol does that the score does not say fails the test.
 */
export function play(
  id: string,
  options: Readonly<Record<string, unknown>>,
  score: string,
  vocabulary: Readonly<Record<string, string>> = {},
): void {
  const stage = new Stage(id, options)
  for (const [number, raw] of score.split('\n').entries()) {
    const line = raw.replace(/(^|\s)#.*/, '').trim()
    if (line !== '') stage.perform(line, `line ${number + 1}: ${line}`, vocabulary)
  }
  stage.mustBeSilent('at the end')
}

export function openLine(id: string, options: Readonly<Record<string, unknown>> = {}): Line {
  const opened = PROTOCOLS.get(id)!.open(options)
  if (!opened.ok) throw new Error(JSON.stringify(opened.fault))
  return opened.value
}

/** Bytes from hexadecimal text with any spacing. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/\s+/g, ''), 'hex'))
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

const START = 1_700_000_000_000
/** Milliseconds until the peer speaks: it cannot answer before it has heard. */
const TURN = 0.001

class Stage {
  readonly #line: Line
  #now = START
  #wake: number | undefined
  #done: LineEffect[] = []
  #lastRef = 0
  #sends = 0

  constructor(id: string, options: Readonly<Record<string, unknown>>) {
    this.#line = openLine(id, options)
  }

  perform(line: string, where: string, vocabulary: Readonly<Record<string, string>>): void {
    const [verb = '', ...rest] = line.split(/\s+/)
    const argument = line.slice(verb.length).trim()
    const expected = EXPECTATIONS[verb]
    if (expected !== undefined) {
      expect(describeEffect(this.#done.shift()), where).toBe(expected(argument, (t) => spell(t, vocabulary)))
      return
    }
    if (verb !== 'wait') this.mustBeSilent(where)
    if (verb.startsWith('>')) this.#now += TURN
    if (verb === 'wait') this.#wait(Number(argument), where)
    else for (const input of this.#inputs(verb, argument, rest, vocabulary)) this.#feed(input)
  }

  mustBeSilent(where: string): void {
    expect(this.#done.map(describeEffect), `not in the score, before ${where}`).toEqual([])
  }

  #inputs(
    verb: string,
    argument: string,
    words: readonly string[],
    vocabulary: Readonly<Record<string, string>>,
  ): LineInput[] {
    const at = this.#now
    switch (verb) {
      case 'opened':
      case 'closed':
        return [{ kind: verb, at }]
      case '>':
      case '>b':
        return [{ kind: 'bytes', bytes: spell(argument, vocabulary), at, wire: verb === '>b' ? 'b' : 'a' }]
      case '>1':
        return [...spell(argument, vocabulary)].map((byte) => ({
          kind: 'bytes',
          bytes: Uint8Array.of(byte),
          at,
        }))
      case 'stored':
        return [{ kind: 'stored', ref: Number(words[0] ?? this.#lastRef), at }]
      case 'refused':
        return [{ kind: 'refused', ref: Number(words[0] ?? this.#lastRef), at, fault: 'send-queue-full' }]
      case 'send':
        this.#sends += 1
        return [{ kind: 'send', ref: this.#sends, page: outgoing(argument), at }]
      case 'status':
        return [{ kind: 'status', ref: Number(words[0]), status: words[1] as PageStatus, at }]
      default:
        throw new Error(`the score does not know "${verb}"`)
    }
  }

  #wait(span: number, where: string): void {
    const until = this.#now + span
    while (this.#wake !== undefined && this.#wake <= until) {
      this.#now = this.#wake
      this.#feed({ kind: 'silence', at: this.#now })
    }
    expect(Number.isFinite(until), where).toBe(true)
    this.#now = until
  }

  #feed(input: LineInput): void {
    this.#wake = undefined
    for (const effect of this.#line.step(input)) {
      if (effect.kind === 'wake') this.#wake = this.#now + effect.after
      else this.#done.push(effect)
      if (effect.kind === 'page') this.#lastRef = effect.ref
    }
  }
}

const EXPECTATIONS: Readonly<
  Record<string, (argument: string, spell: (text: string) => Uint8Array) => string>
> = {
  '<': (argument, spell) => `< ${toHex(spell(argument))}`,
  page: (argument) => `page ${argument}`,
  'hang-up': () => 'hang-up',
  heard: (argument) => `heard ${JSON.stringify(JSON.parse(argument))}`,
  note: (argument) => `note ${argument}`,
  lost: (argument) => `lost ${argument}`,
  sent: (argument) => `sent ${argument}`,
}

function describeEffect(effect: LineEffect | undefined): string {
  if (effect === undefined) return 'nothing'
  switch (effect.kind) {
    case 'reply':
      return `< ${toHex(effect.bytes)}`
    case 'page':
      return `page ${effect.page.to.scheme === 'number' ? effect.page.to.number : effect.page.to.ric} ${JSON.stringify(effect.page.text)}`
    case 'heard':
      return `heard ${JSON.stringify(effect.fields)}`
    case 'note':
      return `note ${effect.reason}`
    case 'discard':
      return `lost ${effect.fault}`
    case 'sent':
      return `sent ${effect.ref} ${effect.outcome}`
    default:
      return effect.kind
  }
}

/** Hexadecimal, `{name}` and `"text"` in any mixture. */
function spell(text: string, vocabulary: Readonly<Record<string, string>>): Uint8Array {
  const bytes: number[] = []
  for (const [part] of text.matchAll(/\{[^}]+\}|"[^"]*"|[0-9A-Fa-f]{2}/g)) {
    if (part.startsWith('{')) bytes.push(...spell(vocabulary[part.slice(1, -1)]!, vocabulary))
    else if (part.startsWith('"')) bytes.push(...Buffer.from(part.slice(1, -1), 'latin1'))
    else bytes.push(Number.parseInt(part, 16))
  }
  return Uint8Array.from(bytes)
}

function outgoing(argument: string): Page {
  const [, number = '', text = '""'] = /^(\S+)\s+(".*")$/.exec(argument) ?? []
  return {
    to: { scheme: 'number', number },
    type: 'alpha',
    text: JSON.parse(text) as string,
    quality: 'clean',
    corrected: 0,
    fields: {},
    firstByte: START,
    lastByte: START,
  }
}
