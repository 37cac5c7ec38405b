import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { selfSigned } from '../../../hardware/simulators/certificate.ts'
import type { Interference } from '../../../hardware/simulators/push-service.ts'

export interface FakeGateway {
  readonly url: string
  readonly ca: string
  /** Headers and body of every message, as text. */
  readonly received: readonly string[]
  readonly texts: readonly z.infer<typeof textSchema>[]
  readonly faults: readonly string[]
  /** Answers requests itself instead, until it is given nothing; return false to let one through. */
  interfere(answer: Interference | undefined): void
  close(): Promise<void>
}

/** Exactly what may be sent: a key more is a fault. */
const textSchema = z.strictObject({
  id: z.string(),
  to: z.string(),
  text: z.string().max(160),
  class: z.enum(['emergency', 'urgent', 'routine', 'test']),
})

/** A gateway that takes text messages over HTTPS from whoever has its key; strict about everything. */
export async function fakeGateway(): Promise<FakeGateway> {
  const identity = selfSigned()
  const received: string[] = []
  const texts: z.infer<typeof textSchema>[] = []
  const faults: string[] = []
  let interference: Interference | undefined

  const take = ({ method, headers }: IncomingMessage, response: ServerResponse, body: string) => {
    received.push(JSON.stringify(headers) + body)
    if (method !== 'POST') throw new Error(`method is ${method}`)
    if (headers['content-type'] !== 'application/json') throw new Error('content is not JSON')
    if (headers.authorization !== 'Bearer letmein') throw new Error('key is wrong')
    const text = textSchema.parse(JSON.parse(body))
    if (headers['idempotency-key'] !== text.id) throw new Error('idempotency key is not the id')
    texts.push(text)
    response.writeHead(202)
    response.end()
  }

  const server = createServer({ cert: identity.cert, key: identity.key }, (request, response) => {
    if (interference?.(request, response)) return
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      try {
        take(request, response, body)
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error))
        response.writeHead(400)
        response.end()
      }
    })
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `https://localhost:${port}/sms`,
    ca: identity.cert,
    received,
    texts,
    faults,
    interfere(next) {
      interference = next
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
