import type { Outcome } from '../../ports/channel.ts'

/**
 * What the work says, or `provider-timeout` once the signal aborts: provider libraries may never settle, when a server
 * closes half-way through an answer or sends it a byte at a time.
 */
export function withDeadline(signal: AbortSignal, work: Promise<Outcome>): Promise<Outcome> {
  const late: Outcome = { kind: 'later', fault: 'provider-timeout' }
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(late)
    const onAbort = () => resolve(late)
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
