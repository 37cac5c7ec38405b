import type { AlertView, TimelineEntry } from '../../../src/core/desk/alert-views.ts'
import type { Card } from '../../../src/core/desk/views.ts'
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

/** What a watcher wants to see of a time line: counted where many do the same, else in the daemon's own words. */
const COUNTED: Readonly<Record<string, (n: number) => string>> = {
  handed: (n) => `handed over to ${n} ${n === 1 ? 'device' : 'devices'}`,
  'on-device': (n) => `${n} ${n === 1 ? 'phone has' : 'phones have'} it`,
}
const TOLD = new Set([
  'stored',
  'accepted',
  'call-back',
  'covered',
  'repeated',
  'cancelled',
  'closed',
  'unreachable',
])

/** A live, readable time line of every alert, taken from the same HTTP surface that the board uses. */
export function createShow(operator: Operator, say: (text: string) => void): Show {
  const marks: Mark[] = []
  const seen = new Map<string, Told>()

  async function look(): Promise<void> {
    const cards = [...(await operator.board())].sort((a, b) => a.raised.localeCompare(b.raised))
    for (const card of cards) {
      const known = seen.get(card.id)
      if (known?.revision === card.revision && card.phase !== 'ringing') continue
      const alert = await operator.alert(card.id)
      tell(alert, known ?? begin(alert))
    }
  }

  function begin(alert: AlertView) {
    const entry = { label: `#${seen.size + 1}`, revision: 0, told: new Set<string>(), phase: '' }
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

  function tell(alert: AlertView, entry: Told): void {
    const fresh = alert.timeline.filter((e) => e.sort !== 'attempt' && isFresh(entry, e))
    for (const group of grouped(fresh)) {
      const [first] = group
      if (!first) continue
      const counted = COUNTED[first.what]
      const step = first.what === 'due' && first.sentence.startsWith('Step ')
      if (counted) line(alert, entry.label, first.after, counted(group.length))
      else if (TOLD.has(first.what) || step)
        line(alert, entry.label, first.after, `${first.sentence}${who(group)}`)
    }
    if (alert.phase !== entry.phase && alert.must.level === 'act') {
      line(
        alert,
        entry.label,
        Date.now() - Date.parse(alert.firstByte ?? alert.raised),
        paint('emergency', `SWITCHBOARD: ${alert.must.sentence}`),
      )
    }
    entry.revision = alert.revision
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

interface Told {
  readonly label: string
  revision: number
  phase: string
  readonly told: Set<string>
}

/** Receipts may be stamped before what was already told, so lines are remembered one by one. */
function isFresh(known: Told, { at, what, person, device }: TimelineEntry): boolean {
  const key = [at, what, person, device].join()
  if (known.told.has(key)) return false
  known.told.add(key)
  return true
}

/** What many devices did since the last look is one line; everything else keeps its own. */
function grouped(entries: readonly TimelineEntry[]): TimelineEntry[][] {
  const groups: TimelineEntry[][] = []
  for (const entry of entries) {
    const like = entry.what in COUNTED ? groups.find((g) => g[0]?.what === entry.what) : undefined
    if (like) like.push(entry)
    else groups.push([entry])
  }
  return groups
}

function who(group: readonly TimelineEntry[]): string {
  const names = group.flatMap((entry) => (entry.name === undefined ? [] : [entry.name]))
  return names.length === 0 || group[0]?.what === 'on-device' ? '' : `: ${[...new Set(names)].join(', ')}`
}

function paint(c: Card['class'], text: string): string {
  return COLOURS ? `\u001b[${PAINT[c]}m${text}\u001b[0m` : text
}
