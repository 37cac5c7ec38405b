import { say } from '../catalogue/say.ts'
import type { Reading } from '../govern/permit.ts'
import { page, text } from '../markup.ts'
import type { PolicyView } from './policy-view.ts'

const SEEN: Readonly<Record<Reading, string>> = {
  all: say('policy.all'),
  masked: say('policy.masked'),
  place: say('policy.place'),
  nothing: say('policy.nothing'),
}

/** The policy view as a page that stands alone, to print and to hand in. Nothing is fetched and nothing runs. */
export function policyPage(view: PolicyView): string {
  const { site, made, approval, data, leaves, kept, readers, rules } = view
  const rows = readers.map(({ role, words, names }) => [
    role,
    SEEN[words],
    names ? say('policy.yes') : say('policy.no'),
  ])
  const parts: readonly (readonly [string, string])[] = [
    [say('policy.approvedHead'), approvalOf(approval)],
    [
      say('policy.whereHead'),
      table(
        [],
        data.map(({ what, where }) => [what, where]),
      ),
    ],
    [say('policy.leavesHead'), list(leaves.length === 0 ? [say('policy.leavesNothing')] : leaves)],
    [
      say('policy.keptHead'),
      table(
        [],
        kept.map(({ what, days }) => [what, say('policy.keptDays', { days })]),
      ),
    ],
    [
      say('policy.seesHead'),
      table([say('policy.seesRole'), say('policy.seesWords'), say('policy.seesNames')], rows),
    ],
    [say('policy.rulesHead'), list(rules.length === 0 ? [say('policy.rulesNone')] : rules)],
    [say('policy.peopleHead'), list(peopleOf(view))],
  ]
  const title = say('policy.title', { site })
  const body = parts.map(([head, html]) => `<h2>${text(head)}</h2>\n${html}`).join('\n')
  const when = `${made.slice(0, 10)}, ${made.slice(11, 16)} UTC`
  return page({
    ...{ title, style: STYLE },
    body: `<h1>${text(title)}</h1>\n<p class="span">${text(say('policy.made', { made: when }))}</p>\n${body}`,
  })
}

function approvalOf(approval: PolicyView['approval']): string {
  if (approval === undefined) return list([say('policy.none')])
  const { title, version, by, on = '', review = '', overdue } = approval
  if (by === undefined) return list([say('policy.unapproved', { title, version })])
  const lines = [say('policy.approved', { title, version, by, on, review })]
  return list(overdue ? [...lines, say('policy.overdue')] : lines)
}

function peopleOf({ terms, drill }: PolicyView): readonly string[] {
  const lines: string[] = []
  if (terms !== undefined) {
    lines.push(say('policy.signed', terms))
    const { unsigned = [] } = terms
    if (unsigned.length > 0) lines.push(say('policy.unsigned', { names: unsigned.join(', ') }))
  }
  if (drill !== undefined) {
    const { months, undrilled, names, waived } = drill
    lines.push(say('policy.drills', { months }))
    const who = names?.join(', ') ?? String(undrilled)
    lines.push(undrilled === 0 ? say('policy.allDrilled') : say('policy.undrilled', { names: who }))
    lines.push(...waived.map((one) => say('policy.waived', one)))
  }
  return lines.length === 0 ? [say('policy.rulesNone')] : lines
}

const list = (lines: readonly string[]) =>
  `<ul>${lines.map((line) => `<li>${text(line)}</li>`).join('')}</ul>`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const of = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${text(cell)}</${tag}>`).join('')}</tr>`
  return `<table>${head.length === 0 ? '' : of('th', head)}${rows.map((row) => of('td', row)).join('')}</table>`
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;color:#1d2b36;max-width:52rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin:1.8rem 0 .4rem;border-top:2px solid #c9d1d6;padding-top:.6rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #e1e6e9;vertical-align:top}
ul{padding-left:1.2rem}.span{color:#46555f}@media print{h2{break-after:avoid}tr{break-inside:avoid}}`
