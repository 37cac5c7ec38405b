import type { BleepId, PersonId } from '../../core/ids.ts'
import type { Millis } from '../../core/instant.ts'
import type { CaptureEraser } from '../../ports/capture.ts'
import type { ErasedLedger } from '../../ports/ledger.ts'
import type { Stored } from '../../ports/tools.ts'

/** Where else than in the database words may be: copies of it, and captured bytes of the lines. */
export interface Elsewhere {
  /** Where what is erased is written down for older copies; absent: the site copies the database itself. */
  readonly ledger?: ErasedLedger | undefined
  /** Absent: nothing is captured here. */
  readonly captures?: CaptureEraser | undefined
}

/** Bytes come a little before and after a page's own times: what is at its edges goes too. */
const EDGE: Millis = 1000

/** Before anything goes from the database, so that a stop between leaves nothing that is forgotten elsewhere. */
export async function eraseElsewhere(
  { store, clock, ledger, captures }: Stored & Elsewhere,
  bleeps: readonly BleepId[],
): Promise<void> {
  await ledger?.note(bleeps.map((bleep) => ({ at: clock.now(), bleep })))
  if (captures === undefined) return
  const sightings = await store.transact((tx) => tx.bleeps.sightingsOf(bleeps))
  const keys = await captures.forget(
    sightings.map(({ feed, page }) => ({ feed, from: page.firstByte - EDGE, to: page.lastByte + EDGE })),
  )
  if (keys.length > 0) await store.transact((tx) => tx.words.gone(keys))
}

/** Captures hold no names of staff. */
export async function erasePersonElsewhere(
  { clock, ledger }: Stored & Elsewhere,
  person: PersonId,
): Promise<void> {
  await ledger?.note([{ at: clock.now(), person }])
}
