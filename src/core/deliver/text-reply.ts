import type { Answer } from '../vocabulary.ts'
import { nudgeNumber } from './nudge-number.ts'
import type { ProviderReport } from './reports.ts'

/** What came back by a text: an answer, or what the network says of one of ours. */
export type TextBack = Extract<Answer, 'accepted' | 'declined'> | Extract<ProviderReport, `text-${string}`>

/** Answers; and reports of the network as gammu writes them (gammu-smsd, DeliveryReport = sms). */
const SAID: ReadonlyMap<string, TextBack> = new Map([
  ['1', 'accepted'],
  ['2', 'declined'],
  ['delivered', 'text-delivered'],
  ['failed', 'text-undelivered'],
])

/** `1` or `2` and nothing else is an answer: "1 hour" is none. */
export function readTextBack(text: string): TextBack | undefined {
  const bare = text.trim().toLowerCase()
  return SAID.get(bare.replace(/[.!]+$/, ''))
}

/** The sender in a name of gammu-smsd's inbox, `IN20261130_031500_00_+447700900123_00.txt`, in the international form. */
export function senderOf(name: string): string | undefined {
  const typed = /^IN\d{8}_\d{6}_\d+_(\+?\d{7,15})_\d+\.txt$/.exec(name)?.[1]
  if (typed === undefined) return undefined
  const read = nudgeNumber.safeParse(/^[1-9]/.test(typed) ? `+${typed}` : typed)
  return read.success ? read.data : undefined
}
