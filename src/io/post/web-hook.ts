import { createHmac } from 'node:crypto'
import type { HookSettings } from '../../config/post.ts'
import { readRetryAfter } from '../../core/deliver/retry.ts'
import { printInstant } from '../../core/instant.ts'
import type { Carried, Carrier, Letter } from '../../ports/post.ts'

/** Bodies as the receivers of each shape read them. */
const SHAPES: Readonly<Record<HookSettings['shape'], (letter: Letter) => unknown>> = {
  /** Workflows of Microsoft Teams: "Post to a channel when a webhook request is received". */
  teams: ({ text }) => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          ...{
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
          },
          body: [{ type: 'TextBlock', wrap: true, text: text.replace(/([\\`*_{}[\]<>#|~])/g, '\\$1') }],
        },
      },
    ],
  }),
  /** Incoming webhooks of Slack, and of Mattermost, which takes the same. */
  slack: ({ text }) => ({
    text: text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
  }),
  plain: ({ id, text, written }) => ({ id, text, at: printInstant(written) }),
}

/**
 * A web hook for technical alerts. Each request is signed: `bleep-signature: t=SECONDS,v1=HEX`, the HMAC-SHA256 of
 * `SECONDS.BODY` under the shared secret, so that the receiver can refuse what is forged or old.
 */
export function webHook({ url, secret, shape }: HookSettings, now: () => number): Carrier {
  return {
    async carry(letter, signal) {
      const body = JSON.stringify(SHAPES[shape](letter))
      const seconds = Math.floor(now() / 1000)
      const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
      const headers = {
        'content-type': 'application/json',
        'bleep-signature': `t=${seconds},v1=${mac}`,
        'idempotency-key': letter.id,
      }
      try {
        const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' })
        await answer.body?.cancel()
        return read(answer.status, answer.headers.get('retry-after') ?? undefined, now())
      } catch {
        return { kind: 'later', fault: 'post-unreachable' }
      }
    },
    close: () => {},
  }
}

function read(status: number, retryAfter: string | undefined, now: number): Carried {
  if (status >= 200 && status < 300) return { kind: 'taken' }
  const after = readRetryAfter(retryAfter, now)
  if (status === 429 || status === 408 || status >= 500)
    return { kind: 'later', fault: 'post-unreachable', ...(after === undefined ? {} : { after }) }
  return { kind: 'refused', fault: 'post-refused' }
}
