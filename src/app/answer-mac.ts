import { createHmac } from 'node:crypto'
import type { Whole } from '../config/whole.ts'
import type { Mac } from '../core/deliver/answer-token.ts'

/** Signs what buttons may do: alike on all nodes of a site, which share the secret it is made of. */
export function answerMac({ config }: Whole): Mac | undefined {
  const token = config.push.ntfy?.token
  if (token === undefined) return undefined
  return (text) => createHmac('sha256', `buttons ${token}`).update(text).digest('base64url')
}
