import { say } from '../catalogue/say.ts'
import { text } from '../markup.ts'
import type { CopiedBleep, SubjectCopy } from './govern-views.ts'
import { list, plainPage } from './plain-page.ts'

/** What the pack's own page needs to say of the request it answers. */
export interface PackOf extends Omit<SubjectCopy, 'about'> {
  /** Found and left out, with a ground. */
  readonly left: number
}

/**
 * The pack as a page that stands alone.
 * @param when prints an instant as a moment of the site
 */
export function packPage(
  { site, made, reason, bleeps, left }: PackOf,
  when: (iso: string) => string,
): string {
  return plainPage({
    title: say('requests.packTitle'),
    style: '',
    body: `<h1>${text(say('requests.packTitle'))}</h1>
<p>${text(say('requests.packFor', { site, day: when(made), reason }))}</p>
<p>${text(say('requests.packSays'))}</p>
${bleeps.length === 0 ? `<p>${text(say('requests.packNone'))}</p>` : bleeps.map((one) => callOf(one, when)).join('\n')}
${left === 0 ? '' : `<p>${text(say('requests.packLeft', { n: left }))}</p>`}`,
  })
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
