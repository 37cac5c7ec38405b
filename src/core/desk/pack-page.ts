import { say } from '../catalogue/say.ts'
import type { CopiedBleep, SubjectCopy } from './govern-views.ts'

/** What the pack's own page needs to say of the request it answers. */
export interface PackOf extends Omit<SubjectCopy, 'about'> {
  /** Found and left out, with a ground. */
  readonly left: number
}

/**
 * The pack as a page that stands alone: read on a screen, printed, kept for years. No script, nothing fetched.
 * @param when prints an instant as a moment of the site
 */
export function packPage(
  { site, made, reason, bleeps, left }: PackOf,
  when: (iso: string) => string,
): string {
  return `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(say('requests.packTitle'))}</title><style>${STYLE}</style></head><body>
<h1>${text(say('requests.packTitle'))}</h1>
<p>${text(say('requests.packFor', { site, day: when(made), reason }))}</p>
<p>${text(say('requests.packSays'))}</p>
${bleeps.length === 0 ? `<p>${text(say('requests.packNone'))}</p>` : bleeps.map((one) => callOf(one, when)).join('\n')}
${left === 0 ? '' : `<p>${text(say('requests.packLeft', { n: left }))}</p>`}
</body></html>
`
}

function callOf(one: CopiedBleep, when: (iso: string) => string): string {
  const { received, to, words, fields, readings, alert, seen, erased } = one
  const others = readings.filter((reading) => reading.words !== words)
  const sent = [words ?? '', ...Object.values(fields ?? {}), ...others.map((reading) => reading.words)]
  const said = [...new Set(sent)].filter((line) => line !== '')
  return `<section><h2>${text(say('requests.packCall', { day: when(received) }))}</h2>
<p>${text(say('requests.packTo', { to }))}</p>
${erased === undefined ? '' : `<p>${text(say('requests.packErased', { day: when(erased) }))}</p>`}
${list(say('requests.packText'), said.map(text))}
${list(
  say('requests.packWritten'),
  (alert?.written ?? [])
    .filter((line) => line.text !== '')
    .map((line) => `${text(when(line.at))}: ${text(line.text)} <i>${text(line.name ?? '')}</i>`),
)}
${list(
  say('requests.packHappened'),
  (alert?.timeline ?? []).map(
    (line) => `${text(when(line.at))}: ${text(line.sentence)} <i>${text(line.name ?? '')}</i>`,
  ),
)}
${list(
  say('requests.packSeen'),
  seen.map((line) => `${text(when(line.at))}: ${text(line.name ?? '')} ${text(line.what)}`),
)}</section>`
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return `<h3>${text(title)}</h3><ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const text = (plain: string): string => plain.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

const STYLE =
  'body{font:1rem/1.45 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}' +
  'h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2rem 0 .25rem;border-top:1px solid #999;padding-top:1rem}' +
  'h3{font-size:1rem;margin:.75rem 0 .25rem}ul{margin:0;padding-left:1.2rem}li{overflow-wrap:anywhere}' +
  '@media print{body{margin:0;max-width:none}section{break-inside:avoid-page}}'
