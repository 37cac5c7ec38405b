import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { FaultCode } from '../../core/faults.ts'

/** PEM texts. */
export interface Tls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export interface Asked {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** No answer of ours is this long; a far end that goes on for ever is cut off. */
const LONGEST = 1_000_000

/** The exchange failed without an answer that could be read. */
export class ExchangeFailed extends Error {
  readonly fault: FaultCode
  constructor(fault: FaultCode) {
    super(fault)
    this.name = 'ExchangeFailed'
    this.fault = fault
  }
}

/** One server, asked over connections of its own; rejects with `ExchangeFailed`. */
export class Exchange {
  readonly #agent: HttpAgent
  readonly #secure: boolean

  constructor(url: string, tls: Tls = {}) {
    this.#secure = url.startsWith('https:')
    const options = { keepAlive: true, maxSockets: 4 }
    this.#agent = this.#secure
      ? new HttpsAgent({ ...options, ...tls, minVersion: 'TLSv1.2' })
      : new HttpAgent(options)
  }

  ask(url: string, { method, headers, body }: Asked, signal: AbortSignal): Promise<Answered> {
    const start = this.#secure ? httpsRequest : httpRequest
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException) => reject(new ExchangeFailed(faultOf(error)))
      const options = { method, agent: this.#agent, headers: { ...headers, ...length }, signal }
      const call = start(url, options, (response) => {
        const parts: Buffer[] = []
        let size = 0
        response.on('data', (part: Buffer) => {
          size += part.length
          if (size > LONGEST) return call.destroy(new ExchangeFailed('filing-answer-unreadable'))
          parts.push(part)
        })
        // Cut off half-way: nothing is known of what was said.
        response.on('aborted', () => reject(new ExchangeFailed('filing-away')))
        response.on('error', failed)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).flatMap(([name, value]) =>
                typeof value === 'string' ? [[name, value]] : [],
              ),
            ),
            body: Buffer.concat(parts).toString('utf8'),
          }),
        )
      })
      call.on('error', failed)
      call.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** A far end that is there and cannot be trusted, or one that is away. */
export function faultOf(error: NodeJS.ErrnoException): FaultCode {
  if (error instanceof ExchangeFailed) return error.fault
  const code = error.code ?? ''
  return /CERT|SELF_SIGNED|VERIFY|ERR_TLS|ERR_SSL|EPROTO|ISSUER/.test(code)
    ? 'filing-untrusted'
    : 'filing-away'
}
