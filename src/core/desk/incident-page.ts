import { say } from '../catalogue/say.ts'

/** Prints an instant as a time of day of a zone, with its date where one is asked for. */
export function timeIn(timeZone: string, dateStyle?: 'long'): (iso: string) => string {
  const date = dateStyle === undefined ? {} : { dateStyle }
  const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', ...date, timeZone })
  return (iso) => format.format(Date.parse(iso))
}

type Line = Readonly<Record<string, unknown>>

/**
 * The pack as a page that stands alone, made from the lines of its file: no script, nothing fetched.
 * @param clock prints an instant as the site's time of day
 * @param day and with its date
 */
export function incidentPage(
  pack: string,
  clock: (iso: string) => string,
  day: (iso: string) => string,
): string {
  const lines = pack
    .trim()
    .split('\n')
    .map((one): Line => JSON.parse(one))
  const [head = {}] = lines
  const end = lines.at(-1) ?? {}
  const minutes: string[] = []
  let happened: string[] = []
  for (const line of lines.slice(1, -1)) {
    if (line.sort !== 'minute') happened.push(lineOf(line, clock))
    else {
      minutes.push(minuteOf(line, happened, clock))
      happened = []
    }
  }
  const made = { made: day(String(head.made)), by: String(head.by), reason: String(head.reason) }
  const first = String(lines.find((line) => typeof line.at === 'string')?.at ?? head.made)
  return `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(say('incident.title'))}</title><style>${STYLE}</style></head><body>
<h1>${text(say('incident.title'))}</h1>
<p>${text(say('incident.of', { site: String(head.site), day: day(first), ...made }))}</p>
<p>${text(say('incident.says'))}</p>
${minutes.join('\n')}
<p>${text(say('incident.check', { key: String(end.key) }))}</p>
</body></html>
`
}

function minuteOf(line: Line, happened: readonly string[], clock: (iso: string) => string): string {
  const phones = Object.entries(objectOf(line.phones)).map(([id, stage]) => `${id}: ${String(stage)}`)
  const board = Array.isArray(line.board) ? line.board.map(String) : []
  return `<section><h2>${text(say('incident.minute', { clock: clock(String(line.minute)) }))}</h2>
${list(say('incident.happened'), happened)}${list(say('incident.phones'), phones.map(text))}${list(say('incident.board'), board.map(text))}</section>`
}

function lineOf(line: Line, clock: (iso: string) => string): string {
  const said = [
    line.sentence,
    line.what === line.sentence ? '' : line.words,
    line.sort === 'seen' ? line.what : '',
  ]
  const by = [
    line.name,
    Array.isArray(line.roles) ? line.roles.join(', ') : '',
    line.channel,
    line.device,
    line.feed,
  ]
  const words = line.sort === 'bytes' ? [line.bytes] : said
  return `<b>${text(clock(String(line.at)))}</b> ${text(joined(words))} <i>${text(joined(by))}</i>`
}

const joined = (parts: readonly unknown[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(' · ')
const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return `<h3>${text(title)}</h3><ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const text = (plain: string): string => plain.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

const STYLE =
  'body{font:1rem/1.45 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}' +
  'h1{font-size:1.5rem}h2{font-size:1.15rem;margin:1.5rem 0 .25rem;border-top:1px solid #999;padding-top:.75rem}' +
  'h3{font-size:.9rem;margin:.5rem 0 0}ul{margin:0;padding-left:1.2rem}li{overflow-wrap:anywhere}' +
  'i{color:#555}@media print{body{margin:0;max-width:none}section{break-inside:avoid-page}}'
