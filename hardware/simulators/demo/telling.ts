import type { AlertView, TimelineEntry } from '../../../src/core/desk/alert-views.ts'
import type { ResponderView } from '../../../src/core/desk/views.ts'
import type { Paint } from './paint.ts'

/** One line of the show: when, counted from the first byte on the line, and what. */
export interface Line {
  readonly after: number
  /** One or two words, in a column of their own. */
  readonly verb: string
  readonly text: string
  readonly as?: Paint
}

/** What has been told of an alert, so that nothing is told twice. */
export interface Told {
  readonly label: string
  readonly entries: Set<string>
  readonly rung: Set<string>
  readonly have: Set<string>
  readonly silent: Set<string>
  revision: number
  copies: number
  must: string
}

export const nothingTold = (label: string): Told => ({
  label,
  entries: new Set(),
  rung: new Set(),
  have: new Set(),
  silent: new Set(),
  revision: -1,
  copies: 1,
  must: '',
})

const PAINT = { emergency: 'red', urgent: 'amber', routine: 'blue', test: 'violet' } as const

/** The first line of an alert: what was read from the wire. */
function opening(alert: AlertView): Line {
  const words = alert.words ? `“${alert.words}”` : '(a tone without words)'
  return {
    after: routed(alert),
    verb: alert.class.toUpperCase(),
    text: `${alert.title}, bleep ${alert.number}: ${words}`,
    as: PAINT[alert.class],
  }
}

/**
 * What is new about an alert, in the order it happened, and remembered as told.
 * @param labels alert id → the label that the show gave it
 * @param now milliseconds since 1970
 */
export function news(
  alert: AlertView,
  told: Told,
  labels: ReadonlyMap<string, Told>,
  now: number,
): readonly Line[] {
  const fresh = alert.timeline.filter((entry) => entry.sort !== 'attempt' && isFresh(told, entry))
  const first = told.revision < 0
  told.revision = alert.revision
  return [
    ...(first ? [opening(alert), ...sameAgain(alert, labels)] : []),
    ...[
      ...copies(alert, told),
      ...phones(alert, fresh, told),
      ...answers(alert, fresh),
      ...silent(alert, fresh, told),
      ...steps(alert, fresh),
      ...endings(fresh, alert),
      ...must(alert, told, now),
    ].sort((a, b) => a.after - b.after),
  ]
}

/** Receipts may be stamped before what was already told, so lines are remembered one by one. */
function isFresh(told: Told, { at, what, person, device }: TimelineEntry): boolean {
  const key = [at, what, person, device].join()
  if (told.entries.has(key)) return false
  told.entries.add(key)
  return true
}

const routed = (alert: AlertView): number => alert.hops.find((h) => h.hop === 'routed')?.after ?? 0

function sameAgain(alert: AlertView, labels: ReadonlyMap<string, Told>): Line[] {
  const before = alert.joined.find((j) => j.how === 'earlier' && j.alert !== undefined)
  const label = before?.alert === undefined ? undefined : labels.get(before.alert)?.label
  if (label === undefined) return []
  return [
    {
      after: routed(alert),
      verb: 'again',
      text: `the call of ${label} once more: it may be a second patient, so it rings`,
    },
  ]
}

/** The same bleep heard more than once: by the transmitter's own repeats, or on another line. */
function copies(alert: AlertView, told: Told): Line[] {
  if (alert.heard.length <= told.copies) return []
  told.copies = alert.heard.length
  const feeds = [...new Set(alert.heard.map((h) => h.feed))]
  const how = feeds.length > 1 ? `on ${feeds.length} lines` : `${alert.heard.length} times`
  const last = alert.heard.at(-1)
  const after = last === undefined ? 0 : Date.parse(last.at) - start(alert)
  const better = last?.reason === 'better-reading' ? `, and now in full: “${last.words ?? ''}”` : ''
  return [{ after, verb: 'same bleep', text: `heard ${how}${better}: one alert, and nobody is rung twice` }]
}

