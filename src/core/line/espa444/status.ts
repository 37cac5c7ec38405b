import type { PageStatus } from '../kit/protocol.ts'
import { encodeBlock } from './block.ts'
import type { Ending } from './master.ts'
import type { EspaOptions } from './options.ts'
import { CALL_STATUS, type EspaFields, HEADER } from './records.ts'

/** What the switchboard may still be told about the calls it gave us. */
export interface EspaStatus {
  calls: { readonly ref: number; readonly fields: EspaFields; status?: PageStatus }[]
  /** Status blocks to give at the next polls, oldest first. */
  queue: { readonly ref: number; readonly block: Uint8Array; tries: number }[]
}

/** Calls remembered: more than any switchboard has open at once. */
const CALLS = 256
/** A status block the switchboard keeps refusing is dropped after so many polls. */
const TRIES = 3
/** Records of the call that let the switchboard match the status to it. */
const MATCHING = ['callAddress', 'beepCoding', 'displayMessage'] as const

export function startStatus(): EspaStatus {
  return { calls: [], queue: [] }
}

/** A call was given to us, and may be asked after. */
export function noteCall(s: EspaStatus, o: EspaOptions, ref: number, fields: EspaFields): void {
  if (o.status === 'never') return
  s.calls.push({ ref, fields })
  if (s.calls.length > CALLS) s.calls.shift()
}

/** What became of a call; told by itself where the line is set to `automatic`. */
export function noteStatus(s: EspaStatus, o: EspaOptions, ref: number, status: PageStatus): void {
  const call = s.calls.find((c) => c.ref === ref)
  if (call === undefined) return
  call.status = status
  if (o.status === 'automatic') enqueue(s, call.ref, call.fields, status, o)
}

/** The switchboard repeats records of a call and asks what became of it: the latest call they fit is meant. */
export function requestStatus(s: EspaStatus, o: EspaOptions, asked: EspaFields): void {
  if (o.status === 'never') return
  const call = s.calls.findLast((c) =>
    MATCHING.every((name) => asked[name] === undefined || asked[name] === c.fields[name]),
  )
  if (call?.status !== undefined) enqueue(s, call.ref, call.fields, call.status, o)
}

/** The status block to give at a poll; undefined: none waits. */
export function nextStatus(s: EspaStatus, o: EspaOptions): Uint8Array | undefined {
  return o.status === 'never' ? undefined : s.queue[0]?.block
}

/** How the giving of the first one ended; one that is refused, or was tried too often, is dropped. */
export function statusSent(s: EspaStatus, ending: Ending): void {
  const first = s.queue[0]
  if (first === undefined) return
  first.tries += 1
  if (ending === 'taken' || ending === 'refused' || first.tries >= TRIES) s.queue.shift()
}

function enqueue(s: EspaStatus, ref: number, call: EspaFields, status: PageStatus, o: EspaOptions): void {
  const fields: Record<string, string> = { header: HEADER.statusInformation }
  for (const name of MATCHING) if (call[name] !== undefined) fields[name] = call[name]
  fields.callStatus = CALL_STATUS[status]
  s.queue.push({ ref, block: encodeBlock(fields, o.charset), tries: 0 })
  if (s.queue.length > CALLS) s.queue.shift()
}
