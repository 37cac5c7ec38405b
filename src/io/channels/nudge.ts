import type { PushSettings } from '../../config/push.ts'
import { nudgeNumber } from '../../core/deliver/nudge-number.ts'
import { phoneText } from '../../core/deliver/payload.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { Hook } from './hook.ts'
import { ProviderCalls, type Reach } from './provider.ts'

/** A hook shaped like an SMS gateway: somebody is told to look at their phone, and nothing else. */
export function nudge({ url, token }: PushSettings['nudge'], clock: Clock, reach: Reach = {}): Channel {
  const hook = new Hook(url, clock, reach)
  const calls = new ProviderCalls(clock)
  return {
    id: 'nudge',
    async send(attempt, device, bell, signal) {
      const to = nudgeNumber.safeParse(device.address)
      if (!to.success) return { kind: 'dead', fault: 'push-address-bad' }
      const text = phoneText(bell)
      const body = JSON.stringify({ id: attempt.id, to: to.data, text, class: attempt.class })
      const headers = {
        'content-type': 'application/json',
        // The attempt's id: a gateway that knows it sends one text, however often it is asked.
        'idempotency-key': attempt.id,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      }
      return calls.call('nudge', attempt, device, signal, () => hook.send(url, { headers, body }, signal))
    },
    async close() {
      hook.close()
    },
  }
}
