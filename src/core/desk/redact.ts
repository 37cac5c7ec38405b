import { say } from '../catalogue/say.ts'
import type { Directory } from '../directory/directory.ts'
import type { HospitalNumbers } from '../directory/hospital-numbers.ts'
import type { Reviewed } from '../govern/request.ts'
import type { About } from '../govern/subject.ts'
import { type StaffNames, staffNames, type ThirdParty, thirdPartiesIn } from '../govern/third-party.ts'
import type { CopiedBleep } from './govern-views.ts'

/** One piece of a copied bleep that may name somebody else than whom the pack is for. */
export interface Proposal {
  /** Where it stands: names the text and the letters of it. The decision is kept under it. */
  readonly place: string
  readonly kind: ThirdParty
  readonly words: string
  /** The text it stands in. */
  readonly context: string
}

type Texts = readonly (readonly [key: string, text: string])[]

/** Everything in a copied bleep that may name somebody else, in the order of the page. */
export function proposalsIn(
  copied: CopiedBleep,
  about: About | undefined,
  staff: StaffNames,
  numbers: HospitalNumbers | undefined,
): readonly Proposal[] {
  const free = textsOf(copied).flatMap(([key, text]) =>
    thirdPartiesIn(text, staff, about?.text, numbers).map(({ kind, from, to }) => ({
      ...{ place: `${key}:${from}-${to}`, kind, words: text.slice(from, to), context: text },
    })),
  )
  const names = namesIn(copied, about).map((name) => ({
    ...{ place: `name:${name}`, kind: 'staff' as const, words: name, context: name },
  }))
  return [...free, ...names]
}

/** The proposals that nobody has decided on. */
export function undecided(
  proposals: readonly Proposal[],
  reviewed: Readonly<Record<string, Reviewed>>,
): readonly Proposal[] {
  return proposals.filter(({ place }) => reviewed[place] === undefined)
}

/** The same bleep with what was decided to be hidden taken out; what nobody decided on is hidden too. */
export function redacted(
  copied: CopiedBleep,
  proposals: readonly Proposal[],
  reviewed: Readonly<Record<string, Reviewed>>,
): CopiedBleep {
  const hidden = proposals.filter(({ place }) => reviewed[place]?.hide !== false)
  const names = new Set(hidden.filter(({ place }) => place.startsWith('name:')).map(({ words }) => words))
  const cut = (key: string, text: string): string => {
    const own = hidden.filter(({ place }) => place.startsWith(`${key}:`))
    const spans = own.map(({ place, kind }) => ({ kind, ...spanOf(place) })).sort((a, b) => b.from - a.from)
    return spans.reduce(
      (rest, { kind, from, to }) => rest.slice(0, from) + HIDDEN[kind] + rest.slice(to),
      text,
    )
  }
  const named = <T extends { readonly name?: string | undefined }>(one: T): T =>
    one.name !== undefined && names.has(one.name) ? { ...one, name: HIDDEN.staff } : one
  const { words, fields, readings, alert, seen, ...rest } = copied
  return {
    ...rest,
    ...(words === undefined ? {} : { words: cut('words', words) }),
    ...(fields === undefined
      ? {}
      : {
          fields: Object.fromEntries(Object.entries(fields).map(([k, text]) => [k, cut(`field/${k}`, text)])),
        }),
    readings: readings.map((one, i) => ({ ...one, words: cut(`reading/${i}`, one.words) })),
    ...(alert === undefined
      ? {}
      : {
          alert: {
            ...alert,
            written: alert.written.map((one, i) => ({ ...named(one), text: cut(`written/${i}`, one.text) })),
            timeline: alert.timeline.map((one) => named({ ...one, sentence: without(one.sentence, names) })),
          },
        }),
    seen: seen.map((one) => named(one)),
  }
}

const HIDDEN: Readonly<Record<ThirdParty, string>> = {
  staff: say('requests.staffHidden'),
  relative: say('requests.relativeHidden'),
  named: say('requests.namedHidden'),
  telephone: say('requests.telephoneHidden'),
  identifier: say('requests.identifierHidden'),
}

function spanOf(place: string): { readonly from: number; readonly to: number } {
  const [from = '0', to = '0'] = place.slice(place.lastIndexOf(':') + 1).split('-')
  return { from: Number(from), to: Number(to) }
}

function textsOf({ words, fields, readings, alert }: CopiedBleep): Texts {
  return [
    ...(words === undefined ? [] : [['words', words] as const]),
    ...Object.entries(fields ?? {}).map(([k, text]) => [`field/${k}`, text] as const),
    ...readings.map((one, i) => [`reading/${i}`, one.words] as const),
    ...(alert?.written ?? []).map((one, i) => [`written/${i}`, one.text] as const),
  ]
}

/** Staff by their full names as our own lines name them; whoever the pack is for is not hidden from themselves. */
function namesIn({ alert, seen }: CopiedBleep, about: About | undefined): readonly string[] {
  const all = [...(alert?.written ?? []), ...(alert?.timeline ?? []), ...seen].flatMap(
    ({ name }) => name ?? [],
  )
  const own = about?.text?.toUpperCase()
  return [...new Set(all)].filter((name) => own === undefined || !name.toUpperCase().includes(own))
}

/** Made once for all of a pack: a trust has twenty thousand people. */
export function staffOf({ people }: Directory, about: About | undefined): StaffNames {
  return staffNames([...people.values()].filter(({ id }) => id !== about?.person).map(({ name }) => name))
}

function without(sentence: string, names: ReadonlySet<string>): string {
  return [...names].reduce((text, name) => text.replaceAll(name, HIDDEN.staff), sentence)
}
