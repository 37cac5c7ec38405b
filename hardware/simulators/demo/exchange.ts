import { connect } from 'node:net'
import { PRINTS } from '../pbx-records.ts'
import type { Operator } from './operator.ts'
import { pause } from './stop.ts'

/** What prints a record of every call inside the house. */
export const EXCHANGE = 'avaya-ip-office'
const FROM = '4207'
const LOOK_MS = 500
/** Nobody has promised to ring by then. */
const PATIENCE_MS = 20_000
/** From the promise until somebody has found a telephone, and how long they talk. */
const WALKS_MS = 4000
const TALKS_SECONDS = 3

/** Rings the ward back once somebody has promised to, as its record of the call tells the daemon. */
export async function ringBack(
  operator: Operator,
  port: number,
  { number, to }: { readonly number: string; readonly to: string },
): Promise<void> {
  const sent = Date.now()
  for (;;) {
    if (Date.now() - sent > PATIENCE_MS) return
    await pause(LOOK_MS, new AbortController().signal)
    const card = (await operator.board()).find(
      (c) => c.number === number && Date.parse(c.raised) >= sent - 1000,
    )
    if (card?.responders.some(({ state }) => state === 'call-back')) break
  }
  await pause(WALKS_MS, new AbortController().signal)
  const at = new Date()
  await pause(TALKS_SECONDS * 1000, new AbortController().signal)
  const record = PRINTS[EXCHANGE]?.({
    ...{ at, from: FROM, to, ringSeconds: 1, talkSeconds: TALKS_SECONDS - 1, id: at.getTime() % 100_000 },
  })
  const socket = connect(port, '127.0.0.1', () => void socket.end(Buffer.from(record ?? '', 'latin1')))
  socket.on('error', () => undefined)
}
