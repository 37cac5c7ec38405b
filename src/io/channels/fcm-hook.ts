import { AsyncLocalStorage } from 'node:async_hooks'

/** What firebase-admin knows of one push and the push library would throw away. */
export interface FcmSaid {
  readonly messageId?: string
  /** `messaging/…` or `app/…` */
  readonly code?: string
}

const saying = new AsyncLocalStorage<FcmSaid[]>()
let hooked: Promise<void> | undefined

/** Runs one library call and gives what Firebase itself said of each message. */
export async function listenToFcm(call: () => Promise<unknown>): Promise<readonly FcmSaid[]> {
  hooked ??= hook()
  await hooked
  const said: FcmSaid[] = []
  await saying.run(said, call)
  return said
}

/**
 * Mends firebase-admin 13.8.0 for our use, on the class that the push library's own copy shares with ours:
 * its HTTP/2 path opens a session a call and knows no proxy, its retries hold a call for up to 82 s without asking, and
 * its error codes are flattened to prose by the push library. The contract test fails when a newer version differs.
 */
async function hook(): Promise<void> {
  const { Messaging } = await import('firebase-admin/messaging')
  const send = Messaging.prototype.sendEachForMulticast
  Messaging.prototype.sendEachForMulticast = async function (message, dryRun) {
    this.enableLegacyHttpTransport()
    const retry: unknown = dig(this, ['messagingRequestHandler', 'httpClient', 'retry'])
    if (typeof retry === 'object' && retry !== null) Reflect.set(retry, 'maxRetries', 0)
    const batch = await send.call(this, message, dryRun)
    for (const { messageId, error } of batch.responses)
      saying.getStore()?.push({
        ...(messageId === undefined ? {} : { messageId }),
        ...(error === undefined ? {} : { code: error.code }),
      })
    return batch
  }
}

function dig(from: object, path: readonly string[]): unknown {
  let at: unknown = from
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = Reflect.get(at, key)
  }
  return at
}
