import { createHmac } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { selfSigned } from '../../../hardware/simulators/certificate.ts'
import type { Interference } from '../../../hardware/simulators/push-service.ts'

const SERVICE = '26785a09-ab16-4eb0-8407-a37497a57506'
const SECRET = '3d844edf-8d35-48ac-975b-e847b4f122b0'
/** As the service gives them: a name, the service, the secret. */
export const NOTIFY_KEY = `ward_bleeps-${SERVICE}-${SECRET}`
export const NOTIFY_TEMPLATE = 'f33517ff-2a88-4f6e-b855-c550268ce08a'

const textSchema = z.strictObject({
  template_id: z.literal(NOTIFY_TEMPLATE),
  phone_number: z.string().regex(/^\+44\d{10}$/),
  personalisation: z.strictObject({ message: z.string().max(120) }),
  reference: z.string().min(1),
})

export interface FakeNotify {
  readonly url: string
  readonly ca: string
  readonly received: readonly string[]
  readonly texts: readonly z.infer<typeof textSchema>[]
  readonly faults: readonly string[]
  interfere(answer: Interference | undefined): void
  /** What became of the texts so far: the rest of what is said of one. */
  ended(status: string, pounds?: number): void
  /** A text that comes back from a number, as the service writes it: without its plus. */
  back(id: string, number: string, content: string, at: Date): void
  close(): Promise<void>
}

/** GOV.UK Notify's way to send a text (docs.notifications.service.gov.uk/rest-api.html); checks the signed token. */
export async function fakeNotify(): Promise<FakeNotify> {
  const identity = selfSigned()
  const received: string[] = []
  const texts: z.infer<typeof textSchema>[] = []
  const faults: string[] = []
  const back: object[] = []
  let state: object = { status: 'sending', is_cost_data_ready: false }
  let interference: Interference | undefined

  const refuse = (response: ServerResponse, status: number, error: string, message: string) => {
    faults.push(`${status} ${error} ${message}`)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ status_code: status, errors: [{ error, message }] }))
  }
  const take = ({ method, url, headers }: IncomingMessage, response: ServerResponse, body: string) => {
    received.push(JSON.stringify({ ...headers, authorization: '' }) + body)
    if (!isSigned(headers.authorization ?? ''))
      return refuse(response, 403, 'AuthError', 'Invalid token: API key not found')
    const say = (status: number, what: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(what))
    }
    if (method === 'GET' && url === '/v2/received-text-messages')
      return say(200, { received_text_messages: back })
    const asked = /^\/v2\/notifications\/text-(\d+)$/.exec(url ?? '')?.[1]
    if (method === 'GET' && asked !== undefined && Number(asked) <= texts.length)
      return say(200, { id: `text-${asked}`, type: 'sms', ...state })
    if (method !== 'POST' || url !== '/v2/notifications/sms')
      return refuse(response, 404, 'NoResultFound', '')
    const text = textSchema.safeParse(JSON.parse(body))
    if (!text.success) return refuse(response, 400, 'ValidationError', text.error.message)
    texts.push(text.data)
    say(201, { id: `text-${texts.length}`, reference: text.data.reference })
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
    texts,
    faults,
    interfere(answer) {
      interference = answer
    },
    ended(status, pounds) {
      state = { status, is_cost_data_ready: pounds !== undefined, cost_in_pounds: pounds ?? null }
    },
    back(id, number, content, at) {
      back.unshift({ id, user_number: number, content, created_at: at.toISOString() })
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** JSON Web Token, HS256 by the key's secret, issued by the service within 30 s of now. */
function isSigned(authorization: string): boolean {
  const [head = '', claims = '', sum] = authorization.replace(/^Bearer /, '').split('.')
  if (createHmac('sha256', SECRET).update(`${head}.${claims}`).digest('base64url') !== sum) return false
  const { iss, iat } = z
    .object({ iss: z.string(), iat: z.number() })
    .parse(JSON.parse(Buffer.from(claims, 'base64url').toString()))
  return iss === SERVICE && Math.abs(Date.now() / 1000 - iat) < 30
}
