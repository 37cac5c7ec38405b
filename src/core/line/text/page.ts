import type { Address, ContentType, Page } from '../../bleep/bleep.ts'
import type { Quality } from '../../vocabulary.ts'
import { withControls } from './control-names.ts'
import type { TextRecord } from './framer.ts'
import type { TextOptions, TextPattern } from './options.ts'
import type { Reading } from './read.ts'

/** Fill behind a message: NUL, ETX, EOT, ETB, EM (surface, `bleepd decode`). */
const FILL = new Set(['\x00', '\x03', '\x04', '\x17', '\x19'])

const HIGHEST_RIC = 0x1fffff
const DAMAGED = '\ufffd'

/** Makes a page of what a pattern found. Always succeeds: what a record leaves out stays empty. */
export function toPage(reading: Reading, record: TextRecord, o: TextOptions): Page {
  const [groups, cut] = withoutCutMark(reading.groups, o)
  const type = contentType(groups)
  const said = type === 'tone' ? '' : cleanText(groups.text ?? '', type, o)
  const text = o.pageText === undefined ? said : compose(o.pageText, { ...groups, text: said })
  const open = cut || !record.terminated
  return {
    to: toAddress(groups, o),
    type,
    text,
    quality: quality(text, !open, reading.recovered === true),
    corrected: 0,
    fields: fields(reading, said, o, open),
    firstByte: record.first,
    lastByte: record.last,
  }
}

/** A later piece of the same page put behind the first. `lossy`: text between them was never received. */
export function joinPages(head: Page, tail: Page, { lossy, glue }: TextPattern): Page {
  const text = head.text + (lossy ? DAMAGED : glue) + tail.text
  const complete = lossy ? 'false' : (head.fields.complete ?? 'true')
  return {
    ...head,
    type: head.type === 'tone' ? tail.type : head.type,
    text,
    quality: text.includes(DAMAGED) ? 'damaged' : tail.quality,
    fields: { ...head.fields, text, complete },
    lastByte: tail.lastByte,
  }
}

/** The groups with the mark of a lost end taken off the text, and whether there was one. */
function withoutCutMark(groups: Reading['groups'], o: TextOptions): [Reading['groups'], boolean] {
  const { text } = groups
  if (o.cutMark === undefined || !text?.endsWith(o.cutMark)) return [groups, false]
  return [{ ...groups, text: text.slice(0, -o.cutMark.length) }, true]
}

function contentType(groups: Readonly<Record<string, string>>): ContentType {
  const said = groups.type?.toLowerCase()
  if (isContentType(said)) return said
  return groups.text === undefined || groups.text === '' ? 'tone' : 'alpha'
}

function isContentType(said: string | undefined): said is ContentType {
  return said === 'tone' || said === 'numeric' || said === 'alpha'
}

/** Whether the sender marked the end of the message itself, so that nothing can follow it. */
export function ended(reading: Reading, o: TextOptions): boolean {
  return o.controlNames && FILL.has(withControls(reading.groups.text ?? '').slice(-1))
}

function cleanText(raw: string, type: ContentType, o: TextOptions): string {
  let text = raw
  if (o.controlNames) {
    text = withControls(text)
    let end = text.length
    while (end > 0 && FILL.has(text[end - 1]!)) end--
    text = text.slice(0, end)
  }
  return type === 'numeric' && o.trimNumeric ? text.trimEnd() : text
}

function compose(template: string, groups: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z]+)\}/gi, (_, name: string) => groups[name] ?? '').trim()
}

function quality(text: string, terminated: boolean, recovered: boolean): Quality {
  if (text.includes(DAMAGED)) return 'damaged'
  if (!terminated) return 'unterminated'
  return recovered ? 'corrected' : 'clean'
}

function toAddress(groups: Readonly<Record<string, string>>, o: TextOptions): Address {
  const said = groups.address || (o.address ?? '')
  if (o.scheme === 'ric' && /^\d{1,7}$/.test(said) && Number(said) <= HIGHEST_RIC)
    return { scheme: 'ric', ric: Number(said), fn: functionBits(groups, o) }
  return { scheme: 'number', number: said }
}

function functionBits(groups: Readonly<Record<string, string>>, o: TextOptions): 0 | 1 | 2 | 3 {
  const letter = 'ABCD'.indexOf(groups.beep ?? '-')
  const digit = groups.function === undefined ? Number.NaN : Number(groups.function) - o.functionBase
  const bits = Number.isInteger(digit) ? digit : letter
  return bits === 1 || bits === 2 || bits === 3 ? bits : 0
}

/** @param open its end was not seen */
function fields(reading: Reading, text: string, o: TextOptions, open: boolean): Record<string, string> {
  const all: Record<string, string> = { ...reading.groups, text }
  if (all.address === '' && o.address !== undefined) all.address = o.address
  if (all.type === undefined || isContentType(all.type.toLowerCase())) all.type = contentType(reading.groups)
  if (reading.rule.role === 'cancel') all.role = 'cancel'
  if (o.joinWithin > 0 || open) all.complete = reading.rule.continues || open ? 'false' : 'true'
  return all
}