function phones(alert: AlertView, fresh: readonly TimelineEntry[], told: Told): Line[] {
  // What goes out after the end only tells people to stop.
  if (alert.phase === 'closed') return []
  const before = `${told.rung.size}/${told.have.size}`
  let after = 0
  for (const entry of fresh) {
    const set = entry.what === 'handed' ? told.rung : entry.what === 'on-device' ? told.have : undefined
    if (set === undefined) continue
    set.add(entry.person ?? entry.device ?? '')
    after = entry.after
  }
  if (`${told.rung.size}/${told.have.size}` === before) return []
  const have = told.have.size === 0 ? '' : `, ${told.have.size} ${told.have.size === 1 ? 'has' : 'have'} it`
  return [{ after, verb: 'phones', text: `${told.rung.size} rung${have}` }]
}

const ANSWERED: Readonly<Record<string, string>> = {
  accepted: 'coming',
  attending: 'on the way',
  arrived: 'arrived',
  'call-back': 'calls back',
  declined: 'cannot come',
  'not-me': 'not theirs',
}

function answers(alert: AlertView, fresh: readonly TimelineEntry[]): Line[] {
  const lines = new Map<string, { after: number; names: string[] }>()
  for (const entry of fresh) {
    const responder = alert.responders.find((r) => r.person === entry.person)
    if (entry.what !== 'answered' || responder === undefined) continue
    const verb = ANSWERED[responder.state] ?? responder.state
    const line = lines.get(verb) ?? { after: 0, names: [] }
    lines.set(verb, { after: entry.after, names: [...line.names, nameOf(responder)] })
  }
  return [...lines].map(([verb, { after, names }]) => ({ after, verb, text: names.join(', ') }))
}

function nameOf({ person, name, roles }: Pick<ResponderView, 'person' | 'name' | 'roles'>): string {
  return `${name ?? person} (${roles.join(', ')})`
}

/** Phones that have not confirmed, each told once. */
function silent(alert: AlertView, fresh: readonly TimelineEntry[], told: Told): Line[] {
  const due = fresh.find((e) => e.what === 'due' && e.sentence.startsWith('Phones that have not confirmed'))
  const quiet = alert.responders.filter((r) => r.state === 'asked' && !told.silent.has(r.person))
  if (due === undefined || quiet.length === 0) return []
  for (const { person } of quiet) told.silent.add(person)
  const text = `${quiet.map(nameOf).join(', ')}: the phone has not confirmed, and is tried again`
  return [{ after: due.after, verb: 'no receipt', text, as: 'amber' }]
}

function steps(alert: AlertView, fresh: readonly TimelineEntry[]): Line[] {
  if (alert.must.level === 'act') return []
  return fresh.flatMap((e) => {
    const says = e.what === 'due' ? /^Step \d+: (.+)$/.exec(e.sentence)?.[1] : undefined
    return says === undefined ? [] : [{ after: e.after, verb: 'next step', text: uncapital(says) }]
  })
}

function endings(fresh: readonly TimelineEntry[], alert: AlertView): Line[] {
  return fresh.flatMap(({ what, after, sentence }): Line[] => {
    if (what === 'covered') {
      const text = alert.responders.length > 1 ? 'every role needed is coming' : 'the call is taken'
      return [{ after, verb: 'COVERED', text, as: 'green' }]
    }
    if (what !== 'cancelled' && what !== 'closed') return []
    return [{ after, verb: what === 'closed' ? 'closed' : 'stood down', text: uncapital(sentence) }]
  })
}

/** What the switchboard has to do, and whom to telephone for it. */
function must(alert: AlertView, told: Told, now: number): Line[] {
  const { level, sentence } = alert.must
  const says = level === 'none' ? '' : `${level} ${sentence}`
  if (says === told.must) return []
  told.must = says
  if (says === '') return []
  const needed = level === 'act' ? alert.missing.filter((m) => m.mandatory) : []
  const people = needed.flatMap((m) => (m.people ?? []).filter((p) => p.phone !== undefined))
  const ring = people.map((p) => `${p.name ?? p.person} on ${p.phone}`).join(', ')
  const text = `${uncapital(sentence)}${ring === '' ? '' : `. Telephone ${ring}`}`
  return [{ after: now - start(alert), verb: 'SWITCHBOARD', text, as: level === 'act' ? 'red' : 'amber' }]
}

function start(alert: AlertView): number {
  return Date.parse(alert.firstByte ?? alert.raised)
}

const uncapital = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
