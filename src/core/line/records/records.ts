import type { Step } from '../../step.ts'
import { latin1, withoutBom } from '../kit/bytes.ts'
import type { LineEffect, LineInput, Protocol } from '../kit/protocol.ts'
import { type Framed, TextFramer } from '../text/framer.ts'
import { type RecordsOptions, recordsOptions } from './options.ts'
import { RecordReader } from './read.ts'

interface RecordsState {
  readonly framer: TextFramer
  readonly reader: RecordReader
  /** Civil date of the last date record. */
  date?: string
  /** A line that was no record by itself, where the layout puts some in two. */
  half?: { readonly line: string; readonly bytes: Uint8Array }
}

/** Call records of telephone exchanges: never written to, layouts are the profile's data. */
export const records: Protocol<RecordsState, RecordsOptions> = {
  id: 'records',
  traits: { side: 'other', needsProfile: true, feedName: 'pbx' },
  options: recordsOptions,
  listensOnly: () => true,
  start: (options) => ({ framer: new TextFramer(options.framing), reader: new RecordReader(options) }),
  step(state, input): Step<RecordsState, LineEffect> {
    const out: LineEffect[] = []
    for (const item of framed(state, input)) {
      if (item.kind === 'discard') out.push(item)
      else use(state, latin1(withoutBom(item.record.body)), item.record.body, out)
    }
    if (input.kind === 'closed') setAside(state, out)
    const { patience } = state.framer
    if (patience !== undefined && (input.kind === 'bytes' || input.kind === 'silence'))
      out.push({ kind: 'wake', after: patience })
    return [state, out]
  },
}

function framed(state: RecordsState, input: LineInput): Framed[] {
  const found: Framed[] = []
  if (input.kind === 'bytes') state.framer.push(input.bytes, input.began ?? input.at, input.at, found)
  else if (input.kind === 'silence') state.framer.pause(input.at, found)
  else if (input.kind === 'closed') state.framer.close(found)
  return found
}

function use(state: RecordsState, line: string, bytes: Uint8Array, out: LineEffect[]): void {
  const { half, reader } = state
  const whole = half && reader.complete(half.line, line, state.date)
  if (whole) delete state.half
  else setAside(state, out)
  const outcome = whole ?? reader.read(line, state.date)
  if (outcome === undefined && reader.inTwoLines) state.half = { line, bytes }
  else if (outcome === undefined) out.push({ kind: 'discard', bytes, fault: 'record-unmatched' })
  else if (outcome.kind === 'noise') out.push({ kind: 'note', reason: 'noise-line' })
  else if (outcome.kind === 'date') {
    state.date = outcome.date
    out.push({ kind: 'note', reason: 'date-record' })
  } else {
    const raw = whole && half ? `${half.line}\n${line}` : line
    out.push({ kind: 'call', record: outcome.record, printed: outcome.printed, raw })
  }
}

/** The first half of a record whose second never came. */
function setAside(state: RecordsState, out: LineEffect[]): void {
  if (state.half) out.push({ kind: 'discard', bytes: state.half.bytes, fault: 'record-unmatched' })
  delete state.half
}
