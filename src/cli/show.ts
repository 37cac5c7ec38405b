import type { Page } from '../core/bleep/bleep.ts'
import { showEspa } from '../core/line/espa444/records.ts'
import type { LineEffect } from '../core/line/kit/protocol.ts'
import { showTap } from '../core/line/tap/page.ts'

type Shown = Readonly<Record<string, unknown>>

/** How `bleepd decode` prints a protocol's pages; a protocol without a line here prints the page's fields as they are. */
const PAGES: Readonly<Record<string, (fields: Page['fields']) => Shown>> = {
  espa444: showEspa,
  tap: showTap,
  text: showText,
}

/** One effect as the line of output it stands for, or undefined when it is not for printing. */
export function show(protocol: string, effect: LineEffect): Shown | undefined {
  switch (effect.kind) {
    case 'page':
      return showFields(protocol, effect.page.fields)
    case 'heard':
      return showFields(protocol, effect.fields)
    case 'call': {
      const { precisionSeconds: _, ...record } = effect.record
      return { ...record, ...effect.printed, raw: effect.raw }
    }
    case 'discard':
      return effect.fault === 'record-unmatched'
        ? { unmatched: Buffer.from(effect.bytes).toString('latin1') }
        : undefined
    default:
      return undefined
  }
}

function showFields(protocol: string, fields: Page['fields']): Shown {
  return PAGES[protocol]?.(fields) ?? fields
}

/**
 * Two groups of a text record are more than text: the function is a number, `complete` is yes or no. What the profile
 * makes of the record (`role`) is ours, not the sender's.
 */
function showText(fields: Page['fields']): Shown {
  const { role: _, ...shown }: Record<string, unknown> = { ...fields }
  if (/^\d+$/.test(fields.function ?? '')) shown.function = Number(fields.function)
  if (fields.complete !== undefined) shown.complete = fields.complete === 'true'
  return shown
}
