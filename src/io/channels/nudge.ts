import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { PushSettings } from '../../config/push.ts'
import { nudgeNumber } from '../../core/deliver/nudge-number.ts'
import { lockScreen } from '../../core/deliver/payload.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { agentOptions, ProviderCalls, type Reach } from './provider.ts'
import { outcomeOf } from './push-results.ts'
import { hear, underWay } from './under-way.ts'

/** What a gateway goes on to say behind its status may take this long; then its connection is given up. */
const READ_OUT: Millis = 2 * SECOND

/** A hook shaped like an SMS gateway: somebody is told to look at their phone, and nothing else. */
export function nudge({ url, token }: PushSettings['nudge'], clock: Clock, reach: Reach = {}): Channel {
  const secure = url.startsWith('https:')
  const agent = secure ? new HttpsAgent(agentOptions(reach)) : new HttpAgent(agentOptions(reach))
  const calls = new ProviderCalls(clock)

  const post = (body: string, id: string, signal: AbortSignal): Promise<Outcome> =>
    new Promise((resolve) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        // The attempt's id: a gateway that knows it sends one text, however often it is asked.
        'idempotency-key': id,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      }
      const message = underWay()
      const start = secure ? httpsRequest : httpRequest
      const call = start(url, { method: 'POST', agent, headers, signal }, (response) => {
        response.resume()
        if (message) hear(message, response.headers)
        const rest = clock.after(READ_OUT, () => call.destroy())
        response.on('close', () => rest.cancel())
        const status = response.statusCode ?? 0
        if (status >= 200 && status < 300) return resolve({ kind: 'taken' })
        const said = outcomeOf({ status })
        // The hook speaks for itself, not for one telephone: no status of its own can end a device.
        if (said.kind === 'dead') resolve({ kind: 'refused', fault: 'push-refused' })
        else resolve(said)
      })
      call.on('error', (error: NodeJS.ErrnoException) =>
        resolve(outcomeOf(error.code === undefined ? {} : { word: error.code })),
      )
      call.end(body)
    })

  return {
    id: 'nudge',
    async send(attempt, device, bell, signal) {
      const to = nudgeNumber.safeParse(device.address)
      if (!to.success) return { kind: 'dead', fault: 'push-address-bad' }
      const text = `${lockScreen(bell).title}. Open Bleep Bridge.`
      const body = JSON.stringify({ id: attempt.id, to: to.data, text, class: attempt.class })
      return calls.call('nudge', attempt, device, signal, () => post(body, attempt.id, signal))
    },
    async close() {
      agent.destroy()
    },
  }
}
