import { clockAt, dayAt, weekday } from '../../core/directory/civil.ts'
import { parseInstant } from '../../core/instant.ts'
import { text } from '../../core/markup.ts'

/* How the report's page puts figures, times and tables into words and markup. */

/** Cells that hold markup of ours; every other cell is escaped. */
export const RAW = 'raw'

export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  kind?: typeof RAW,
): string {
  const body = rows
    .map((row) => `<tr>${row.map((c) => `<td>${kind === RAW ? rawCell(c) : text(c)}</td>`).join('')}</tr>`)
    .join('')
  return `<div class="scroll"><table><thead><tr>${head.map((h) => `<th scope="col">${text(h)}</th>`).join('')}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** Lets only our own three elements through: names come from the site's files. */
function rawCell(cell: string): string {
  return text(cell).replace(/&lt;(\/?(?:em|strong|span))( class=&quot;range&quot;)?&gt;/g, (_, name, more) =>
    more ? `<${name} class="range">` : `<${name}>`,
  )
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export function when(instant: string, zone: string): string {
  const at = parseInstant(instant) ?? 0
  const day = dayAt(at, zone)
  const date = new Date(day * 86_400_000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
  return `${DAYS[weekday(day) - 1]} ${date} ${clockAt(at, zone)}`
}

export const minutes = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} min`)
/** One place, and no minus before nothing. */
export const plain = (value: number): string => (Math.round(value * 10) / 10 + 0).toFixed(1)
export const range = ([low, high]: readonly [number, number]): string => `${plain(low)} to ${plain(high)}`
export const percent = (share: number): string => `${Number((share * 100).toFixed(share > 0.9 ? 2 : 0))} %`
export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
export const plural = (group: string): string =>
  group.endsWith('s') || group.includes(' ') ? group : `${group}s`

export function secondsOf(value: number | null): string {
  return value === null ? '–' : duration(value * 1000)
}

export function duration(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  return `${Math.floor(ms / 60_000)} min ${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')} s`
}

export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-GB')} ${noun}${n === 1 ? '' : 's'}`
}
