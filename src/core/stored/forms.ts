import { type Class, partOf, type ResponderState } from '../vocabulary.ts'
import { asItWas, type Doc, type Form } from './form.ts'

/** Every sort of document that is stored, and the ladder of each. A change to one adds a rung; see form.ts for the rules. */
export const FORMS = {
  bleep: { rungs: [asItWas] },
  sighting: { rungs: [asItWas], names: { begun: 'stored' } },
  alert: { rungs: [sinceCovered], names: { revision: 'version', version: 'decided' } },
  event: { rungs: [sawNothing], names: { version: 'seen' } },
  device: { rungs: [asItWas] },
  code: { rungs: [asItWas] },
  call: { rungs: [asItWas] },
  ask: { rungs: [asItWas] },
  account: { rungs: [asItWas] },
  session: { rungs: [asItWas] },
  filing: { rungs: [asItWas] },
  filingSend: { rungs: [asItWas] },
  erasure: { rungs: [asItWas] },
  request: { rungs: [asItWas] },
  apart: { rungs: [asItWas] },
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
