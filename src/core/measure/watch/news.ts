import { say } from '../../catalogue/say.ts'
import { FAULTS, type Severity } from '../../faults.ts'
import { type Instant, printInstant } from '../../instant.ts'
import type { Standing } from './standing.ts'

/** What somebody was last told that stands: code and subject → since when. */
export type Told = Readonly<Record<string, Instant>>

/** What has changed since then. */
export interface News {
  readonly begun: readonly Standing[]
  readonly still: readonly Standing[]
  /** Code and subject of what stands no more. */
  readonly over: readonly { readonly code: Standing['code']; readonly subject: string }[]
}

const WEIGHT: Readonly<Record<Severity, number>> = { info: 0, warning: 1, alarm: 2 }

/** What of it is at least so grave. */
export const graveEnough = (standing: readonly Standing[], least: Severity): readonly Standing[] =>
  standing.filter(({ code }) => WEIGHT[FAULTS[code].severity] >= WEIGHT[least])

const keyOf = ({ code, subject }: Pick<Standing, 'code' | 'subject'>): string => `${code} ${subject}`

/** @param before what has stood for less is not told yet: most of what comes goes by itself */
export function newsOf(told: Told, standing: readonly Standing[], before: Instant): News {
  const known = standing.filter((one) => Object.hasOwn(told, keyOf(one)))
  const begun = standing.filter((one) => !Object.hasOwn(told, keyOf(one)) && one.since <= before)
  const now = new Set(standing.map(keyOf))
  const over = Object.keys(told)
    .filter((key) => !now.has(key))
    .flatMap((key) => {
      const code = key.slice(0, key.indexOf(' '))
      return isFault(code) ? [{ code, subject: key.slice(code.length + 1) }] : []
    })
  return { begun, still: known, over }
}

const isFault = (code: string): code is Standing['code'] => Object.hasOwn(FAULTS, code)

/** What they have been told once this news has gone out. */
export const toldWith = ({ begun, still }: News): Told =>
  Object.fromEntries([...begun, ...still].map((one) => [keyOf(one), one.since]))

/** Digest of faults as plain text. The detail of a fault may name people and is left out. */
export function newsText({ begun, still, over }: News, node: string): string {
  const line = ({ code, subject, since }: Standing) =>
    `- ${FAULTS[code].sentence} (${subject}, ${printInstant(since)}). ${FAULTS[code].remedy}.`
  const part = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [title, ...lines, ''])
  return [
    say('post.from', { node }),
    '',
    ...part(say('post.begun'), begun.map(line)),
    ...part(
      say('post.over'),
      over.map(({ code, subject }) => `- ${FAULTS[code].sentence} (${subject}).`),
    ),
    ...part(say('post.still'), still.map(line)),
    say('post.noWords'),
  ].join('\n')
}
