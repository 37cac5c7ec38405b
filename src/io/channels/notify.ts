import type { AxiosError } from 'axios'
import type { NotifyClient } from 'notifications-node-client'
import { z } from 'zod'
import type { PushSettings } from '../../config/push.ts'
import { phoneText } from '../../core/deliver/payload.ts'
import { phoneNumber } from '../../core/deliver/phone-number.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import { isRing } from '../../core/vocabulary.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { type NotifyHeard, watchNotify } from './notify-watch.ts'
import { agentOptions, ProviderCalls, type Reach } from './provider.ts'
import { outcomeOf } from './push-results.ts'
import { during, EndingAgent } from './under-way.ts'

/** Errors as GOV.UK Notify gives them (docs.notifications.service.gov.uk/node.html, "Error codes"). */
const refusalSchema = z.object({
  errors: z.array(z.object({ error: z.string(), message: z.string() })).min(1),
})

const takenSchema = z.object({ data: z.object({ id: z.string().min(1) }) })
/** What is asked of the service later on is given up after this. */
const ASKED_WITHIN: Millis = 10 * SECOND

/**
 * Texts by GOV.UK Notify, with its own client. The template has one gap, `message`. What became of a text, what it cost
 * and what came back is asked for.
 */
export function notify(
  { apiKey, template, url, replies }: PushSettings['notify'],
  clock: Clock,
  reach: Reach,
  { heed, ...heard }: NotifyHeard,
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

  const asked = async (
    question: (of: NotifyClient) => Promise<{ readonly data: unknown }>,
  ): Promise<unknown> => {
    client ??= openClient()
    const opened = await client
    const { data } = await during({ signal: AbortSignal.timeout(ASKED_WITHIN) }, () => question(opened))
    return data
  }
  const watch = watchNotify(
    {
      status: (id) => asked((of) => of.getNotificationById(id)),
      replies: () => asked((of) => of.getReceivedTexts()),
    },
    clock,
    { ...heard, ...(replies && heed !== undefined ? { heed } : {}) },
  )

  return {
    id: 'notify',
    async send(attempt, device, bell, signal) {
      const to = phoneNumber.safeParse(device.address)
      if (!to.success) return { kind: 'dead', fault: 'push-address-bad' }
      return calls.call('notify', attempt, device, signal, async () => {
        client ??= openClient()
        const sender = await client
        try {
          const said = await sender.sendSms(template, to.data, {
            personalisation: { message: phoneText(bell, replies && isRing(attempt.purpose)) },
            reference: attempt.id,
          })
          const taken = takenSchema.safeParse(said)
          if (taken.success) watch.sent(taken.data.data.id, attempt)
          return { kind: 'taken' }
        } catch (error) {
          return failed(error)
        }
      })
    },
    async close() {
      watch.close()
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
