import type { Card } from '../../../src/core/desk/views.ts'
import type { Operator } from './operator.ts'
import type { Ending } from './scenario.ts'
import type { Mark } from './show.ts'

export interface Verdict {
  readonly failed: number
  readonly text: string
}

/** Holds every scene against what the daemon's board says became of it. */
export async function judge(operator: Operator, url: string, marks: readonly Mark[]): Promise<Verdict> {
  const cards = await operator.board()
  const reviewed = await counter(url, 'bleepbridge_reasons_total{reason="address-unknown"}')
  const lines: string[] = ['', 'What became of each bleep']
  let failed = 0
  for (const mark of marks) {
    const { scene } = mark
    const card = alertOf(mark, marks, cards)
    const wrong = complaint(scene.ends, card, {
      other: (title) => {
        const named = marks.find((m) => m.scene.title === title)
        return named && alertOf(named, marks, cards)
      },
      reviewed,
    })
    if (wrong) failed += 1
    const ended = card
      ? `${card.class} ${card.phase}${card.responders.length > 0 ? `, ${coming(card)} coming` : ''}`
      : 'no alert'
    lines.push(`  ${wrong ? 'WRONG' : 'ok   '}  ${scene.title.padEnd(50)} ${wrong ?? ended}`)
  }
  return { failed, text: lines.join('\n') }
}

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

interface Others {
  readonly other: (title: string) => Card | undefined
  readonly reviewed: number
}

/** What is wrong with how it ended, if anything. */
function complaint(ends: Ending, card: Card | undefined, { other, reviewed }: Others): string | undefined {
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
