import { page, text } from '../markup.ts'

interface PlainPage {
  readonly title: string
  /** Rules of this page, behind those of all. */
  readonly style: string
  /** What stands in it, as markup: words come by {@link text} alone. */
  readonly body: string
}

/** A page of a record that stands alone, in the one style of them all. */
export const plainPage = ({ title, style, body }: PlainPage): string =>
  page({ title, style: `${STYLE}${style}`, body: `<main>\n${body}\n</main>` })

/** A heading over lines of markup; nothing where there is none. */
export function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return `<h3>${text(title)}</h3><ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`
}

/** Prints an instant as a time of day of a zone, with its date where one is asked for. */
export function timeIn(timeZone: string, dateStyle?: 'long'): (iso: string) => string {
  const date = dateStyle === undefined ? {} : { dateStyle }
  const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', ...date, timeZone })
  return (iso) => format.format(Date.parse(iso))
}

const STYLE =
  'body{font:1rem/1.45 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}' +
  'h1{font-size:1.5rem}h2{font-size:1.15rem;margin:1.5rem 0 .25rem;border-top:1px solid #999;padding-top:.75rem}' +
  'h3{font-size:.9rem;margin:.5rem 0 0}ul{margin:0;padding-left:1.2rem}li{overflow-wrap:anywhere}' +
  '@page{margin:12mm;@bottom-right{content:counter(page) " / " counter(pages)}}' +
  '@media print{body{margin:0;max-width:none}section{break-inside:avoid-page}}'
