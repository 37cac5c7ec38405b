import { say } from '../catalogue/say.ts'
import { type Instant, printInstant } from '../instant.ts'
import { text } from '../markup.ts'
import { plainPage } from './plain-page.ts'
import type { Card } from './views.ts'

/** How far back the sheet goes: the shift that is on and the one before it. */
export const SHIFT_LOG_HOURS = 24

interface Sheet {
  readonly site: string
  readonly now: Instant
  /** False: there were more calls than a sheet holds, and the earliest are not on it. */
  readonly whole: boolean
  /** The newest first. */
  readonly cards: readonly Card[]
  /** An instant as people of the site read it. */
  readonly clock: (at: string) => string
}

const STYLE =
  'body{font:11pt/1.35 system-ui,sans-serif;margin:12mm;max-width:none;color:#000}' +
  'table{border-collapse:collapse;width:100%}th,td{border:1px solid #777;padding:2px 6px;text-align:left;vertical-align:top}' +
  'th{background:#eee}tr{break-inside:avoid}thead{display:table-header-group}.open{font-weight:700}@media print{body{margin:0}}'

/** Calls in one step: about a millisecond. */
const AT_ONCE = 20

/**
 * The switchboard's sheet: every call of the last day, to be printed, and to be read when daemon and network are not
 * there. One file that needs nothing else; what is open stands first. Told in steps: a busy day has thousands of calls.
 */
export function* shiftLogSteps({ site, now, whole, cards, clock }: Sheet): Generator<void, string> {
  const rows = [
    ...cards.filter((c) => c.closed === undefined),
    ...cards.filter((c) => c.closed !== undefined),
  ]
  const lines: string[] = []
  for (const [i, card] of rows.entries()) {
    if (i > 0 && i % AT_ONCE === 0) yield
    lines.push(row(card, clock))
  }
  const made = clock(printInstant(now))
  const heads = [
    say('find.when'),
    say('find.call'),
    say('find.number'),
    say('log.words'),
    say('find.who'),
    say('find.outcome'),
  ]
  return plainPage({
    title: say('log.title'),
    style: STYLE,
    body: `<h1>${text(site)}: ${text(say('log.title'))}</h1>
<p>${text(say('log.made', { at: made, n: SHIFT_LOG_HOURS }))}${whole ? '' : ` <strong>${text(say('log.cut', { n: cards.length }))}</strong>`}</p>
<table><thead><tr>${heads.map((head) => `<th scope="col">${text(head)}</th>`).join('')}</tr></thead><tbody>
${lines.join('\n')}
</tbody></table>
${rows.length === 0 ? `<p>${text(say('log.none'))}</p>` : ''}`,
  })
}

function row(card: Card, clock: (at: string) => string): string {
  const coming = card.responders.filter((r) => card.coming.includes(r.person))
  const who = [
    ...coming.map(
      (r) =>
        `${r.name ?? r.roles[0] ?? r.person}${r.phone === undefined ? '' : ` ${r.phone}`} (${clock(r.since)})`,
    ),
    ...card.missing.filter((m) => m.mandatory).map((m) => say('log.nobody', { role: m.name })),
  ]
  const acting = card.acting === undefined ? '' : `; ${say('log.acting', { by: card.acting.by })}`
  const outcome =
    card.closed === undefined
      ? `${say('log.open')}${acting}`
      : `${card.closed.sentence}, ${card.closed.by}, ${clock(card.closed.at)}`
  const cells = [
    clock(card.raised),
    `${card.title}, ${card.place ?? card.to}`,
    card.number,
    card.words ?? '',
    who.join('; '),
    outcome,
  ]
  return `<tr${card.closed === undefined ? ' class="open"' : ''}>${cells.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`
}
