import { connect, createServer, type Socket } from 'node:net'
import type { Address } from './database.ts'

/** A node's way to one server, which can become a hole: nothing passes, and nobody is told. */
export interface Way {
  readonly port: number
  hole(): void
  /** What was on the way when it became a hole is gone: both ends hear of it now. */
  heal(): void
  close(): void
}

export async function wayTo({ host, port }: Address): Promise<Way> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let lost = false
  const server = createServer((near) => {
    const far = connect(port, host)
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => undefined)
      from.on('data', (bytes) => {
        if (!lost) to.write(bytes)
      })
      from.on('close', () => {
        if (lost) return
        pairs.delete(pair)
        to.destroy()
      })
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const end = (): void => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy()
      far.destroy()
    }
    pairs.clear()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    hole() {
      lost = true
    },
    heal() {
      lost = false
      end()
    },
    close() {
      server.close()
      end()
    },
  }
}
