import type { Page } from '../../src/core/bleep/bleep.ts'
import type { LineEffect, LineInput } from '../../src/core/line/kit/protocol.ts'
import { PROTOCOLS } from '../../src/core/line/registry.ts'
import type { Pty } from './pty.ts'

export type Outcome = 'taken' | 'refused' | 'no-answer'

/** A protocol of ours played on the far end of a line, with real time: the peer that the daemon talks to. */
export interface Runner {
  /** Sends one page and tells what the daemon answered. */
  send(to: string, text: string, fields?: Readonly<Record<string, string>>): Promise<Outcome>
  stop(): void
}

/**
 * @param options the protocol's own, such as `{ role: 'control' }` for a switchboard
 * @param onPage hears the pages that the daemon sends to this peer
 */
export function runLine(
  protocol: string,
  options: Record<string, unknown>,
  pty: Pty,
  onPage: (page: Page) => void = () => undefined,
): Runner {
  const opened = PROTOCOLS.get(protocol)?.open(options)
  if (!opened?.ok) throw new Error(`${protocol} does not take these options`)
  const line = opened.value
  const waiting = new Map<number, (outcome: Outcome) => void>()
  let wake: NodeJS.Timeout | undefined
  let next = 1

  const take = (input: LineInput): void => {
    for (const effect of line.step(input)) act(effect)
  }
  const act = (effect: LineEffect): void => {
    if (effect.kind === 'reply') pty.write(effect.bytes)
    else if (effect.kind === 'wake') {
      clearTimeout(wake)
      wake = setTimeout(() => take({ kind: 'silence', at: performance.now() }), effect.after)
    } else if (effect.kind === 'sent') {
      waiting.get(effect.ref)?.(effect.outcome)
      waiting.delete(effect.ref)
    } else if (effect.kind === 'page') {
      onPage(effect.page)
      take({ kind: 'stored', ref: effect.ref, at: performance.now() })
    }
  }

  pty.onBytes((bytes) => take({ kind: 'bytes', bytes, at: performance.now() }))
  take({ kind: 'opened', at: performance.now() })
  return {
    send: (to, text, fields = {}) =>
      new Promise((done) => {
        const ref = next++
        waiting.set(ref, done)
        take({ kind: 'send', ref, page: pageTo(to, text, fields), at: performance.now() })
      }),
    stop: () => clearTimeout(wake),
  }
}

function pageTo(number: string, text: string, fields: Page['fields']): Page {
  return {
    to: { scheme: 'number', number },
    type: text === '' ? 'tone' : 'alpha',
    text,
    quality: 'clean',
    corrected: 0,
    fields,
    firstByte: 0,
    lastByte: 0,
  }
}
