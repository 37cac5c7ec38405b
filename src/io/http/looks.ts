import type { AsksView } from '../../core/desk/ask-views.ts'
import { asId } from '../../core/ids.ts'
import { SECOND } from '../../core/instant.ts'
import type { Caller } from '../../ports/desk.ts'
import { DEFECT, DEFECT_OVER } from '../../ports/log.ts'
import { StoreFault } from '../../ports/store.ts'
import type { HttpParts } from './parts.ts'

/** Where events go. */
export interface Listener {
  send(event: string, data: unknown, id?: number): void
  /** The same of an event as it goes over the wire (`frame`), made once for many who are told the same. */
  write(bytes: Uint8Array): void
}

/** Looks what is new and tells it; false: the caller may no longer look. */
export type Look = (to: Listener) => Promise<boolean>

/**
 * The shortest time between two messages about what a board shows beside the alerts. Links and rotas do not change
 * with every answer.
 */
const SITE_PAUSE = 2 * SECOND

/** Sends the whole board first, then what changed since the last look. False: the caller may no longer look. */
export function board(parts: Pick<HttpParts, 'desk' | 'clock' | 'log'>, caller: Caller): Look {
  let shown: Map<string, string> | undefined
  let waiting: string | undefined
  let stands: string | undefined
  let looked = Number.NEGATIVE_INFINITY

  const alerts: Look = async (to) => {
    const said = await parts.desk.board(caller, { phase: 'open' })
    if (!said.ok) return false
    const now = new Map(said.value.alerts.map((a) => [a.id, JSON.stringify(a)]))
    if (shown === undefined) to.send('board', said.value)
    else {
      for (const a of said.value.alerts) if (shown.get(a.id) !== now.get(a.id)) to.send('alert', a)
      for (const id of shown.keys()) {
        if (now.has(id)) continue
        const gone = await parts.desk.card(caller, asId(id))
        to.send('closed', { id, ...(gone.ok ? { card: gone.value } : {}) })
      }
    }
    shown = now
    return true
  }
  const review: Look = async (to) => {
    const said = await parts.desk.review(caller)
    if (!said.ok) return false
    const bleeps = JSON.stringify(said.value.bleeps)
    if (bleeps !== waiting) to.send('review', said.value)
    waiting = bleeps
    return true
  }
  const site: Look = async (to) => {
    // Whichever way the clock was set meanwhile.
    if (Math.abs(parts.clock.now() - looked) < SITE_PAUSE) return true
    looked = parts.clock.now()
    const said = await parts.desk.site(caller)
    if (!said.ok) return false
    const { now: _, ...rest } = said.value
    const view = JSON.stringify(rest)
    if (view !== stands) to.send('site', said.value)
    stands = view
    return true
  }
  // One after the other: a board that comes back after a cut gets all three whole.
  const each = [partOf(parts, 'board', alerts), partOf(parts, 'review', review), partOf(parts, 'site', site)]
  return async (to) => {
    for (const look of each) if (!(await look(to))) return false
    return true
  }
}

/** One part of what a board shows: its defect is told once and leaves the other parts as they are. */
function partOf({ log }: Pick<HttpParts, 'log'>, subject: string, look: Look): Look {
  let failing = false
  const fault = 'view-failed'
  return async (to) => {
    try {
      const may = await look(to)
      if (failing) log.info(DEFECT_OVER, { fault, subject })
      failing = false
      return may
    } catch (error) {
      if (error instanceof StoreFault) throw error
      if (!failing) log.error(DEFECT, { fault, subject, error })
      failing = true
      return true
    }
  }
}

/** What a ward has asked and what became of it, whole, whenever it has changed. */
export function asked(parts: Pick<HttpParts, 'desk'>, caller: Caller): Look {
  let shown = ''
  return async (to) => {
    const said = await parts.desk.asks(caller)
    if (!said.ok) return false
    const { asks, bytes } = printed(said.value)
    if (asks !== shown) to.write(bytes)
    shown = asks
    return true
  }
}

interface Printed {
  readonly asks: string
  readonly bytes: Uint8Array
}

/** A list as it goes over the wire: all screens of a ward are given the same one, so it is printed once. */
function printed(view: AsksView): Printed {
  const known = prints.get(view)
  if (known !== undefined) return known
  const bytes = Buffer.from(frame('asks', JSON.stringify(view)))
  const made = { asks: JSON.stringify(view.asks), bytes }
  prints.set(view, made)
  return made
}
const prints = new WeakMap<AsksView, Printed>()

/** An event on the wire. @param json what it says */
export const frame = (event: string, json: string, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`

/** The inbox from a cursor on, and what the device may keep of it. */
export function inbox(parts: Pick<HttpParts, 'desk'>, caller: Caller, since: number): Look {
  let cursor = since
  let kept = ''
  return async (to) => {
    for (;;) {
      const said = await parts.desk.inbox(caller, cursor)
      if (!said.ok) return false
      for (const item of said.value.items) to.send('inbox', item, item.cursor)
      const keeps = JSON.stringify(said.value.kept)
      if (keeps !== kept) to.send('kept', said.value.kept)
      kept = keeps
      cursor = said.value.cursor
      if (!said.value.more) return true
    }
  }
}
