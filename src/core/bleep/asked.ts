import type { Directory } from '../directory/directory.ts'
import { wardOf } from '../directory/wards.ts'
import { given } from '../given.ts'
import { classRank, type OwnKind } from '../vocabulary.ts'
import type { Asked, Bleep, Meaning, Page } from './bleep.ts'

/** What the asker wrote, in short fields: situation and background, what is wanted, where, who, which telephone. */
export interface AskWords {
  readonly what: string
  readonly want?: string
  readonly place?: string
  readonly identifier?: string
  readonly callBack?: string
}

/** The words as one line, as a pager or a phone shows them. */
export function askText({ what, want, place, identifier, callBack }: AskWords): string {
  const parts = [what, want, identifier, place, callBack === undefined ? undefined : `Call ${callBack}`]
  return parts
    .flatMap((part) => (part === undefined || part === '' ? [] : [part.replace(/[.\s]+$/, '')]))
    .join('. ')
}

/**
 * What such a call means. Its class is the asker's, and only ever raised by what the words say: somebody who writes
 * `cardiac arrest` into a routine call means an arrest.
 * @param read what the rules of the site make of the same words, without an address
 */
export function askMeaning(
  { ask, page }: Pick<Bleep, 'page'> & { readonly ask: Asked },
  read: Meaning,
): Meaning {
  const { place, callBack } = page.fields
  const stated = given({ place: place ?? read.place, callBack: callBack ?? read.callBack, eta: read.eta })
  if (read.class !== 'test' && classRank(read.class) > classRank(ask.urgency)) return { ...read, ...stated }
  const kind: OwnKind = callBack === undefined ? 'text-request' : 'call-back'
  return { kind, class: ask.urgency, rule: 'asked', reason: 'class-asked', ...stated }
}

/** Where a call came from, as far as anybody can tell. */
export interface Asker {
  readonly ward?: string
  readonly extension?: string
}

/** Names under which lines give the telephone that a call was made from. */
const CALLER_FIELDS = ['ext', 'caller', 'from'] as const

/** Who asked: the screen it was put into, the line's own caller field, or the telephone to ring back. */
export function askerOf(bleep: Bleep, directory: Directory): Asker | undefined {
  const extension = bleep.meaning?.callBack ?? callerOf(bleep.page)
  const ward = bleep.ask?.ward ?? (extension === undefined ? undefined : wardOf(extension, directory))
  if (ward === undefined && extension === undefined) return undefined
  return given({ ward, extension })
}

function callerOf({ fields }: Page): string | undefined {
  const name = CALLER_FIELDS.find((field) => /^\d{3,6}$/.test(fields[field] ?? ''))
  return name === undefined ? undefined : fields[name]
}
