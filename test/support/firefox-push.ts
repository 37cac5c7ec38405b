import { randomUUID } from 'node:crypto'
import { createServer as createHttp } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { selfSigned } from '../../hardware/simulators/certificate.ts'

/** What Firefox says to its push server, as far as a subscription and its messages need it. */
const said = z.object({ messageType: z.string().optional(), channelID: z.string().optional() })

export interface FirefoxPush {
  /** For the preference `dom.push.serverURL`. */
  readonly url: string
  /** PEM that a sender must trust to post to an endpoint. */
  readonly ca: string
  /** Bodies as posted, encrypted. */
  readonly posted: readonly Buffer[]
  close(): Promise<void>
}

/**
 * A push service for Firefox on this machine: the browser registers over a WebSocket and gets endpoints; what is posted
 * to one (RFC 8030) is handed to the browser as it came, still encrypted (RFC 8291), so that the browser decrypts it.
 */
export async function startFirefoxPush(): Promise<FirefoxPush> {
  const identity = selfSigned()
  const posted: Buffer[] = []
  const channels = new Map<string, (body: Buffer, ttl: number) => void>()

  const endpoints = createServer({ cert: identity.cert, key: identity.key }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const deliver = channels.get((request.url ?? '').slice('/push/'.length))
      const body = Buffer.concat(chunks)
      posted.push(body)
      response.writeHead(deliver === undefined ? 410 : 201, { location: `/message/${randomUUID()}` }).end()
      deliver?.(body, Number(request.headers.ttl))
    })
  })
  const origin = `https://localhost:${await listen(endpoints)}`

  const http = createHttp()
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (socket) => {
    const reply = (message: object) => socket.send(JSON.stringify(message))
    socket.on('message', (raw: Buffer) => {
      const { messageType, channelID = '' } = said.parse(JSON.parse(raw.toString('utf8')))
      if (messageType === undefined) reply({})
      if (messageType === 'hello')
        reply({ messageType, uaid: randomUUID().replaceAll('-', ''), status: 200, use_webpush: true })
      if (messageType === 'register') {
        channels.set(channelID, (body, ttl) =>
          reply({
            messageType: 'notification',
            channelID,
            version: randomUUID(),
            ttl,
            data: body.toString('base64url'),
            headers: { encoding: 'aes128gcm' },
          }),
        )
        reply({ messageType, channelID, status: 200, pushEndpoint: `${origin}/push/${channelID}` })
      }
      if (messageType === 'unregister') {
        channels.delete(channelID)
        reply({ messageType, channelID, status: 200 })
      }
    })
  })
  const port = await listen(http)

  return {
    url: `ws://127.0.0.1:${port}/`,
    ca: identity.cert,
    posted,
    async close() {
      for (const client of sockets.clients) client.terminate()
      endpoints.closeAllConnections()
      await Promise.all([endpoints, http].map((server) => new Promise((done) => server.close(done))))
    },
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)),
  )
}
