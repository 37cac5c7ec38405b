import { say } from '../catalogue/say.ts'
import type { FiledDocument } from './document.ts'

/** Civil time as the record shows it: `30/11/2026 03:04`. */
export type PrintTime = (at: number) => string

/** The document as lines of plain text, for a record that shows text. */
export function linesOf(document: FiledDocument, time: PrintTime): readonly string[] {
  const { act, version, title, to, number, place, words, wordsOut, people, stages, thread } = document
  if (act === 'withdraw') return [say('filed.title', { kind: title, to }), say('filed.withdrawn')]
  return [
    say('filed.title', { kind: title, to }),
    ...(version > 1 ? [say('filed.correction', { version: version - 1 })] : []),
    wordsSay(words, wordsOut),
    ...(place === undefined ? [] : [say('filed.at', { place })]),
    say('filed.by', { who: askerSays(document) }),
    say('filed.to', { to, number }),
    say('filed.urgency', { urgency: urgencyOf(document) }),
    say('filed.people'),
    ...(people.length === 0
      ? [`  ${say('filed.nobody')}`]
      : people.map((p) => `  ${p.name} (${p.roles.join(', ')}): ${p.says}, ${time(p.at)}`)),
    say('filed.course'),
    ...stages.map(({ at, says }) => `  ${time(at)} ${says}`),
    ...(thread.length === 0 ? [] : [say('filed.replies')]),
    ...thread.map(({ at, by, text }) => `  ${time(at)} ${by}: ${text}`),
    say('filed.outcome', { outcome: document.outcomeSays }),
  ]
}

/** What was asked, in the words of the page; or that there were none, or that they are left out. */
export function wordsSay(words: string | undefined, out: true | undefined): string {
  if (out === true) return say('filed.wordsOut')
  return words === undefined ? say('filed.wordsNone') : say('filed.asked', { words })
}

/** Where the asker stood: ward and extension, as far as they are known. */
export function askerSays({ asker }: FiledDocument): string {
  const extension =
    asker?.extension === undefined ? undefined : say('filed.extension', { extension: asker.extension })
  const who = [asker?.ward, extension].filter((part) => part !== undefined)
  return who.length === 0 ? say('filed.unknownAsker') : who.join(', ')
}

function urgencyOf({ class: c }: FiledDocument): string {
  switch (c) {
    case 'emergency':
      return say('common.emergency')
    case 'urgent':
      return say('common.urgent')
    case 'routine':
      return say('common.routine')
    case 'test':
      return say('common.test')
  }
}
