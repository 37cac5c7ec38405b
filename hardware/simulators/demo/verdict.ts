import type { AlertView } from '../../../src/core/desk/alert-views.ts'
import type { AskView } from '../../../src/core/desk/ask-views.ts'
import type { Card } from '../../../src/core/desk/views.ts'
import { ASSUMED_SECONDS, ASSUMED_SOURCE } from '../../../src/core/measure/report/report.ts'
import type { Hospital } from './hospital.ts'
import { paint } from './paint.ts'
import type { Ending } from './scenario.ts'
import type { Mark } from './show.ts'

export interface Verdict {
  readonly failed: number
  readonly text: string
}

/** Holds every scene against what the daemon's board says became of it. */
export async function judge(
  { operator, url, ward, counted }: Pick<Hospital, 'operator' | 'url' | 'ward' | 'counted'>,
  marks: readonly Mark[],
): Promise<Verdict> {
  const cards = await operator.board()
  const reviewed = await counter(url, 'bleepbridge_reasons_total{reason="address-unknown"}')
  const lines = ['', paint('bold', row('', 'What became of each bleep', 'on a phone', 'covered', 'coming'))]
  const alerts: AlertView[] = []
  const waits: Waits = {}
  let failed = 0
  for (const mark of marks) {
    const { scene } = mark
    const card = alertOf(mark, marks, cards)
    const askedFor = ward.asks().find((ask) => scene.ask !== undefined && ask.to === card?.to)
    if (scene.ends.kind === 'told') waits.told = toldAfter(askedFor)
    if (scene.ends.kind === 'rung-back' && card) waits.rung = rungAfter(await operator.alert(card.id))
    const wrong = complaint(scene.ends, card, {
      waits,
      other: (title) => {
        const named = marks.find((m) => m.scene.title === title)
        return named && alertOf(named, marks, cards)
      },
      reviewed,
    })
    if (wrong) failed += 1
    const alert = card && (await operator.alert(card.id))
    if (alert) alerts.push(alert)
    const figures =
      alert === undefined
        ? ['–', '–', '–']
        : [seconds(first(alert, 'on-device')), seconds(first(alert, 'covered')), `${coming(alert)}`]
    const note = wrong ? paint('red', wrong) : ENDED[scene.ends.kind]
    lines.push(row(wrong ? 'WRONG' : 'ok', scene.title, ...figures, note))
  }
  return {
    failed,
    text: [...lines, '', ...timeSaved(alerts), '', ...bothWays(waits, await counted())].join('\n'),
  }
}

function row(verdict: string, title: string, ...[phone = '', covered = '', come = '', note = '']: string[]) {
  const figures = phone.padStart(10) + covered.padStart(9) + come.padStart(8)
  return `  ${verdict.padEnd(5)} ${title.padEnd(55)} ${figures}   ${note}`.trimEnd()
}

/** What a reader could not tell from the figures. */
const ENDED: Readonly<Record<Ending['kind'], string>> = {
  covered: '',
  exhausted: 'switchboard told to act',
  test: 'a roll-call: who answered is on record',
  review: 'listed, rings nobody',
  'rang-again': 'a second patient, perhaps',
  cancelled: 'ended the call, phones told',
  'seen-twice': 'one bleep, not two',
  told: 'the ward has read who will ring',
  'rung-back': 'the exchange saw the call',
}

/** How long people waited, beside what is published about waiting for a bleep to be returned. */
function timeSaved(alerts: readonly AlertView[]): string[] {
  const median = (values: readonly (number | undefined)[]): string => {
    const known = values.filter((v) => v !== undefined).sort((a, b) => a - b)
    return seconds(known[Math.floor(known.length / 2)])
  }
  const emergencies = alerts.filter((a) => a.class === 'emergency')
  const callBacks = alerts.filter((a) => a.callBack !== undefined)
  const heads = [emergencies.length, callBacks.length]
  return [
    paint('bold', '  Time, from the first byte on the line (medians)'),
    `    ${heads[0]} emergencies: ${median(emergencies.map((a) => first(a, 'on-device')))} to the first phone, ${median(emergencies.map((a) => first(a, 'covered')))} until everybody needed is coming`,
    `    ${heads[1]} call-backs: ${median(callBacks.map((a) => first(a, 'answered')))} until the caller knows that somebody will ring`,
    `    With a pager the caller waits ${ASSUMED_SECONDS} s by the telephone, not knowing (${ASSUMED_SOURCE.split(':')[0]}, a mean).`,
    '    People here are simulated and quick. On a real site `bleepd report` measures the time saved, shift by shift.',
  ]
}

