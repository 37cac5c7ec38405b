import type { BleepId } from '../ids.ts'
import type { Instant, Millis } from '../instant.ts'
import { MINUTE, SECOND } from '../instant.ts'
import { type Bleep, isSure } from './bleep.ts'
import { callBackIn } from './stated.ts'

/** The same number asked for the same thing in the same words within this time: an echo. */
const ECHO: Millis = 30 * SECOND
/** The same place asking the same number again within this time. */
const DEJA: Millis = 10 * MINUTE

/**
 * The earlier bleep a new one belongs with on the screen. Both stay bleeps of their own, both ring as their class says
 * and both are counted. The newest fitting one is named.
 * @param recent bleeps to the same number, newest first
 * @param extensions telephone extension → where it stands
 */
export function relate(
  fresh: Pick<Bleep, 'page' | 'number' | 'id'> & { readonly received: Instant },
  recent: readonly Bleep[],
  extensions: ReadonlyMap<string, string>,
): { readonly bleep: BleepId; readonly reason: 'echo-bleep' | 'deja-bleep' } | undefined {
  const earlier = recent.filter(
    (b) => b.id !== fresh.id && b.number === fresh.number && b.received <= fresh.received,
  )
  const request = requestOf(fresh.page)
  const echo = earlier.find(
    (b) => fresh.received - b.received <= ECHO && sayTheSame(requestOf(b.page), request),
  )
  if (echo !== undefined) return { bleep: echo.id, reason: 'echo-bleep' }

  const callBack = callBackIn(fresh.page.text)
  const placeOf = (telephone: string | undefined) => telephone && extensions.get(telephone)
  const place = placeOf(callBack)
  if (place === undefined) return undefined
  const deja = earlier.find(
    (b) => fresh.received - b.received <= DEJA && placeOf(callBackIn(b.page.text)) === place,
  )
  return deja === undefined ? undefined : { bleep: deja.id, reason: 'deja-bleep' }
}

/** How people ask to be rung: with or without these it is the same request. */
const ASKING = new Set(['PLS', 'PLEASE', 'CALL', 'RING', 'PHONE', 'BACK', 'ON', 'EXT', 'EXTN', 'EXTENSION'])

/** A number alone is often sent twice in one page. */
const wordsOf = (text: string): readonly string[] =>
  text
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '' && !ASKING.has(word))

/** What was said, and how it is told from most else at once: many bleeps are compared with each page, while its line waits. */
interface Request {
  readonly sure: boolean
  readonly words: string
  said(): string
}

/** What each page asks: a number that is bleeped often is looked at again with each page. */
const known = new WeakMap<Bleep['page'], Request>()

function requestOf(page: Bleep['page']): Request {
  const request = known.get(page) ?? read(page)
  known.set(page, request)
  return request
}

function read(page: Bleep['page']): Request {
  const words = wordsOf(page.text)
  return {
    sure: isSure(page),
    words: [...new Set(words)].sort().join(' '),
    said() {
      const callBack = callBackIn(page.text)
      return [callBack ?? '', ...words.filter((word) => word !== callBack)].join(' ')
    },
  }
}

/**
 * The same request in the same words, as far as both were read whole. One ward's telephone stands for many patients: a
 * different word is a different one.
 */
function sayTheSame(a: Request, b: Request): boolean {
  return a.sure && b.sure && a.words === b.words && a.said() === b.said()
}
