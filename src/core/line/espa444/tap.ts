import type { Instant } from '../../instant.ts'
import { beganAt } from '../kit/held.ts'
import { hearLink, linkDeadline, openLink, startLink, watchLink } from '../kit/link-watch.ts'
import { refuse } from '../kit/outgoing.ts'
import type { LineEffect, LineInput, Wire } from '../kit/protocol.ts'
import type { EspaOptions } from './options.ts'
import { hearAnswer, hearBlock, hearEnq, hearEot, judge, judgeAt, startSide, type Tap } from './pairing.ts'
import { cutShort, type Heard, lose, read, readerDeadline } from './reader.ts'

export function startTap(o: EspaOptions): Tap {
  return {
    role: 'tap',
    o,
    sides: { a: startSide(o, 'a'), b: startSide(o, 'b') },
    link: startLink(),
    nextRef: 1,
  }
}

/** One move of a tap that hears both wires and says nothing; changes `t`, and what it found is put behind `out`. */
export function stepTap(t: Tap, input: LineInput, out: LineEffect[]): void {
  if (input.kind === 'opened') openLink(t.link, input.at)
  else if (input.kind === 'closed') close(t, out)
  else if (input.kind === 'bytes') {
    expire(t, input.at, out)
    const side = input.wire ?? 'a'
    const { reader } = t.sides[side]
    reader.headless = t.o.headless
    for (let i = 0; i < input.bytes.length; i++)
      for (const heard of read(reader, input.bytes[i]!, input.at, beganAt(input, i)))
        hear(t, side, heard, input.at, out)
  } else if (input.kind === 'silence') expire(t, input.at, out)
  else if (input.kind === 'send') refuse(input.ref, 'role-cannot-send', out)
  if (input.kind !== 'closed') wake(t, input.at, out)
}

function hear(t: Tap, wire: Wire, heard: Heard, at: Instant, out: LineEffect[]): void {
  const mine = t.sides[wire]
  const other = t.o.wires === 'two' ? t.sides[wire === 'a' ? 'b' : 'a'] : mine
  switch (heard.kind) {
    case 'lost':
      lose(heard, out)
      return
    case 'enq':
      hearLink(t.link, at, out)
      hearEnq(mine, wire, heard.prefix.trim(), at)
      break
    case 'eot':
      hearEot(mine, at)
      break
    case 'block':
      hearLink(t.link, at, out)
      hearBlock(t, mine, heard.block, at, out)
      break
    case 'ack':
      hearAnswer(other, { taken: true, prefixed: false, at })
      judge(t, other, at, out)
      return
    case 'nak':
      hearAnswer(other, { taken: false, prefixed: /^[1-9]$/.test(heard.prefix), at })
      judge(t, other, at, out)
      return
  }
  judge(t, mine, at, out)
}

function expire(t: Tap, at: Instant, out: LineEffect[]): void {
  for (const side of Object.values(t.sides)) {
    const half = readerDeadline(side.reader, t.o.interByte)
    if (half !== undefined && at >= half) for (const heard of cutShort(side.reader)) lose(heard, out)
    judge(t, side, at, out)
  }
  watchLink(t.link, t.o.linkDown, at, out)
}

function close(t: Tap, out: LineEffect[]): void {
  for (const wire of ['a', 'b'] as const) {
    const side = t.sides[wire]
    for (const heard of cutShort(side.reader)) lose(heard, out)
    judge(t, side, Number.POSITIVE_INFINITY, out, true)
    Object.assign(side, startSide(t.o, wire))
  }
}

function wake(t: Tap, at: Instant, out: LineEffect[]): void {
  const due = [
    ...Object.values(t.sides).flatMap((side) => [
      readerDeadline(side.reader, t.o.interByte),
      judgeAt(t, side, at),
    ]),
    linkDeadline(t.link, t.o.linkDown),
  ].filter((d) => d !== undefined)
  if (due.length > 0) out.push({ kind: 'wake', after: Math.max(1, Math.min(...due) - at) })
}
