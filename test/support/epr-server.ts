import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Epr } from './epr.ts'

/** A record system behind HTTP on this machine; what `down` says is answered before it is asked. */
export async function serveEpr(
  epr: Epr,
  down: () => number | undefined = () => undefined,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    let text = ''
    for await (const part of request) text += part
    const ill = down()
    const said =
      ill !== undefined
        ? { status: ill, body: {} }
        : url.pathname === '/r4/metadata'
          ? { status: 200, body: { resourceType: 'CapabilityStatement' } }
          : url.pathname === '/r4/Patient'
            ? epr.patients(url.searchParams)
            : epr.transaction(JSON.parse(text))
    response.writeHead(said.status, { 'content-type': 'application/fhir+json' })
    response.end(JSON.stringify(said.body))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((up) => server.once('listening', up))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/r4/`,
    close() {
      server.closeAllConnections()
      return new Promise((down) => server.close(() => down()))
    },
  }
}