/** Milliseconds from the first byte to the first of its kind. */
function first(alert: AlertView, what: string): number | undefined {
  return alert.timeline.find((e) => e.what === what)?.after
}

const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`)

/** The alert a scene raised: to its number, between its own moment and the next scene's to that number. */
function alertOf(mark: Mark, marks: readonly Mark[], cards: readonly Card[]): Card | undefined {
  const next = marks.find((m) => m.at > mark.at && m.scene.number === mark.scene.number)
  return cards.find((card) => {
    const raised = Date.parse(card.raised)
    return (
      card.number === mark.scene.number &&
      raised >= mark.at &&
      raised < (next?.at ?? Number.POSITIVE_INFINITY)
    )
  })
}

/** How long each ward waited until it knew, milliseconds. */
interface Waits {
  told?: number | undefined
  rung?: number | undefined
}

/** From the asking until the ward's own receipt. */
function toldAfter(ask: AskView | undefined): number | undefined {
  const told = ask?.told.find(({ way, said }) => way === 'screen' && said === ask.said)
  return ask === undefined || told === undefined ? undefined : Date.parse(told.at) - Date.parse(ask.at)
}

/** From the first byte until the exchange saw somebody ring: after the promise, which came by phone. */
function rungAfter({ timeline }: AlertView): number | undefined {
  return timeline.filter((e) => e.what === 'answered')[1]?.after
}

/** The two loops side by side, and that the report counts both. */
function bothWays({ told, rung }: Waits, requests: number): string[] {
  return [
    paint('bold', '  The loop, both ways'),
    `    On its own screen the ward knew after ${seconds(told)} who will ring, and its receipt says so.`,
    `    By radio, the ward waited ${seconds(rung)} at the telephone until it rang, as the exchange recorded.`,
    `    \`bleepd report\` counts ${requests} requests to be called back, these two among them.`,
  ]
}

interface Others {
  readonly waits: Waits
  readonly other: (title: string) => Card | undefined
  readonly reviewed: number
}

/** What is wrong with how it ended, if anything. */
function complaint(
  ends: Ending,
  card: Card | undefined,
  { other, reviewed, waits }: Others,
): string | undefined {
  switch (ends.kind) {
    case 'covered':
      if (card?.phase !== 'covered' && card?.phase !== 'closed')
        return `is ${card?.phase ?? 'missing'}, not covered`
      if (card.class !== ends.class) return `is ${card.class}, not ${ends.class}`
      if (coming(card) < (ends.people ?? 1)) return `${coming(card)} coming, not ${ends.people ?? 1}`
      return card.repeats === (ends.repeats ?? card.repeats)
        ? undefined
        : `${card.repeats} repeats, not ${ends.repeats}`
    case 'exhausted':
      return card?.phase === 'exhausted' ? undefined : `is ${card?.phase ?? 'missing'}, not exhausted`
    case 'test':
      if (card?.class !== 'test') return `is ${card?.class ?? 'missing'}, not a test`
      return coming(card) > 0 ? undefined : 'nobody answered the roll-call'
    case 'told':
      return waits.told === undefined ? 'the ward was not told' : undefined
    case 'rung-back':
      return waits.rung === undefined ? 'the exchange saw no call' : undefined
    case 'review':
      if (card) return 'rang phones'
      return reviewed >= 1 ? undefined : 'was not put to review'
    case 'rang-again': {
      const first = other(ends.as)
      if (card === undefined || first === undefined) return 'did not raise an alert of its own'
      return card.id !== first.id && coming(card) > 0 ? undefined : 'rang nobody'
    }
    case 'cancelled': {
      const first = other(ends.as)
      return first?.phase === 'closed' ? undefined : `the call it ends is ${first?.phase ?? 'missing'}`
    }
    case 'seen-twice': {
      if (card) return 'raised an alert of its own'
      const first = other(ends.as)
      return first && first.sightings >= 2 ? undefined : 'was not joined to the first sighting'
    }
  }
}

function coming(card: Card): number {
  return card.responders.filter((r) => ['accepted', 'call-back', 'attending', 'arrived'].includes(r.state))
    .length
}

async function counter(url: string, series: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((l) => l.startsWith(series))
  return Number(line?.slice(series.length).trim().split(' ')[0] ?? 0)
}
