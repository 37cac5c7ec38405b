import type { Card } from './views.ts'

/** What somebody looks for; every part that is given must fit. */
export interface Sought {
  /** Anywhere: kind, place, number, words, people. */
  readonly q?: string
  /** Bleep number, from its beginning. */
  readonly number?: string
  readonly place?: string
  /** By its id or in words. */
  readonly kind?: string
  /** A role that was asked or is missing, by its name. */
  readonly role?: string
}

/** Whether a call belongs on the board of this hospital; one of which nobody knows whose it is belongs on all. */
export const isOfHospital = (card: Pick<Card, 'hospital'>, hospital: string | undefined): boolean =>
  hospital === undefined || card.hospital === undefined || card.hospital === hospital

/** Whether a call is one of those that are looked for. Every word must be there somewhere, in any order and any case. */
export function isSought(card: Card, { q, number, place, kind, role }: Sought): boolean {
  const roles = [...card.responders.flatMap((r) => r.roles), ...card.missing.map((m) => m.name)]
  const people = card.responders.map((r) => r.name ?? '')
  const all = [card.title, card.kind, card.place, card.to, card.number, card.words, card.callBack]
  return (
    has([...all, ...roles, ...people], q) &&
    (number === undefined || card.number.startsWith(number.trim())) &&
    has([card.place, card.to], place) &&
    has([card.kind, card.title], kind) &&
    has(roles, role)
  )
}

function has(texts: readonly (string | undefined)[], wanted = ''): boolean {
  const text = plain(texts.join(' '))
  return plain(wanted)
    .split(' ')
    .every((word) => text.includes(word))
}

/** Without accents, case and marks: nobody types these at three in the morning. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
}
