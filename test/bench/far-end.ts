import { randomUUID } from 'node:crypto'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { selfSigned } from '../../hardware/simulators/certificate.ts'
import { SubscriptionKeys } from '../../hardware/simulators/push-crypto.ts'

/**
 * The other end of the push bench, in a process of its own so that it costs the daemon's loop nothing. As `push` it is a
 * push service that answers 201 to whatever comes (decryption is proven elsewhere); as `phones` it holds idle
 * connections to an event stream.
 */
export interface PushEnd {
  readonly ca: string
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
}

export interface PhonesAsk {
  readonly port: number
  readonly tokens: readonly string[]
}

function pushEnd(): void {
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
}

/** Opens one stream a token, a hundred at a time, and says `ready` when each has had its first bytes. */
async function phonesEnd({ port, tokens }: PhonesAsk): Promise<void> {
  const open = (token: string) =>
    new Promise<void>((done, fail) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(
          `GET /api/v1/stream HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n\r\n`,
        ),
      )
      socket.once('data', (bytes) => {
        socket.resume()
        if (bytes.toString('latin1').startsWith('HTTP/1.1 200')) done()
        else fail(new Error(bytes.toString('latin1').slice(0, 200)))
      })
      socket.on('error', fail)
    })
  for (let i = 0; i < tokens.length; i += 100) await Promise.all(tokens.slice(i, i + 100).map(open))
  process.send?.('ready')
}

if (process.argv[2] === 'push') pushEnd()
if (process.argv[2] === 'phones') process.once('message', (ask) => void phonesEnd(ask as PhonesAsk))
