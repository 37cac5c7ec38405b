import type { Plan } from '../alert/alert.ts'
import type { Meaning, Page } from '../bleep/bleep.ts'
import { classify } from '../bleep/classify.ts'
import type { Rules } from '../bleep/rules.ts'
import { say } from '../catalogue/say.ts'
import { type Directory, type Target, targetKey } from '../directory/directory.ts'
import { type FaultValue, failed, ok, type Result } from '../faults.ts'
import { given } from '../given.ts'
import { asId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { classRank } from '../vocabulary.ts'
import { type CallKind, callKinds } from './calls.ts'
import { type Policies, planFor } from './policy.ts'

/** What the switchboard wants to call. A kind, or whom to call, or both. */
export interface CallAsk {
  readonly kind?: string
  /** A bleep number, or `role:…`, `team:…`, `person:…`. */
  readonly to?: string
  readonly place?: string
  readonly text?: string
  /** The telephone that it was asked from. */
  readonly from?: string
  /** One for each press of whoever asks: the same again is that call, whose answer was lost on the way. */
  readonly press?: string
}

/** A call as it will be stored, raised and sent. */
export interface CallToStart {
  readonly number: string
  readonly page: Page
  readonly meaning: Meaning
  readonly to: Target
  readonly plan: Plan
  readonly mass: boolean
  /** It has a pager number, so that it can go out by radio. */
  readonly pager: boolean
}

export interface StartParts {
  readonly directory: Directory
  readonly policies: Policies
  readonly rules: Rules
  /** Whether there is a way on to the air. */
  readonly radio: boolean
}

/** Encoders shorten what is longer, and a shortened page is no more known as ours. */
const LONGEST = 200

/**
 * What a call from the desk means and whom it asks. The operator's word for it stands; what they type may make it more
 * urgent and never less. Its first step also goes out by radio, so that pagers and phones ring together.
 */
export function callToStart(
  { place: typed, ...ask }: CallAsk,
  at: Instant,
  parts: StartParts,
): Result<CallToStart, FaultValue> {
  // Marks that cannot be seen turn the order of what can: a bed would read backwards.
  const place = typed?.replace(/[\p{Cc}\p{Cf}]/gu, '').trim() || undefined
  const { directory, policies, rules } = parts
  const kind = kindOf(ask, parts)
  if (kind !== undefined && !kind.ok) return kind
  const chosen = kind?.value
  const wanted = ask.to ?? chosen?.number
  if (wanted === undefined) return failed('request-invalid', say('refusals.bodyKindWhomCall'))
  const target = targetOf(wanted, directory)
  if (target === undefined) return failed('call-unknown', wanted)
  const { number, to } = target
  const row = directory.numbers.get(number)
  const text = pagerWords([chosen && (chosen.words ?? chosen.name ?? said(chosen.kind)), place, ask.text])
  const page: Page = {
    ...{ to: { scheme: 'number', number }, type: text === '' ? 'tone' : 'alpha', text, quality: 'clean' },
    ...{ corrected: 0, fields: given({ from: ask.from, press: ask.press }), firstByte: at, lastByte: at },
  }
  const read = classify(page, number, directory, rules)
  const known = chosen && (chosen.class ?? row?.class)
  const urgency = known === undefined || classRank(read.class) > classRank(known) ? read.class : known
  const meaning: Meaning = {
    ...read,
    ...{ class: urgency, kind: chosen?.kind ?? read.kind, rule: 'call-desk', reason: 'called-at-desk' },
    ...given({ place, callBack: ask.from }),
  }
  const planned = planFor(policies, { class: urgency, kind: meaning.kind, number }, to, directory, at)
  const pager = row !== undefined
  const plan = pager && parts.radio ? withRadio(planned) : planned
  return ok({ number, page, meaning, to, plan, pager, mass: chosen?.mass ?? false })
}

/** Absent where none was named; a kind that two numbers carry needs the number as well. */
function kindOf(ask: CallAsk, { directory, policies }: StartParts): Result<CallKind, FaultValue> | undefined {
  if (ask.kind === undefined) return undefined
  const all = callKinds(policies.calls, directory).filter(({ kind }) => kind === ask.kind)
  const [first, ...others] = all
  if (first === undefined) return failed('call-unknown', ask.kind)
  const named = all.find(({ number }) => number === ask.to)
  // The order of the site's own list is its choice; where there is no list, nobody has chosen.
  const sure = ask.to !== undefined || policies.calls.kinds.length > 0 || others.length === 0
  if (!sure) return failed('call-unclear', all.map(({ number }) => number).join(', '))
  return ok(named ?? first)
}

function targetOf(
  wanted: string,
  directory: Directory,
): { readonly number: string; readonly to: Target } | undefined {
  const row = directory.numbers.get(wanted)
  if (row !== undefined) return { number: wanted, to: row.to }
  const [sort, name = ''] = wanted.split(/:(.*)/s)
  const to: Target | undefined =
    sort === 'role' && directory.roles.has(asId(name))
      ? { kind: 'role', role: asId(name) }
      : sort === 'team' && directory.teams.has(asId(name))
        ? { kind: 'team', team: asId(name) }
        : sort === 'person' && directory.people.get(asId(name))?.active
          ? { kind: 'person', person: asId(name) }
          : undefined
  if (to === undefined) return undefined
  const key = targetKey(to)
  const carrying = [...directory.numbers.values()].find((n) => targetKey(n.to) === key && n.class !== 'test')
  return { number: carrying?.number ?? key, to }
}

function withRadio(plan: Plan): Plan {
  const [first, ...rest] = plan.steps
  return first === undefined ? plan : { ...plan, steps: [{ ...first, radio: true }, ...rest] }
}

const said = (kind: string) => kind.replaceAll('-', ' ')

/** As every pager can show it, so that what comes back from the air is known again: capitals, no accents. */
function pagerWords(parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[‘’]/g, "'")
    .toUpperCase()
    .replace(/[^\x20-\x7E]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, LONGEST)
    .trim()
}
