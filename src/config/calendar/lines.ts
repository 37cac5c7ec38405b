import { say } from '../../core/catalogue/say.ts'
/** One content line (RFC 5545 clause 3.1), unfolded. Names are in capitals; a parameter's value is without quotes. */
export interface Property {
  readonly name: string
  readonly params: ReadonlyMap<string, string>
  readonly value: string
  readonly line: number
}

/** What stands between BEGIN and END: a calendar, an event, a zone. */
export interface Part {
  readonly kind: string
  readonly line: number
  readonly properties: readonly Property[]
  readonly parts: readonly Part[]
}

/** A line of the file, counted from 1, and what is wrong there. */
export interface Wrong {
  readonly line: number
  readonly detail: string
}

interface OpenPart {
  readonly kind: string
  readonly line: number
  readonly properties: Property[]
  readonly parts: Part[]
}

const CONTENT = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$/s
const PARAM = /;([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/g

/**
 * Takes a file apart into its calendars. A file that ends half-way, a line that is none and an END without its BEGIN are
 * told, never read around: what is missing might be somebody's night.
 */
export function readParts(text: string): readonly Part[] | Wrong {
  const whole: OpenPart = { kind: '', line: 1, properties: [], parts: [] }
  const open = [whole]
  for (const { line, text: content } of unfolded(text)) {
    const property = readProperty(content, line)
    const top = open.at(-1)
    if (property === undefined || top === undefined) return { line, detail: say('settings.lineCalendar') }
    if (property.name === 'BEGIN') {
      open.push({ kind: property.value.trim().toUpperCase(), line, properties: [], parts: [] })
    } else if (property.name === 'END') {
      if (top === whole || top.kind !== property.value.trim().toUpperCase())
        return { line, detail: say('settings.endWithoutItsBegin', { value: property.value }) }
      open.pop()
      open.at(-1)?.parts.push(top)
    } else if (top === whole) return { line, detail: say('settings.aCalendarBeginsWithBegin') }
    else top.properties.push(property)
  }
  const last = open.at(-1)
  if (last !== undefined && last !== whole)
    return { line: last.line, detail: say('settings.beginHasEndFileNot', { kind: last.kind }) }
  if (whole.parts.length === 0 || whole.parts.some(({ kind }) => kind !== 'VCALENDAR'))
    return { line: 1, detail: say('settings.aCalendarBeginsWithBegin') }
  return whole.parts
}

/** Lines with what was folded over several put together again; empty ones are left out. */
function* unfolded(text: string): Generator<{ line: number; text: string }> {
  let pieces: string[] = []
  let begun = 1
  let line = 0
  for (const raw of text.split(/\r\n|\n|\r/)) {
    line++
    if (pieces.length > 0 && /^[ \t]/.test(raw)) {
      pieces.push(raw.slice(1))
      continue
    }
    if (pieces.length > 0) yield { line: begun, text: pieces.join('') }
    pieces = raw.trim() === '' ? [] : [raw]
    begun = line
  }
  if (pieces.length > 0) yield { line: begun, text: pieces.join('') }
}

function readProperty(content: string, line: number): Property | undefined {
  const [, name, params = '', value = ''] = CONTENT.exec(content) ?? []
  if (name === undefined) return undefined
  const read = [...params.matchAll(PARAM)].map(
    ([, key = '', text = '']) => [key.toUpperCase(), text.replaceAll('"', '')] as const,
  )
  return { name: name.toUpperCase(), params: new Map(read), value, line }
}

/** TEXT (RFC 5545 clause 3.3.11) as people read it. */
export function plainText(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, c: string) => (c === 'n' || c === 'N' ? '\n' : c)).trim()
}

export const allOf = (part: Part, name: string): readonly Property[] =>
  part.properties.filter((p) => p.name === name)

export const firstOf = (part: Part, name: string): Property | undefined =>
  part.properties.find((p) => p.name === name)
