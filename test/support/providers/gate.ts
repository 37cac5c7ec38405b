import { connect, createServer, type Server, type Socket } from 'node:net'

export interface Gate {
  readonly port: number
  /** Connections made so far. */
  readonly made: number
  /** Where connections are forwarded to. */
  lead(to: number): void
  /** Connections that are open now carry nothing any more and stay open, as when a firewall forgets them. */
  freeze(): void
  close(): Promise<void>
}

/** Stands between a channel and its far end on the network. @param at a port that was free a moment ago; 0: any */
export async function startGate(at = 0): Promise<Gate> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let target = 0
  let made = 0
  const server: Server = createServer((near) => {
    made += 1
    const far = connect(target, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const side of pair) side.on('error', () => {})
    // A line that is reset at one end is no line at the other.
    near.on('close', () => {
      pairs.delete(pair)
      far.destroy()
    })
    far.on('close', () => near.destroy())
    near.pipe(far)
    far.pipe(near)
  })
  await new Promise<void>((done) => server.listen(at, '127.0.0.1', done))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get made() {
      return made
    },
    lead(to) {
      target = to
    },
    freeze() {
      for (const [near, far] of pairs) {
        near.unpipe(far)
        far.unpipe(near)
        near.pause()
      }
    },
    async close() {
      for (const pair of pairs) for (const side of pair) side.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}
