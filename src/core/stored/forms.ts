import { type Class, partOf, type ResponderState } from '../vocabulary.ts'
import { asItWas, type Form } from './form.ts'
import type { Doc, WordField } from './words.ts'

/** What the sender wrote, as core/govern/erase.ts takes it out. */
const PAGE: readonly WordField[] = [
  { at: ['page', 'text'], left: '' },
  { at: ['page', 'fields'], left: {} },
  { at: ['page', 'radio', 'words'], left: [] },
]
const MEANING: readonly WordField[] = ['place', 'callBack', 'eta'].map((name) => ({ at: ['meaning', name] }))

/** Every sort of document that is stored, and the ladder of each. A change to one adds a rung; see form.ts for the rules. */
export const FORMS = {
  bleep: { rungs: [asItWas], words: [...PAGE, ...MEANING] },
  sighting: { rungs: [asItWas], names: { begun: 'stored' }, words: PAGE },
  alert: {
    rungs: [sinceCovered],
    names: { revision: 'version', version: 'decided' },
    words: [{ at: ['thread', '*', 'text'], left: '' }, { at: ['responders', '*', 'eta'] }],
    staff: [
      ['thread', '*', 'operator'],
      ['closed', 'operator'],
      ['takenOver', 'by'],
      ['ticks', '*', 'by'],
    ],
  },
  event: {
    rungs: [sawNothing],
    names: { version: 'seen' },
    words: [{ at: ['said', 'text'], left: '' }, { at: ['note'] }],
    staff: [['by', 'operator']],
  },
  device: { rungs: [asItWas] },
  code: { rungs: [asItWas] },
  call: {
    rungs: [asItWas],
    words: [{ at: ['from'], left: '' }, { at: ['to'], left: '' }, { at: ['dialled'] }],
  },
  /** `outside`: where a telephone that is not of the house stands. */
  ask: { rungs: [asItWas], words: [{ at: ['outside'] }], staff: [['told', '*', 'by']] },
  account: { rungs: [asItWas] },
  session: { rungs: [asItWas], staff: [['who']] },
  filing: { rungs: [asItWas], words: [{ at: ['patient'] }], staff: [['by']] },
  filingSend: { rungs: [asItWas], words: [{ at: ['patient'] }] },
  erasure: { rungs: [asItWas], staff: [['by']] },
  request: {
    rungs: [asItWas],
    words: [{ at: ['about'] }, { at: ['items', '*', 'reviewed', '*', 'because'], left: '' }],
    staff: [
      ['by'],
      ['verified', 'by'],
      ['approved', 'by'],
      ['items', '*', 'decided', 'by'],
      ['items', '*', 'reviewed', '*', 'by'],
    ],
  },
  audit: {
    rungs: [asItWas],
    words: [{ at: ['actor'], left: '' }, { at: ['subject'], left: '' }, { at: ['detail'] }, { at: ['salt'] }],
  },
  /** A note that holds words. */
  wordy: { rungs: [asItWas], words: [{ at: ['note'] }] },
  listed: {
    rungs: [asItWas],
    words: [{ at: ['name'] }, { at: ['login'] }, { at: ['external'] }, { at: ['phone'] }, { at: ['doc'] }],
  },
  apart: {
    rungs: [asItWas],
    words: [
      { at: ['bleep'], left: {} },
      { at: ['sightings'], left: [] },
      { at: ['thread'], left: [] },
      { at: ['responders'], left: {} },
      { at: ['events'], left: [] },
    ],
  },
} as const satisfies Readonly<Record<string, Form>>

/**
 * Before 23 November 2026 a covered alert did not say since when. Without it everybody who had not confirmed by then
 * would be rung again: it is covered since the last of those who are coming said so.
 */
function sinceCovered(doc: Doc): Doc {
  if (doc.phase !== 'covered' || doc.covered !== undefined) return doc
  const { responders, plan } = doc as {
    readonly responders: Readonly<Record<string, { readonly state: ResponderState; readonly since: number }>>
    readonly plan: { readonly class: Class }
  }
  const coming = Object.values(responders).filter((r) => partOf(r.state, plan.class) === 'coming')
  return coming.length === 0 ? doc : { ...doc, covered: Math.max(...coming.map((r) => r.since)) }
}

/** Before 23 November 2026 whoever asked another role to come did not say which version was on the screen. */
function sawNothing(doc: Doc): Doc {
  return doc.kind === 'also-ask' && doc.seen === undefined ? { ...doc, seen: 0 } : doc
}
