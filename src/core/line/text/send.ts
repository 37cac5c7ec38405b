import type { Page } from '../../bleep/bleep.ts'
import { say } from '../../catalogue/say.ts'
import { failed, ok, type Result } from '../../faults.ts'
import { toLatin1 } from '../kit/bytes.ts'
import type { TextOptions } from './options.ts'

/** Bytes that send one page out through an encoder link, by the profile's template for its content type. */
export function sendBytes(page: Page, o: TextOptions): Result<Uint8Array> {
  const send = o.send
  const template = send?.[page.type]
  if (!send || template === undefined)
    return failed('page-unsendable', say('watch.noTemplateFor', { type: page.type }))
  if (page.text.length > send.maxText)
    return failed('page-unsendable', say('watch.textOverCharacters', { maxText: send.maxText }))
  const values = { ...send.defaults, ...page.fields, ...addressed(page, o), text: carried(page.text, o) }
  const missing: string[] = []
  const filled = template.replace(/\{([a-z]+)\}/gi, (_, name: string) => {
    const value = (values as Readonly<Record<string, string | undefined>>)[name]
    if (value === undefined) missing.push(name)
    return value ?? ''
  })
  return missing.length > 0
    ? failed('page-unsendable', say('watch.no', { missing: missing.join(', ') }))
    : ok(toLatin1(filled))
}

function addressed(page: Page, o: TextOptions): Record<string, string> {
  const width = o.send?.addressWidth ?? 0
  const { to } = page
  if (to.scheme === 'number') {
    const number = page.fields.address ?? to.number
    return { address: /^\d+$/.test(number) ? number.padStart(width, '0') : number }
  }
  const address = String(to.ric).padStart(width, '0')
  // What the radio calls a function is a beep or a function here only if this link speaks of radio codes as well.
  if (o.scheme !== 'ric') return { address }
  return {
    address,
    function: page.fields.function ?? String(to.fn + o.functionBase),
    beep: page.fields.beep ?? 'ABCD'[to.fn]!,
  }
}

/** The text without what would end or break the record on the wire. */
function carried(text: string, o: TextOptions): string {
  const forbidden = new Set(o.send?.forbidden)
  return Array.from(text, (c) => (forbidden.has(c) ? ' ' : c)).join('')
}
