import type { AlertEvent } from '../alert/alert.ts'
import type { Bleep } from '../bleep/bleep.ts'
import { canonical, type Mac } from './audit.ts'

/** An entry that holds the digests of settled bleeps: what was said, and who answered. */
export const RECORDED = 'record.sealed'

/** The part of an event that says who did what. These fields keep their names (core/stored/form.ts). */
const FIELDS = [
  'kind',
  'at',
  'by',
  'person',
  'answer',
  'to',
  'from',
  'role',
  'reason',
  'step',
  'done',
] as const

/** Who was bleeped and what became of it, without words: the same before and after these are erased. */
function skeleton(bleep: Bleep, events: readonly AlertEvent[]): string {
  const { id, number, received } = bleep
  return canonical({ id, number, received, events: events.map((event) => picked(event)) })
}

function picked(event: AlertEvent): Readonly<Record<string, unknown>> {
  const all = new Map<string, unknown>(Object.entries(event))
  return Object.fromEntries(FIELDS.flatMap((name) => (all.has(name) ? [[name, all.get(name)]] : [])))
}

/** What was written: the sender's words, and what people answered in words. */
function words({ id, page }: Bleep, events: readonly AlertEvent[]): string {
  const said = events.flatMap((event) => {
    if (event.kind === 'said') return [event.said.text]
    return 'note' in event && event.note !== undefined ? [event.note] : []
  })
  return canonical({ id, text: page.text, fields: page.fields, said })
}

/** Half a digest: 128 bits, which is more than anybody can search through. */
const LENGTH = 32

/**
 * Digests of one bleep, under the key, so that nobody guesses erased words back: how many events, who answered, what was
 * said. Later events are sealed by a later entry.
 */
export function recordDigest(bleep: Bleep, events: readonly AlertEvent[], mac: Mac): string {
  const half = (sort: string, text: string): string => mac(`${sort}\n${text}`).slice(0, LENGTH)
  return [events.length, half('answers', skeleton(bleep, events)), half('words', words(bleep, events))].join(
    ' ',
  )
}

/**
 * `erased`: who answered is as it was, and the words are gone. `unproved`: changed, in a way that an act on the record
 * explains (a person was erased, a better reading of the page came late).
 */
export type Kept = 'same' | 'erased' | 'unproved' | 'words-changed' | 'answers-changed'

/**
 * Whether a bleep still says what was sealed.
 * @param explained who was erased by an act on the record; whether a better reading of the page came after the seal
 */
export function compareRecord(
  sealed: string,
  bleep: Bleep,
  events: readonly AlertEvent[],
  mac: Mac,
  explained: { readonly persons: ReadonlySet<string>; readonly reread: boolean },
): Kept {
  const [count = '', answers, said] = sealed.split(' ')
  const known = events.slice(0, Number(count))
  const [, answersNow, saidNow] = recordDigest(bleep, known, mac).split(' ')
  const renamed = known.some((event) => [...explained.persons].some((one) => canonical(event).includes(one)))
  if (known.length < Number(count)) return 'answers-changed'
  if (answersNow !== answers) return renamed ? 'unproved' : 'answers-changed'
  if (saidNow === said) return 'same'
  if (bleep.erased !== undefined || bleep.restricted !== undefined) return 'erased'
  return renamed || explained.reread ? 'unproved' : 'words-changed'
}
