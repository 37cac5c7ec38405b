import { UNCLEAR } from '../unclear.ts'
import type { Page } from './bleep.ts'

/** What a page may say where: the word that names it, and what follows up to the next word. */
const NAMED = [
  [/\bbed\W{0,3}\S{0,4}/giu, 'bed'],
  [/\b(?:ward|wd)\W{0,3}\S{0,8}/giu, 'ward'],
  [/\b(?:room|bay|cubicle)\W{0,3}\S{0,4}/giu, 'room'],
  [/\btheatre\W{0,3}\S{0,4}/giu, 'theatre'],
  [/\bzone\W{0,3}\S{0,4}/giu, 'zone'],
  [/\b(?:level|floor)\W{0,3}\S{0,4}/giu, 'level'],
  [/\b(?:ext|extension|ring|call|phone|tel)\W{0,3}[\d\uFFFD][\d\uFFFD ]{0,12}/giu, 'telephone'],
] as const

/**
 * What its readers have to check of a page, in one sentence; undefined where all of it is sure. The most telling part
 * comes first: whom it was for, a bed, a number to ring, then words at large.
 */
export function unclearIn(page: Page): string | undefined {
  const { text, quality, radio } = page
  if (radio?.doubt?.startsWith('address')) return UNCLEAR.address
  const spans = [...(radio?.doubted ?? []), ...lostIn(text)]
  const touched = (from: number, to: number) => spans.some(([a, b]) => a < to && b > from)
  for (const [pattern, name] of NAMED)
    for (const { index, 0: found } of text.matchAll(pattern))
      if (touched(index, index + found.length)) return UNCLEAR[name]
  if (spans.length > 0) return page.type === 'numeric' ? UNCLEAR.digits : UNCLEAR.words
  if (quality === 'unterminated') return UNCLEAR.end
  const unsure = quality === 'damaged' || quality === 'doubtful' || radio?.suspect
  return unsure ? UNCLEAR.words : undefined
}

function lostIn(text: string): (readonly [number, number])[] {
  return [...text.matchAll(/\uFFFD+/gu)].map(({ index, 0: lost }) => [index, index + lost.length] as const)
}
