import { connect, createServer, type Socket } from 'node:net'

/** A cable between a browser and a server that can be pulled and plugged in again. */
export interface Cable {
  readonly port: number
  pull(): void
  plug(): void
  /** Nothing goes through any more and nothing is closed, as with a server that hangs or a network that is cut. */
  freeze(): void
  close(): Promise<void>
}

export async function startCable(to: number): Promise<Cable> {
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) return void near.destroy()
    const far = connect(to, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    pull() {
      whole = false
      cut()
    },
    plug() {
      whole = true
    },
    freeze() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    close() {
      cut()
      return new Promise((done) => void server.close(() => done()))
    },
  }
}
