import type { Instant } from '../instant.ts'
import type { EspaOptions } from './espa444-options.ts'
import {
  begin,
  deadline,
  giveUp,
  hearAnswer,
  hearBlock,
  lose,
  moveOn,
  startSide,
  type Tap,
  takeEarly,
} from './espa444-pairing.ts'
import { cutShort, type Heard, read, readerDeadline } from './espa444-reader.ts'
import { beganAt } from './held.ts'
import { hearLink, linkDeadline, openLink, startLink, watchLink } from './link-watch.ts'
import type { LineEffect, LineInput, Wire } from './protocol.ts'

export function startTap(o: EspaOptions): Tap {
  return {
    role: 'tap',
    o,
    sides: { a: startSide(o, 'a'), b: startSide(o, 'b') },
    link: startLink(),
    noiseAt: undefined,
    nextRef: 1,
  }
}

export function stepTap(t: Tap, input: LineInput, out: LineEffect[]): void {
  if (input.kind === 'opened') openLink(t.link, input.at)
  else if (input.kind === 'closed') close(t, out)
  else if (input.kind === 'bytes') {
    expire(t, input.at, out)
    const side = input.wire ?? 'a'
    const on = (heard: Heard) => hear(t, side, heard, input.at, out)
    const { reader } = t.sides[side]
    reader.headless = t.o.headless
    for (let i = 0; i < input.bytes.length; i++)
      read(reader, input.bytes[i]!, input.at, beganAt(input, i), on)
  } else if (input.kind === 'silence') expire(t, input.at, out)
  else if (input.kind === 'send')
    out.push({ kind: 'sent', ref: input.ref, outcome: 'refused', fault: 'role-cannot-send' })
  if (input.kind !== 'closed') wake(t, input.at, out)
}

function hear(t: Tap, wire: Wire, heard: Heard, at: Instant, out: LineEffect[]): void {
  const mine = t.sides[wire]
  const other = t.o.wires === 'two' ? t.sides[wire === 'a' ? 'b' : 'a'] : mine
  switch (heard.kind) {
    case 'lost':
      lose(t, heard, at, out)
      return
    case 'enq':
      hearLink(t.link, at, out)
      moveOn(mine, at)
      begin(t, mine, at)
      mine.asked.push(heard.prefix.trim())
      if (mine.asked.length > 2) mine.asked.shift()
      // The first ENQ of the switchboard is a poll, which ACK does not answer; the paging system only ever selects.
      mine.selecting = wire === 'b' || mine.asked.length === 2 || mine.asked[0] === ''
      if (mine.selecting && takeEarly(t, mine, at) !== undefined) {
        mine.selecting = false
        mine.doubtful = true
        t.noiseAt = at
      }
      return
    case 'eot':
      moveOn(mine, at)
      mine.asked = []
      mine.began = undefined
      return
    case 'block':
      hearLink(t.link, at, out)
      hearBlock(t, mine, heard.block, at, out)
      return
    case 'ack':
    case 'nak':
      hearAnswer(t, other, { taken: heard.kind === 'ack', at }, out)
      return
  }
}

function expire(t: Tap, at: Instant, out: LineEffect[]): void {
  for (const side of Object.values(t.sides)) {
    const half = readerDeadline(side.reader, t.o.interByte)
    if (half !== undefined && at >= half) cutShort(side.reader, (heard) => lose(t, heard, at, out))
    giveUp(t, side, (question) => at >= deadline(t, question), out)
  }
  watchLink(t.link, t.o.linkDown, at, out)
}

function close(t: Tap, out: LineEffect[]): void {
  for (const wire of ['a', 'b'] as const) {
    const side = t.sides[wire]
    cutShort(
      side.reader,
      (h) => h.kind === 'lost' && out.push({ kind: 'discard', bytes: h.bytes, fault: h.fault }),
    )
    giveUp(t, side, () => true, out)
    Object.assign(side, startSide(t.o, wire))
  }
}

function wake(t: Tap, at: Instant, out: LineEffect[]): void {
  const due = [
    ...Object.values(t.sides).flatMap((side) => [
      readerDeadline(side.reader, t.o.interByte),
      ...side.unanswered.map((question) => deadline(t, question)),
    ]),
    linkDeadline(t.link, t.o.linkDown),
  ].filter((d) => d !== undefined)
  if (due.length > 0) out.push({ kind: 'wake', after: Math.max(1, Math.min(...due) - at) })
}
