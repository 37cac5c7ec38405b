import type { RE2JS } from 're2js'
import type { Directory } from '../directory/directory.ts'
import { given } from '../given.ts'
import type { ReasonCode } from '../reasons.ts'
import { type Class, classRank, type OwnKind } from '../vocabulary.ts'
import { askMeaning } from './asked.ts'
import { type Bleep, isSure, type Meaning, type Page } from './bleep.ts'
import type { Evidence, Rule, Rules } from './rules.ts'
import { isDigits, stated } from './stated.ts'
import { mend, words } from './words.ts'

/** One witness to what a page is for. */
interface Witness {
  readonly evidence: Evidence
  readonly rule: string
  readonly class: Class
  readonly kind?: string
}

/** The page as rules see it: its words as sent and with slips mended, phrases that only look alarming taken out. */
interface Seen {
  readonly page: Page
  readonly number: string
  readonly raw: string
  readonly mended: string
}

/**
 * What a page is for. Address, signalling, text and shape each give evidence. The most urgent evidence decides; where
 * several are as urgent, the earlier in that list does. Text may raise what the address says and never lower it,
 * except an explicit test. The page's own words stay on the bleep: a kind is only ever shown beside them, because
 * callers name the wrong one fairly often.
 */
export function classify(page: Page, number: string, directory: Directory, rules: Rules): Meaning {
  const seen = look(page, number, rules)
  const said = stated(page.text, rules.places)
  const plan = directory.numbers.get(number)
  // A rule of the site about a shape may say how urgent it is and leave its name alone.
  const shape = { ...shapeOf(page, said.callBack), ...first('shape', seen, rules) }
  const heard = [
    planned(number, plan?.kind, plan?.class),
    first('address', seen, rules),
    first('signal', seen, rules),
    first('text', seen, rules),
  ].filter((w) => w !== undefined)
  // That nothing was said is no evidence against what the address says: shape speaks when nobody else does.
  const witnesses = heard.length > 0 ? heard : [shape]
  const winner = witnesses.reduce((best, w) => (classRank(w.class) > classRank(best.class) ? w : best))

  // A page with lost characters, or cut off, may have lost the one word that mattered: it cannot lower or cancel.
  const act = isSure(page)
    ? rules.rules.find((rule) => rule.act !== undefined && fits(rule, seen))
    : undefined
  if (act?.act === 'test') {
    return { kind: act.kind ?? own('test'), class: 'test', rule: act.id, reason: 'class-test', ...said }
  }
  if (act?.act === 'cancel') {
    const loud = classRank(winner.class) > classRank(act.class) ? winner.class : act.class
    return {
      kind: act.kind ?? own('stand-down'),
      class: loud,
      rule: act.id,
      reason: 'class-stand-down',
      ...said,
    }
  }
  return {
    kind: winner.kind ?? nameFrom(witnesses, winner.class, shape.kind),
    class: winner.class,
    rule: winner.rule,
    reason: reasonOf(winner, witnesses),
    ...said,
  }
}

/** What a stored bleep is for. What was put into a screen has no address that could speak for it. */
export function meaningOf(bleep: Bleep, directory: Directory, rules: Rules): Meaning {
  const { ask, page, number } = bleep
  if (ask === undefined) return classify(page, number, directory, rules)
  return askMeaning({ ask, page }, classify(page, '', directory, rules))
}

function look(page: Page, number: string, rules: Rules): Seen {
  const { lookAlikes } = rules
  // Whether there is any is asked first: to replace costs many times as much.
  const hide = (text: string) =>
    lookAlikes?.test(text) === true ? lookAlikes.matcher(text).replaceAll('-') : text
  const sent = words(page.text)
  const raw = hide(sent)
  const mended = mend(sent, rules.keywords, rules.realWords)
  return { page, number, raw, mended: mended === sent ? raw : hide(mended) }
}

function planned(number: string, kind: string | undefined, urgency: Class | undefined): Witness | undefined {
  if (kind === undefined && urgency === undefined) return undefined
  return { evidence: 'address', rule: `plan ${number}`, class: urgency ?? 'routine', ...given({ kind }) }
}

function first(evidence: Evidence, seen: Seen, rules: Rules): Witness | undefined {
  const rule = rules.rules.find((r) => r.evidence === evidence && r.act === undefined && fits(r, seen))
  if (rule === undefined) return undefined
  return { evidence, rule: rule.id, class: rule.class, ...given({ kind: rule.kind }) }
}

/** Rules that lower or cancel read the words as sent; only rules that raise may see mended slips. */
function fits(rule: Rule, { page, number, raw, mended }: Seen): boolean {
  const { to } = page
  if (rule.number !== undefined && !rule.number.includes(number)) return false
  if (rule.ric !== undefined && !(to.scheme === 'ric' && rule.ric.includes(to.ric))) return false
  if (rule.fn !== undefined && !(to.scheme === 'ric' && rule.fn.includes(to.fn))) return false
  if (rule.type !== undefined && !rule.type.includes(page.type)) return false
  for (const [name, values] of Object.entries(rule.fields ?? {})) {
    if (!values.some((value) => value === page.fields[name])) return false
  }
  const either = (pattern: RE2JS) => pattern.test(raw) || (mended !== raw && pattern.test(mended))
  const { text, unless } = rule
  if (text !== undefined && !(rule.act === undefined ? either(text) : text.test(raw))) return false
  return unless === undefined || !either(unless)
}

/** A kind of ours, where the site's rules have no word for it. */
const own = (kind: OwnKind): string => kind

/** What remains to be said of a page that no rule knows. */
function shapeOf(page: Page, callBack: string | undefined): Witness & { readonly kind: string } {
  const kind: OwnKind =
    page.text === '' ? 'tone' : isDigits(page.text) || callBack !== undefined ? 'call-back' : 'text-request'
  return { evidence: 'shape', rule: kind, class: 'routine', kind }
}

/** The name for a winner that has none (a bare priority): the most urgent other evidence that was meant as a name. */
function nameFrom(witnesses: readonly Witness[], urgency: Class, shape: string): string {
  const meant = witnesses.filter((w) => w.kind !== undefined)
  const best = meant.reduce<Witness | undefined>(
    (top, w) => (top === undefined || classRank(w.class) > classRank(top.class) ? w : top),
    undefined,
  )
  if (best?.kind !== undefined) return best.kind
  return urgency === 'emergency' ? own('emergency') : shape
}

function reasonOf(winner: Witness, witnesses: readonly Witness[]): ReasonCode {
  if (winner.evidence !== 'text') return REASON[winner.evidence]
  return witnesses.some((w) => w.evidence === 'address') ? 'class-raised' : 'class-text'
}

const REASON = {
  address: 'class-address',
  signal: 'class-signal',
  shape: 'class-shape',
} as const satisfies Record<Exclude<Evidence, 'text'>, ReasonCode>
