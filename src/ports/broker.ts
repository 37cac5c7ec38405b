import type { Result } from '../core/faults.ts'
import type { Message } from '../core/measure/telemetry.ts'

export type OnMessage = (topic: string, payload: Uint8Array, retained: boolean) => void

/** One connection to an MQTT broker, kept up by itself. What is retained is published again after every connect. */
export interface Broker {
  readonly connected: boolean
  /** Why it is not: nobody answers, or whoever does will not have us. */
  readonly trouble: 'broker-unreachable' | 'broker-refused' | undefined
  /**
   * At least once to the broker, which is no proof that anyone got it. Settles by its own deadline and never rejects:
   * `broker-unreachable` at once when there is no connection, `broker-timeout` when the broker did not confirm. A
   * retained message is kept and published at the next connect even then.
   */
  publish(message: Message): Promise<Result<void>>
  /**
   * `filter` may hold wildcards. Duplicates are possible after a reconnect. `retained`: the broker kept it from before we
   * asked, so that nobody says it now. Returns how to stop.
   */
  subscribe(filter: string, on: OnMessage): () => void
  /** Told on every change of `connected`. */
  watch(run: (connected: boolean) => void): () => void
  /** Says `offline` and leaves. Settles by its own deadline. */
  close(): Promise<void>
}
