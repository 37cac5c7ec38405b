import { createServer } from 'node:net'
import { Aedes } from 'aedes'

export interface Broker {
  readonly url: string
  close(): Promise<void>
}

/** An MQTT broker on this machine, as a hospital's integration engine would run one. */
export async function startBroker(): Promise<Broker> {
  const aedes = await Aedes.createBroker()
  const server = createServer(aedes.handle)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `mqtt://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        aedes.close(() => server.close(() => done()))
      }),
  }
}
