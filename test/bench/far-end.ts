import { randomUUID } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { selfSigned } from '../../hardware/simulators/certificate.ts'
import { SubscriptionKeys } from '../../hardware/simulators/push-crypto.ts'

/**
 * The other end of the push bench, in a process of its own so that it costs the daemon's loop nothing: a push service
 * that answers 201 to whatever comes (decryption is proven elsewhere).
 */
export interface PushEnd {
  readonly ca: string
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
}

const identity = selfSigned()
const server = createServer({ cert: identity.cert, key: identity.key }, (request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(201)
    response.end()
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const endpoint = `https://127.0.0.1:${port}/push/${randomUUID()}`
  const said: PushEnd = { ca: identity.cert, endpoint, keys: new SubscriptionKeys().shared }
  process.send?.(said)
})
