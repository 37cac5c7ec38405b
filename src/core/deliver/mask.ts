import { IDENTIFIERS, type Identifier, identifiersIn } from '../bleep/identifiers.ts'
import { say } from '../catalogue/say.ts'
import type { HospitalNumbers } from '../directory/hospital-numbers.ts'
import { CHANNELS, type ChannelId } from './channels.ts'

const ALL = IDENTIFIERS
/** What names a patient; whoever has to ring back needs the telephone. */
const PERSON: readonly Identifier[] = ['nhs-number', 'hospital-number', 'date-of-birth', 'postcode']

const SHOWN: Readonly<Record<Identifier, string>> = {
  'nhs-number': say('settings.nhsNumber'),
  'hospital-number': say('settings.hospitalNumber'),
  'date-of-birth': '[date]',
  telephone: '[telephone]',
  postcode: '[postcode]',
}

/** Where text is shown, or to whom: an enrolled phone after unlock by the holder's staff group, or a screen. */
export type Viewer =
  | { readonly kind: 'console' }
  /** A report, an export, a log of the day: no one needs the identifiers there. */
  | { readonly kind: 'report' }
  | { readonly kind: 'device'; readonly channel: ChannelId; readonly clinical: boolean }

/**
 * Which identifiers are masked for whom. Switchboard and clinicians who answer must be able to ring back and find the
 * patient; a shared display or a non-clinical phone needs the place, not the person.
 */
export function maskedFor(viewer: Viewer): readonly Identifier[] {
  switch (viewer.kind) {
    case 'report':
      return ALL
    case 'console':
      return PERSON
    case 'device':
      if (CHANNELS[viewer.channel].masked) return ALL
      return viewer.clinical ? [] : PERSON
  }
}

/**
 * Replaces identifiers by a note of what stood there. Extensions and bleep numbers (3 to 6 digits) are never touched:
 * without them nobody can ring back.
 * @param own finds the hospital's own numbers
 */
export function maskText(text: string, kinds: readonly Identifier[], own?: HospitalNumbers): string {
  let out = ''
  let from = 0
  for (const one of identifiersIn(text, kinds, own)) {
    out += text.slice(from, one.from) + SHOWN[one.kind]
    from = one.to
  }
  return out + text.slice(from)
}
