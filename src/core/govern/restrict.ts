import type { Alert, AlertEvent } from '../alert/alert.ts'
import type { Bleep, Sighting } from '../bleep/bleep.ts'
import type { Instant } from '../instant.ts'
import { bleepWithoutWords } from './erase.ts'
import type { Whole } from './subject.ts'

/** What a bleep held when its words were put apart, so that they can be read for a claim, and put back. */
export interface Apart {
  readonly bleep: Pick<Bleep, 'page' | 'meaning'>
  readonly sightings: readonly Sighting[]
  readonly thread: Alert['thread']
  readonly responders: Alert['responders']
  readonly events: readonly AlertEvent[]
}

/** What is kept apart of a bleep that is restricted. */
export function apartOf({ bleep, sightings, alert, events }: Whole): Apart {
  const { page, meaning } = bleep
  return {
    bleep: { page, ...(meaning === undefined ? {} : { meaning }) },
    sightings,
    thread: alert?.thread ?? [],
    responders: alert?.responders ?? {},
    events,
  }
}

/** The bleep as everybody else has it from `at` on. */
export function restrictedBleep(bleep: Bleep, at: Instant): Bleep {
  return { ...bleepWithoutWords(bleep, at), restricted: at }
}

/** The bleep as it would be with its words: what came since stays as it is. */
export function withWords(whole: Whole, apart: Apart): Whole {
  const { erased: _, restricted: __, ...bleep } = whole.bleep
  const sightings = new Map(apart.sightings.map((one) => [one.id, one]))
  return {
    bleep: { ...bleep, ...apart.bleep },
    sightings: whole.sightings.map((one) => sightings.get(one.id) ?? one),
    alert: whole.alert && {
      ...whole.alert,
      thread: whole.alert.thread.map((said, i) => (said.text === '' ? (apart.thread[i] ?? said) : said)),
      responders: Object.fromEntries(
        Object.entries(whole.alert.responders).map(([id, responder]) => {
          const eta = apart.responders[id as keyof typeof apart.responders]?.eta
          return [id, eta === undefined || responder.eta !== undefined ? responder : { ...responder, eta }]
        }),
      ),
    },
    events: whole.events.map((event, i) => apart.events[i] ?? event),
  }
}
