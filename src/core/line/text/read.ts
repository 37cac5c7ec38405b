import { z } from 'zod'
import { readJson } from '../../json.ts'
import { latin1, withoutBom } from '../kit/bytes.ts'
import { type Compiled, compile } from '../kit/pattern.ts'
import { withControls } from './control-names.ts'
import { outOfEnvelope } from './envelope.ts'
import type { TextRecord } from './framer.ts'
import { neighbours } from './neighbours.ts'
import type { TextOptions, TextPattern } from './options.ts'
import { likeliest, READINGS, type ReadingName } from './several.ts'
import { withoutTerminalCodes } from './terminal-codes.ts'

export interface Reading {
  readonly groups: Readonly<Record<string, string>>
  readonly rule: TextPattern
  /** What stood in front of the record was rubbish. */
  readonly recovered?: true
}

interface Subject {
  readonly line: string
  readonly groups: Readonly<Record<string, string>>
}

export type ReadOutcome = Reading | 'noise' | undefined

/** Turns a record into named values by the profile's patterns. Pure; compiled once per feed. */
export class TextReader {
  readonly #o: TextOptions
  readonly #patterns: readonly { rule: TextPattern; compiled: Compiled }[]
  readonly #noise: readonly Compiled[]
  readonly #reject: readonly Compiled[]
  readonly #recover: Compiled | undefined
  readonly #isNeighbour = neighbours()

  constructor(options: TextOptions) {
    this.#o = options
    this.#patterns = options.patterns.map((rule) => ({ rule, compiled: compile(rule.match) }))
    this.#noise = options.noise.map(compile)
    this.#reject = options.reject.map(compile)
    this.#recover = options.recover === undefined ? undefined : compile(options.recover)
  }

  /** The record as text: character set decoded, codes for a terminal taken out, national characters and printed control names put right. */
  text(record: TextRecord): string {
    return decode(withoutBom(record.body), this.#o)
  }

  read(text: string): ReadOutcome {
    if (this.#isRejected(text)) return undefined
    const line = outOfEnvelope(text)
    const subject = this.#o.mode === 'json' ? jsonSubject(line, this.#o.json) : { line, groups: {} }
    if (!subject) return this.#noise.some((n) => n.match(line)) ? 'noise' : undefined
    if (this.#isNeighbour(subject.line)) return 'noise'
    if (this.#isRejected(subject.line)) return undefined
    const reading = this.#match(subject) ?? this.#behindRubbish(subject.line)
    if (reading) return reading
    return this.#noise.some((n) => n.match(subject.line)) ? 'noise' : undefined
  }

  #isRejected(line: string): boolean {
    return this.#reject.some((r) => r.match(line))
  }

  #match({ line, groups }: Subject): Reading | undefined {
    for (const { rule, compiled } of this.#patterns) {
      const found = compiled.match(line)
      if (found) return { rule, groups: { ...rule.set, ...groups, ...found } }
    }
    return undefined
  }

  #behindRubbish(line: string): Reading | undefined {
    const at = this.#recover?.at(line)
    const reading = at ? this.#match({ line: line.slice(at), groups: {} }) : undefined
    return reading && { ...reading, recovered: true }
  }
}

function decode(body: Uint8Array, o: TextOptions): string {
  let text: string
  if (o.framing.charset === 'utf8') text = new TextDecoder().decode(body)
  else text = latin1(body)
  text = withoutTerminalCodes(text)
  const sevenBits = o.framing.parity === 'even' || o.framing.parity === 'odd'
  if (sevenBits || o.framing.charset === 'ascii') text = text.replace(/[\u0080-\u00ff]/g, '\ufffd')
  const characters = Object.entries(o.characters)
  for (const [printed, meant] of characters) text = text.replaceAll(printed, meant)
  return text
}

const jsonRecord = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]).catch(null))

/**
 * A JSON line, behind whatever a log puts before it, as named groups, and a plain line `key=value key=value …`, sorted by key, for the patterns to choose by.
 * Message text may hold anything, so its key shows no value there. `undefined` when it is not one JSON object: cut off, or continued on the next line.
 */
function jsonSubject(text: string, names: Readonly<Record<string, string>>): Subject | undefined {
  const begin = text.indexOf('{')
  if (begin < 0) return undefined
  const parsed = jsonRecord.safeParse(readJson(text.slice(begin)))
  if (!parsed.success) return undefined
  const groups: Record<string, string> = {}
  const line: string[] = []
  const kept = keptReading(parsed.data, names)
  for (const [key, member] of Object.entries(parsed.data).sort(byKey)) {
    if (kept !== undefined && names[key] === 'text' && key !== kept) continue
    const name = names[key]
    line.push(`${key}=${name === 'text' ? '' : member}`)
    if (name !== undefined && member !== null) groups[name] = String(member)
  }
  return { line: line.join(' '), groups }
}

/** With several readings of one page in an object, the key of the likeliest. */
function keptReading(
  members: z.infer<typeof jsonRecord>,
  names: Readonly<Record<string, string>>,
): string | undefined {
  const texts = new Map<ReadingName, string>()
  for (const name of READINGS) {
    const said = members[name]
    if (names[name] === 'text' && typeof said === 'string') texts.set(name, withControls(said))
  }
  if (texts.size < 2) return undefined
  const fn = Object.keys(names).find((key) => names[key] === 'function')
  return likeliest(texts, fn === undefined ? undefined : String(members[fn]))
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)
