declare module 'web-push' {
  import type { Agent } from 'node:https'

  /** Only what the bench compares with (the package carries no types). */
  const webpush: {
    sendNotification(
      subscription: {
        readonly endpoint: string
        readonly keys: { readonly p256dh: string; readonly auth: string }
      },
      payload: string,
      options: {
        readonly vapidDetails: {
          readonly subject: string
          readonly publicKey: string
          readonly privateKey: string
        }
        readonly TTL: number
        readonly urgency: string
        readonly topic: string
        readonly agent: Agent
      },
    ): Promise<unknown>
  }
  export default webpush
}
