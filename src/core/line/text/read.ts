import { z } from 'zod'
import { latin1 } from '../kit/bytes.ts'
import { type Compiled, compile } from '../kit/pattern.ts'
import type { TextRecord } from './framer.ts'
import type { TextOptions, TextPattern } from './options.ts'

export interface Reading {
  readonly groups: Readonly<Record<string, string>>
  readonly rule: TextPattern
}

export type ReadOutcome = Reading | 'noise' | undefined

/** Turns a record into named values by the profile's patterns. Pure; compiled once per feed. */
export class TextReader {
  readonly #o: TextOptions
  readonly #patterns: readonly { rule: TextPattern; compiled: Compiled }[]
  readonly #noise: readonly Compiled[]

  constructor(options: TextOptions) {
    this.#o = options
    this.#patterns = options.patterns.map((rule) => ({ rule, compiled: compile(rule.match) }))
    this.#noise = options.noise.map(compile)
  }

  /** The record as text: character set decoded, national characters and printed control names put right. */
  text(record: TextRecord): string {
    return decode(record.body, this.#o)
  }

  read(text: string): ReadOutcome {
    const subject = this.#o.mode === 'json' ? jsonSubject(text, this.#o.json) : { line: text, groups: {} }
    if (!subject) return this.#noise.some((n) => n.match(text)) ? 'noise' : undefined
    for (const { rule, compiled } of this.#patterns) {
      const groups = compiled.match(subject.line)
      if (groups) return { rule, groups: { ...rule.set, ...subject.groups, ...groups } }
    }
    return this.#noise.some((n) => n.match(subject.line)) ? 'noise' : undefined
  }
}

function decode(body: Uint8Array, o: TextOptions): string {
  let text: string
  if (o.framing.charset === 'utf8') text = new TextDecoder().decode(body)
  else text = latin1(body)
  const sevenBits = o.framing.parity === 'even' || o.framing.parity === 'odd'
  if (sevenBits || o.framing.charset === 'ascii') text = text.replace(/[\u0080-\u00ff]/g, '\ufffd')
  const characters = Object.entries(o.characters)
  for (const [printed, meant] of characters) text = text.replaceAll(printed, meant)
  return text
}

const jsonRecord = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]).catch(null))

/**
 * A JSON line as named groups, and a plain line `key=value key=value …`, sorted by key, for the patterns to choose by.
 * Message text may hold anything, so its key shows no value there. `undefined` when it is not one JSON object: cut off, or continued on the next line.
 */
function jsonSubject(
  text: string,
  names: Readonly<Record<string, string>>,
): { line: string; groups: Record<string, string> } | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = jsonRecord.safeParse(value)
  if (!parsed.success) return undefined
  const groups: Record<string, string> = {}
  const line: string[] = []
  for (const [key, member] of Object.entries(parsed.data).sort(byKey)) {
    const name = names[key]
    line.push(`${key}=${name === 'text' ? '' : member}`)
    if (name !== undefined && member !== null) groups[name] = String(member)
  }
  return { line: line.join(' '), groups }
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)
