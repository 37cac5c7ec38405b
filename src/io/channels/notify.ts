import type { AxiosError } from 'axios'
import { z } from 'zod'
import type { PushSettings } from '../../config/push.ts'
import { phoneText } from '../../core/deliver/payload.ts'
import { phoneNumber } from '../../core/deliver/phone-number.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { agentOptions, ProviderCalls, type Reach } from './provider.ts'
import { outcomeOf } from './push-results.ts'
import { EndingAgent } from './under-way.ts'

/** Errors as GOV.UK Notify gives them (docs.notifications.service.gov.uk/node.html, "Error codes"). */
const refusalSchema = z.object({
  errors: z.array(z.object({ error: z.string(), message: z.string() })).min(1),
})

/** Texts by GOV.UK Notify, with its own client. The template has one gap, `message`. */
export function notify(
  { apiKey, template, url }: PushSettings['notify'],
  clock: Clock,
  reach: Reach,
): Channel {
  const calls = new ProviderCalls(clock)
  const agent = new EndingAgent(agentOptions(reach))
  let client: ReturnType<typeof openClient> | undefined

  const openClient = async () => {
    const [{ NotifyClient }, { default: axios }] = await Promise.all([
      import('notifications-node-client'),
      import('axios'),
    ])
    const opened = new NotifyClient(url, apiKey)
    // The client's types name axios as CommonJS has it, ours as a module: one thing, two names.
    const ours = axios.create({ httpsAgent: agent, proxy: false, maxRedirects: 0 })
    Reflect.apply(opened.setClient, opened, [ours])
    return opened
  }

  return {
    id: 'notify',
    async send(attempt, device, bell, signal) {
      const to = phoneNumber.safeParse(device.address)
      if (!to.success) return { kind: 'dead', fault: 'push-address-bad' }
      return calls.call('notify', attempt, device, signal, async () => {
        client ??= openClient()
        const sender = await client
        try {
          await sender.sendSms(template, to.data, {
            personalisation: { message: phoneText(bell) },
            reference: attempt.id,
          })
          return { kind: 'taken' }
        } catch (error) {
          return failed(error)
        }
      })
    },
    async close() {
      agent.destroy()
    },
  }
}

function failed(error: unknown): Outcome {
  if (!isAxios(error)) return { kind: 'later', fault: 'provider-unavailable' }
  const status = error.response?.status
  if (status === undefined) return outcomeOf(error.code === undefined ? {} : { word: error.code })
  const said = refusalSchema.safeParse(error.response?.data).data?.errors[0]
  if (status === 400) {
    if (said?.error === 'ValidationError' && /phone_number/.test(said.message))
      return { kind: 'dead', fault: 'push-address-bad' }
    // A trial service or a team-only key may not text this number.
    return {
      kind: 'refused',
      fault: /team-only|trial mode/.test(said?.message ?? '') ? 'provider-credentials' : 'push-refused',
    }
  }
  // The limit of a day does not pass within a call: another way is needed.
  if (status === 429 && said?.error === 'TooManyRequestsError')
    return { kind: 'refused', fault: 'text-limit' }
  const outcome = outcomeOf({ status })
  // It speaks of a template or a service, not of a telephone.
  return outcome.kind === 'dead' ? { kind: 'refused', fault: 'push-refused' } : outcome
}

function isAxios(error: unknown): error is AxiosError {
  return error instanceof Error && 'isAxiosError' in error
}
