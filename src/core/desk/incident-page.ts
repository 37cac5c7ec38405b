import { say } from '../catalogue/say.ts'
import { wayInWords } from '../deliver/way-words.ts'
import { text } from '../markup.ts'
import { list, plainPage } from './plain-page.ts'

type Line = Readonly<Record<string, unknown>>

/**
 * The pack as a page that stands alone, made from the lines of its file.
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
  const stood = new Map<unknown, unknown>()
  for (const line of lines.slice(1, -1)) {
    if (line.sort !== 'minute') {
      happened.push(lineOf(line, clock))
      if (line.device !== undefined) stood.set(line.device, line.sentence)
    } else {
      minutes.push(minuteOf(line, happened, stood, clock))
      happened = []
    }
  }
  const made = { made: day(String(head.made)), by: String(head.by), reason: String(head.reason) }
  const first = String(lines.find((line) => typeof line.at === 'string')?.at ?? head.made)
  return plainPage({
    title: say('incident.title'),
    style: 'i{color:#555}',
    body: `<h1>${text(say('incident.title'))}</h1>
<p>${text(say('incident.of', { site: String(head.site), day: day(first), ...made }))}</p>
<p>${text(say('incident.says'))}</p>
${minutes.join('\n')}
<p>${text(say('incident.check', { key: String(end.key) }))}</p>`,
  })
}

/** @param stood what each phone had by then, in words: its own line of the file has a code */
function minuteOf(
  line: Line,
  happened: readonly string[],
  stood: ReadonlyMap<unknown, unknown>,
  clock: (iso: string) => string,
): string {
  const phones = Object.entries(objectOf(line.phones)).map(
    ([id, stage]) => `${id}: ${String(stood.get(id) ?? stage)}`,
  )
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
    typeof line.channel === 'string' ? wayInWords(line.channel) : '',
    line.device,
    line.feed,
  ]
  const words = line.sort === 'bytes' ? [line.bytes] : said
  return `<b>${text(clock(String(line.at)))}</b> ${text(joined(words))} <i>${text(joined(by))}</i>`
}

const joined = (parts: readonly unknown[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(' · ')
const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})
