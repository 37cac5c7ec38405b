import type { AlertView, Card, TimelineEntry } from '../../../src/core/desk/views.ts'
import type { Operator } from './operator.ts'
import type { Scene } from './scenario.ts'

/** When a scene was played, by the clock that the daemon's stamps can be held against. */
export interface Mark {
  readonly scene: Scene
  readonly at: number
}

export interface Show {
  mark(scene: Scene): void
  marks(): readonly Mark[]
  /** Prints what happens for this long; 0 or less looks once. */
  watch(ms: number): Promise<void>
}

const LOOK_EVERY_MS = 250
const COLOURS = !process.env.NO_COLOR && process.stdout.isTTY
const PAINT: Readonly<Record<Card['class'], string>> = {
  emergency: '31;1',
  urgent: '33',
  routine: '36',
  test: '35',
}

/** What a watcher wants to see of a time line, with the words for one and for many. */
const WORTH: Readonly<Record<string, readonly [one: string, many: string]>> = {
  stored: ['page stored', 'pages stored'],
  handed: ['push handed over', 'pushes handed over'],
  'on-device': ['phone has it', 'phones have it'],
  accepted: ['accepts', 'accept'],
  'call-back': ['calls back', 'call back'],
  attending: ['on the way', 'on the way'],
  covered: ['covered: everybody needed is coming', 'covered'],
  due: ['nobody yet: next step', 'steps'],
  repeated: ['the same call again', 'repeats'],
  cancelled: ['called off', 'called off'],
  closed: ['closed', 'closed'],
}

/** A live, readable time line of every alert, taken from the same HTTP surface that the board uses. */
export function createShow(operator: Operator, say: (text: string) => void): Show {
  const marks: Mark[] = []
  const seen = new Map<string, { label: string; version: number; lines: number; phase: string }>()

  async function look(): Promise<void> {
    const cards = [...(await operator.board())].sort((a, b) => a.raised.localeCompare(b.raised))
    for (const card of cards) {
      const known = seen.get(card.id)
      if (known?.version === card.version && known.lines > 0 && card.phase !== 'ringing') continue
      const alert = await operator.alert(card.id)
      tell(alert, known ?? begin(alert))
    }
  }

  function begin(alert: AlertView) {
    const entry = { label: `#${seen.size + 1}`, version: 0, lines: 0, phase: '' }
    seen.set(alert.id, entry)
    const words = alert.words ? ` “${alert.words}”` : ' (tone only)'
    line(
      alert,
      entry.label,
      0,
      paint(alert.class, `${alert.class.toUpperCase()} ${alert.title}`) +
        `, bleep ${alert.number} ${alert.to}${words}`,
    )
    return entry
  }

  function tell(
    alert: AlertView,
    entry: { label: string; version: number; lines: number; phase: string },
  ): void {
    const fresh = alert.timeline.slice(entry.lines)
    for (const group of grouped(fresh)) {
      const [first] = group
      const words = first && WORTH[first.what]
      if (!first || !words) continue
      const text = group.length > 1 ? `${group.length} ${words[1]}` : words[0]
      line(alert, entry.label, first.after, `${text}${who(group)}`)
    }
    if (alert.phase !== entry.phase && alert.must.level === 'act') {
      line(
        alert,
        entry.label,
        Date.now() - Date.parse(alert.firstByte ?? alert.raised),
        paint('emergency', `SWITCHBOARD: ${alert.must.sentence}`),
      )
    }
    entry.version = alert.version
    entry.lines = alert.timeline.length
    entry.phase = alert.phase
  }

  function line(alert: AlertView, label: string, after: number, text: string): void {
    const at = new Date(Date.parse(alert.firstByte ?? alert.raised) + after)
    const clock = at.toISOString().slice(11, 21)
    say(`${clock}  ${label.padStart(4)}  +${(after / 1000).toFixed(2).padStart(6)} s  ${text}`)
  }

  return {
    mark: (scene) => {
      marks.push({ scene, at: Date.now() })
    },
    marks: () => marks,
    async watch(ms) {
      const until = Date.now() + ms
      do {
        await look()
        await new Promise((next) =>
          setTimeout(next, Math.max(0, Math.min(LOOK_EVERY_MS, until - Date.now()))),
        )
      } while (Date.now() < until)
    },
  }
}

function grouped(entries: readonly TimelineEntry[]): TimelineEntry[][] {
  const groups: TimelineEntry[][] = []
  for (const entry of entries) {
    const last = groups.at(-1)
    if (last?.[0]?.what === entry.what) last.push(entry)
    else groups.push([entry])
  }
  return groups
}

function who(group: readonly TimelineEntry[]): string {
  const names = group.flatMap((entry) => (entry.name === undefined ? [] : [entry.name]))
  const [first] = group
  return first && ['accepted', 'call-back', 'attending'].includes(first.what) && names.length > 0
    ? `: ${[...new Set(names)].join(', ')}`
    : ''
}

function paint(c: Card['class'], text: string): string {
  return COLOURS ? `\u001b[${PAINT[c]}m${text}\u001b[0m` : text
}
