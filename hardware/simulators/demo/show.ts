import type { Operator } from './operator.ts'
import { clock, paint, wrap } from './paint.ts'
import type { Scene } from './scenario.ts'
import { pause } from './stop.ts'
import { type Line, news, nothingTold, type Told } from './telling.ts'

/** When a scene was played, by the clock that the daemon's stamps can be held against. */
export interface Mark {
  readonly scene: Scene
  readonly at: number
}

export interface Show {
  /** Says what is done to the hospital, and remembers when. */
  mark(scene: Scene): void
  marks(): readonly Mark[]
  /** Prints what happens for this long, or until `enough`; 0 or less looks once. */
  watch(ms: number, enough?: AbortSignal): Promise<void>
}

const LOOK_EVERY_MS = 500
const [TIME, LABEL, VERB] = [10, 4, 11]
const INDENT = TIME + LABEL + VERB + 5

/** A live, readable time line of every alert, taken from the same HTTP surface that the board uses. */
export function createShow(operator: Operator, say: (text: string) => void, stop: AbortSignal): Show {
  const marks: Mark[] = []
  const seen = new Map<string, Told>()
  const strangers = new Map<string, number>()

  async function look(): Promise<void> {
    const cards = [...(await operator.board())].sort((a, b) => a.raised.localeCompare(b.raised))
    for (const card of cards) {
      const known = seen.get(card.id)
      if (known?.revision === card.revision) continue
      const alert = await operator.alert(card.id)
      const told = known ?? nothingTold(`#${seen.size + 1}`)
      seen.set(card.id, told)
      for (const one of news(alert, told, seen, Date.now())) line(told.label, one)
    }
    for (const { number, count } of await operator.strangers()) {
      if (strangers.get(number) === count) continue
      strangers.set(number, count)
      const [ric] = number.replace('ric:', '').split('/')
      line('', {
        verb: 'unknown',
        text: `radio address ${ric} is in no directory: rings nobody, and is listed`,
      })
    }
  }

  function line(label: string, { after, verb, text, as }: Omit<Line, 'after'> & { after?: number }): void {
    const time = after === undefined ? '' : `+${(after / 1000).toFixed(1)} s`
    const what = verb.padEnd(VERB)
    say(
      `${time.padStart(TIME)}  ${label.padStart(LABEL)}  ${as ? paint(as, what) : what} ${wrap(text, INDENT)}`,
    )
  }

  return {
    mark(scene) {
      marks.push({ scene, at: Date.now() })
      say(happens(scene.title, sentHow(scene)))
    },
    marks: () => marks,
    async watch(ms, enough = stop) {
      const until = Date.now() + ms
      do {
        await look()
        await pause(Math.min(LOOK_EVERY_MS, until - Date.now()), AbortSignal.any([stop, enough]))
      } while (Date.now() < until && !stop.aborted && !enough.aborted)
    },
  }
}

/** Something that was done to the hospital, and how. */
export function happens(what: string, how: string): string {
  const capital = what.charAt(0).toUpperCase() + what.slice(1)
  return `${clock(Date.now())}  ${paint('bold', `▶ ${capital}`)}   ${paint('quiet', how)}`
}

function sentHow({ air, espa, ask }: Scene): string {
  if (ask) return 'somebody on the ward types it into its screen'
  if (air === undefined) return `the switchboard calls bleep ${espa?.to ?? ''} on its paging line`
  const times = air.copies === undefined ? '' : `, ${air.copies} times`
  return `the transmitter sends to radio address ${air.page.ric}${times}`
}
