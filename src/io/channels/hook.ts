import type { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { agentOptions, type Reach } from './provider.ts'
import { outcomeOf } from './push-results.ts'
import { hear, underWay } from './under-way.ts'

// Not by an import: that reads every name of the module, and some of them load Node's own web clients, 8 MB that rest unused.
const http = process.getBuiltinModule('node:http')

/** What a server goes on to say behind its status may take this long; then its connection is given up. */
const READ_OUT: Millis = 2 * SECOND

export interface Sent {
  readonly method?: 'POST' | 'DELETE'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One server of the site's own choice that is told things by HTTP; its status is its whole word. */
export class Hook {
  readonly #secure: boolean
  readonly #agent: HttpAgent
  readonly #clock: Clock

  constructor(url: string, clock: Clock, reach: Reach = {}) {
    this.#secure = url.startsWith('https:')
    this.#agent = this.#secure ? new HttpsAgent(agentOptions(reach)) : new http.Agent(agentOptions(reach))
    this.#clock = clock
  }

  send(url: string, { method = 'POST', headers, body }: Sent, signal: AbortSignal): Promise<Outcome> {
    return new Promise((resolve) => {
      const message = underWay()
      const start = this.#secure ? httpsRequest : http.request
      const length = { 'content-length': String(Buffer.byteLength(body)) }
      const options = { method, agent: this.#agent, headers: { ...headers, ...length }, signal }
      const call = start(url, options, (response) => {
        response.resume()
        if (message) hear(message, response.headers)
        const rest = this.#clock.after(READ_OUT, () => call.destroy())
        response.on('close', () => rest.cancel())
        const status = response.statusCode ?? 0
        if (status >= 200 && status < 300) return resolve({ kind: 'taken' })
        const said = outcomeOf({ status })
        // It speaks for itself, not for one device: no status of its own can end one.
        if (said.kind === 'dead') resolve({ kind: 'refused', fault: 'push-refused' })
        else resolve(said)
      })
      call.on('error', (error: NodeJS.ErrnoException) =>
        resolve(outcomeOf(error.code === undefined ? {} : { word: error.code })),
      )
      call.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
