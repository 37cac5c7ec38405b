import { createServer } from 'node:net'

/** The preferred port where it is free, so that the address in the README works; else any. 0: any. */
export async function freePort(preferred: number): Promise<number> {
  for (const port of [preferred, 0]) {
    const server = createServer()
    const found = await new Promise<number | undefined>((done) => {
      server.once('error', () => done(undefined))
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        done(typeof address === 'object' && address ? address.port : undefined)
      })
    })
    await new Promise((done) => server.close(done))
    if (found !== undefined) return found
  }
  return preferred
}
