import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { selfSigned } from '../../../hardware/simulators/certificate.ts'
import type { Interference } from '../../../hardware/simulators/push-service.ts'

/** A message as the phones that listen to its topic show it, the newest of each sequence. */
type Shown = z.infer<typeof messageSchema>

export interface FakeNtfy {
  readonly url: string
  readonly ca: string
  /** Method, path and body of everything that came, as text. */
  readonly received: readonly string[]
  /** What stands on the phones that listen to this topic now, by sequence. */
  shown(topic: string): readonly Shown[]
  /** Whatever a real server would refuse or turn into something else. */
  readonly faults: readonly string[]
  interfere(answer: Interference | undefined): void
  close(): Promise<void>
}

const ID = /^[-_A-Za-z0-9]{1,64}$/

/** docs.ntfy.sh, "Publish as JSON" and "Action buttons"; what we never send is not known here, so it is a fault. */
const messageSchema = z.strictObject({
  topic: z.string().regex(ID),
  sequence_id: z.string().regex(ID),
  title: z.string().max(250),
  message: z.string().min(1).max(4096),
  priority: z.int().min(1).max(5),
  tags: z.array(z.string().regex(/^[a-z_]+$/)).max(5),
  click: z.url(),
  actions: z
    .array(
      z.strictObject({
        action: z.literal('http'),
        label: z.string().min(1),
        url: z.url(),
        method: z.literal('POST'),
        clear: z.boolean(),
        headers: z.record(z.string(), z.string()),
        body: z.string(),
      }),
    )
    .max(3),
})

/** As `ntfy token add` gives them. */
export const NTFY_TOKEN = 'tk_0123456789abcdef0123456789abc'

/** A self-hosted ntfy server that lets one token publish; strict where a real one would refuse. */
export async function fakeNtfy(token = NTFY_TOKEN): Promise<FakeNtfy> {
  const identity = selfSigned()
  const received: string[] = []
  const faults: string[] = []
  const topics = new Map<string, Map<string, Shown>>()
  let interference: Interference | undefined

  const screen = (topic: string) => {
    const known = topics.get(topic) ?? new Map<string, Shown>()
    topics.set(topic, known)
    return known
  }
  const end = (response: ServerResponse, status: number, code: number, error: string) => {
    if (status >= 400) faults.push(`${status} ${code} ${error}`)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(status < 400 ? { id: 'aAbBcCdDeEfF', event: 'message' } : { code, error }))
  }
  const take = ({ method, url = '', headers }: IncomingMessage, response: ServerResponse, body: string) => {
    received.push(`${method} ${url} ${body}`)
    if (headers.authorization !== `Bearer ${token}`) return end(response, 403, 40_301, 'forbidden')
    if (method === 'DELETE') {
      const [, topic = '', sequence = '', ...more] = url.split('/')
      if (!ID.test(topic) || !ID.test(sequence) || more.length > 0)
        return end(response, 404, 40_401, 'page not found')
      screen(topic).delete(sequence)
      return end(response, 200, 0, '')
    }
    if (method !== 'POST' || url !== '/') return end(response, 400, 40_024, 'not published as JSON')
    const message = messageSchema.safeParse(JSON.parse(body))
    if (!message.success) return end(response, 400, 40_027, message.error.message)
    screen(message.data.topic).set(message.data.sequence_id, message.data)
    return end(response, 200, 0, '')
  }

  const server = createServer({ cert: identity.cert, key: identity.key }, (request, response) => {
    if (interference?.(request, response)) return
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => take(request, response, body))
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `https://localhost:${port}`,
    ca: identity.cert,
    received,
    faults,
    shown: (topic) => [...screen(topic).values()],
    interfere(answer) {
      interference = answer
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
