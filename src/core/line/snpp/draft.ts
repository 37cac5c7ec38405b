import type { Page } from '../../bleep/bleep.ts'
import type { Instant } from '../../instant.ts'

/** What an SNPP client has said since the last SEND or RESE. */
export interface Draft {
  pagers: string[]
  message: string | undefined
  /** Level, subject, call-back …, by the names a page's fields carry. */
  fields: Record<string, string>
}

export interface DraftLimits {
  readonly maxMessage: number
  readonly maxPagers: number
}

/** Level 2 commands that only set a field of the page, and its name there (RFC 1861, section 4.5). */
export const FIELD_OF: Readonly<Record<string, string>> = {
  ALER: 'alert',
  CALL: 'caller',
  COVE: 'coverage',
  HOLD: 'hold',
  LEVE: 'level',
  SUBJ: 'subject',
}

/** A pager number as this server takes it. */
export const PAGER_ID = /^[\x21-\x7e]{1,32}$/

export function emptyDraft(): Draft {
  return { pagers: [], message: undefined, fields: {} }
}

/** Commands that change the draft, as the reply each gets; undefined for every other command. */
export function editDraft(
  draft: Draft,
  verb: string,
  argument: string,
  limits: DraftLimits,
): string | undefined {
  if (verb === 'PAGE') return addPager(draft, argument, limits)
  if (verb === 'MESS') return setMessage(draft, argument, limits)
  const field = FIELD_OF[verb]
  if (field === undefined) return undefined
  if (argument === '') return '550 A value is missing'
  draft.fields[field] = argument
  return '250 Noted'
}

/** Gives the draft its message. @returns the reply: 250, or why not */
export function setMessage(draft: Draft, message: string, limits: DraftLimits): string {
  if (draft.message !== undefined) return '503 Message is already given'
  if (message === '') return '550 Message is empty'
  if (message.length > limits.maxMessage) return '550 Message is too long'
  draft.message = message
  return '250 Message taken'
}

/** A password may stand behind the number (RFC 1861, section 4.5.1); there is none here, so it is let be. */
function addPager(draft: Draft, argument: string, limits: DraftLimits): string {
  const [id = ''] = argument.split(/[ \t]/, 1)
  if (!PAGER_ID.test(id)) return '550 Pager number is missing or malformed'
  if (draft.pagers.length >= limits.maxPagers) return '552 Too many pagers'
  if (!draft.pagers.includes(id)) draft.pagers.push(id)
  return '250 Pager number taken'
}

/** One page for each pager named, or the reply that says what is missing. */
export function draftPages(draft: Draft, firstByte: Instant, lastByte: Instant): Page[] | string {
  const { pagers, message, fields } = draft
  if (pagers.length === 0) return '503 Pager number is missing'
  if (message === undefined) return '503 Message is missing'
  return pagers.map((pagerId) => ({
    to: { scheme: 'number', number: pagerId },
    type: 'alpha',
    text: message,
    quality: 'clean',
    corrected: 0,
    fields: { pagerId, message, ...fields },
    firstByte,
    lastByte,
  }))
}
