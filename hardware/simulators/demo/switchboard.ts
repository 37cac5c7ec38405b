import { PROTOCOLS } from '../../../src/core/line/registry.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import { createFeed } from '../../../src/run/feed.ts'
import type { Pty } from '../pty.ts'

/** An ESPA 4.4.4 control station on a pseudo-terminal: polls like a switchboard and sends its calls out. */
export interface Switchboard {
  /** True when the paging system acknowledged the call. */
  call(to: string, text: string, priority: '1' | '2' | '3'): Promise<boolean>
  stop(): void
}

export function createSwitchboard(pty: Pty, clock: Clock): Switchboard {
  const line = PROTOCOLS.get('espa444')?.open({ role: 'control', station: '1', address: '2' })
  if (!line?.ok) throw new Error('ESPA 4.4.4 has no control role')
  const none = { ok: false, fault: { code: 'line-noise' } } as const
  const feed = createFeed(
    line.value,
    { store: async () => none, call() {}, discarded() {}, noted() {}, write: (bytes) => pty.write(bytes) },
    clock,
  )
  pty.onBytes((bytes) => feed.bytes(bytes, clock.now()))
  feed.opened(clock.now())
  return {
    async call(to, text, priority) {
      const at = clock.now()
      const sent = await feed.send({
        to: { scheme: 'number', number: to },
        type: 'alpha',
        text,
        quality: 'clean',
        corrected: 0,
        fields: { beepCoding: '3', callType: '3', numberOfTransmissions: '1', priority },
        firstByte: at,
        lastByte: at,
      })
      return sent.outcome === 'taken'
    },
    stop: () => feed.stop(),
  }
}
