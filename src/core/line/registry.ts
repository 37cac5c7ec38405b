import type { z } from 'zod'
import type { Address } from '../bleep/bleep.ts'
import type { Result } from '../faults.ts'
import { given } from '../given.ts'
import { espa444 } from './espa444/espa444.ts'
import { espa444Sender } from './espa444/sender.ts'
import type { LineEffect, LineInput, Protocol, Traits } from './kit/protocol.ts'
import type { LineSender } from './kit/sender.ts'
import { endTelnet, startTelnet, takeTelnet } from './kit/telnet.ts'
import { pocsag } from './pocsag/pocsag.ts'
import { records } from './records/records.ts'
import { snppSender } from './snpp/sender.ts'
import { snpp } from './snpp/snpp.ts'
import { tapSender } from './tap/sender.ts'
import { tap } from './tap/tap.ts'
import { text } from './text/text.ts'

/** One running line: a protocol with its options and state folded in. */
export interface Line {
  /** True when this configuration may never put a byte on a wire. */
  readonly listensOnly: boolean
  readonly traits: Traits
  /** Bytes of one sample, where it hears sound. */
  readonly sample?: number
  /** How a page to go out over this line must be addressed; missing: it sends none. */
  readonly sends?: Address['scheme']
  step(input: LineInput): readonly LineEffect[]
}

/** A protocol as the rest of the house sees it: options still unchecked, state out of sight. */
export interface KnownProtocol {
  readonly id: string
  readonly options: z.ZodType
  readonly traits: Traits
  /** Checks the options (missing ones take their defaults) and starts a line, or gives every fault found. */
  open(options: unknown): Result<Line, readonly z.core.$ZodIssue[]>
  /** For simulators and `bleepd encode`, where the protocol has a sending side of its own. */
  readonly sender?: LineSender
}

/** Every line protocol by the name after `--as` and after `protocol:` in a profile. */
export const PROTOCOLS: ReadonlyMap<string, KnownProtocol> = new Map(
  [
    known(espa444, espa444Sender),
    known(pocsag),
    known(records),
    known(snpp, snppSender),
    known(tap, tapSender),
    known(text),
  ].map((p) => [p.id, p]),
)

/** Closes a protocol over its own types, so that protocols of different states fit one table. */
function known<S, O>(protocol: Protocol<S, O>, sender?: LineSender): KnownProtocol {
  return {
    id: protocol.id,
    ...(sender && { sender }),
    options: protocol.options,
    traits: protocol.traits,
    open(raw) {
      const options = protocol.options.safeParse(raw)
      if (!options.success) return { ok: false, fault: options.error.issues }
      let state = protocol.start(options.data)
      let front = startTelnet()
      const feed = (input: LineInput): readonly LineEffect[] => {
        const [next, effects] = protocol.step(state, input)
        state = next
        return effects
      }
      const line: Line = {
        listensOnly: protocol.listensOnly(options.data),
        traits: protocol.traits,
        ...given({ sample: protocol.sample?.(options.data) }),
        ...given({ sends: protocol.sends?.(options.data) }),
        step(input) {
          if (input.kind === 'opened') front = startTelnet()
          if (protocol.traits.bits || front.over) return feed(input)
          if (input.kind === 'bytes') {
            const bytes = takeTelnet(front, input.bytes)
            // Also when none is left: bytes have come, so what the machine waits for must be waited for anew.
            return feed(bytes === input.bytes ? input : { ...input, bytes })
          }
          const held = input.kind === 'closed' || input.kind === 'silence' ? endTelnet(front) : undefined
          return held?.length
            ? [...feed({ kind: 'bytes', bytes: held, at: input.at }), ...feed(input)]
            : feed(input)
        },
      }
      return { ok: true, value: line }
    },
  }
}
