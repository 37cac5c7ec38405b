/* Pages that stand alone: read on a screen, printed, kept for years. No script, nothing fetched. */

interface PlainPage {
  readonly title: string
  /** Rules of this page, behind those of all. */
  readonly style: string
  /** What stands in it, as markup: words come by {@link text} alone. */
  readonly body: string
}

export const plainPage = ({ title, style, body }: PlainPage): string => `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(title)}</title><style>${STYLE}${style}</style></head><body><main>
${body}
</main></body></html>
`

/** A heading over lines of markup; nothing where there is none. */
export function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return `<h3>${text(title)}</h3><ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** Words as markup that shows them. */
export const text = (plain: string): string => plain.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

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
