import { createHolder, type Temper } from './holder.ts'
import type { PushService } from './push-service.ts'

export interface Phone {
  readonly person: string
  /** Alerts that rang on the screen, each once. */
  readonly rang: readonly string[]
  close(): void
}

/** A phone as the daemon meets one: it has a push subscription whose messages it decrypts itself. */
export async function startPhone(options: {
  readonly base: string
  readonly code: string
  readonly person: string
  readonly push: PushService
  readonly vapidKey: string
  readonly temper: Temper
}): Promise<Phone> {
  const { base, person, push, temper } = options
  const holder = createHolder(base, temper)
  const receiver = push.subscribe(options.vapidKey, (message) => {
    holder.rung(JSON.parse(message.text)).catch(() => {})
  })
  await holder.enrol(options.code, 'webpush', JSON.stringify(receiver.subscription))
  return {
    person,
    rang: holder.rang,
    close() {
      holder.close()
      receiver.unsubscribe()
    },
  }
}
