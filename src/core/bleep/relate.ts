import type { BleepId } from '../ids.ts'
import type { Instant, Millis } from '../instant.ts'
import { MINUTE, SECOND } from '../instant.ts'
import type { Bleep } from './bleep.ts'
import { callBackIn } from './stated.ts'

/** The same number asked to ring the same extension within this time: an echo. */
const ECHO: Millis = 30 * SECOND
/** The same place asking the same number again from another telephone within this time. */
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
  const callBack = callBackIn(fresh.page.text)
  const echo = earlier.find(
    (b) =>
      fresh.received - b.received <= ECHO &&
      (callBack === undefined ? b.page.text === fresh.page.text : callBackIn(b.page.text) === callBack),
  )
  if (echo !== undefined) return { bleep: echo.id, reason: 'echo-bleep' }

  const placeOf = (telephone: string | undefined) => telephone && extensions.get(telephone)
  const place = placeOf(callBack)
  if (place === undefined) return undefined
  const deja = earlier.find(
    (b) => fresh.received - b.received <= DEJA && placeOf(callBackIn(b.page.text)) === place,
  )
  return deja === undefined ? undefined : { bleep: deja.id, reason: 'deja-bleep' }
}
