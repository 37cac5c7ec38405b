import { encodeTransmission, type OutgoingPage } from '../../src/core/pocsag/encode.ts'

/** A POCSAG transmitter's data line: idle until a page is keyed, then bits at exactly the line rate. */
export interface Transmitter {
  /** Keys one transmission; settles when its last bit has left. Transmissions queue, as on the air. */
  send(pages: readonly OutgoingPage[], copies?: number): Promise<void>
}

const TICK_MS = 5

/**
 * @param write puts packed bits, most significant first, on the line
 * @param baud 512, 1200 or 2400 bits a second
 */
export function createTransmitter(write: (bytes: Uint8Array) => void, baud: number): Transmitter {
  let queue = Promise.resolve()

  async function transmit(bits: Uint8Array): Promise<void> {
    const began = performance.now()
    let gone = 0
    while (gone < bits.length) {
      await new Promise((next) => setTimeout(next, TICK_MS))
      const due = Math.min(bits.length, Math.floor(((performance.now() - began) * baud) / 8000))
      if (due > gone) write(bits.subarray(gone, due))
      gone = due
    }
  }

  return {
    send(pages, copies = 1) {
      const { bits } = encodeTransmission(pages, { copies })
      queue = queue.then(() => transmit(bits))
      return queue
    },
  }
}
