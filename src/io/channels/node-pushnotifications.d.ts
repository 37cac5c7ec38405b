declare module 'node-pushnotifications' {
  import type { ClientHttp2Stream, ClientSessionRequestOptions, OutgoingHttpHeaders } from 'node:http2'
  import type { Agent } from 'node:https'

  /** Only what this project uses, as version 6.0.0 behaves (the package carries no types). */
  namespace PushNotifications {
    interface WebSettings {
      readonly vapidDetails: null
      readonly headers: { readonly Authorization: string }
      readonly TTL: number
      readonly urgency: string
      readonly topic: string
      readonly timeout: number
      readonly agent: Agent
    }

    interface ApnSettings {
      readonly token: { readonly key: Buffer; readonly keyId: string; readonly teamId: string }
      readonly production?: boolean
      readonly address?: string
      readonly port?: number
      readonly ca?: string
      readonly rejectUnauthorized: true
      readonly connectionRetryLimit: 0
      readonly requestTimeout: number
      readonly heartBeat: number
      readonly proxy?: { readonly host: string; readonly port: number }
    }

    interface FcmSettings {
      readonly appName: string
      readonly projectId: string
      readonly credential: {
        getAccessToken(): Promise<{ readonly access_token: string; readonly expires_in: number }>
      }
      readonly httpAgent: Agent
    }

    /** One HTTP/2 session to Apple; `request` makes one stream on it. */
    interface ApnClient {
      request(session: ApnSession, ...rest: readonly unknown[]): Promise<unknown>
    }
    interface ApnSession {
      request(headers: OutgoingHttpHeaders, options?: ClientSessionRequestOptions): ClientHttp2Stream
    }

    interface Settings {
      web?: WebSettings
      apn?: ApnSettings
      fcm?: FcmSettings
    }

    interface Subscription {
      readonly endpoint: string
      readonly keys: { readonly p256dh: string; readonly auth: string }
    }

    interface Token {
      readonly id: string
      readonly type: 'apn' | 'fcm'
    }

    interface Message {
      readonly regId: unknown
      readonly error: unknown
      readonly errorMsg?: unknown
    }

    interface Result {
      readonly method: string
      readonly success: number
      readonly failure: number
      readonly message: readonly Message[]
    }
  }

  class PushNotifications {
    constructor(settings: PushNotifications.Settings)
    /** Read synchronously inside `send`. */
    settings: PushNotifications.Settings
    /** No connection where the settings could not be used. */
    readonly apn: {
      readonly connection: { readonly client: PushNotifications.ApnClient } | null
      shutdown(): void
    }
    /** Ends the APNs session and makes a new one. */
    setOptions(settings: PushNotifications.Settings): void
    send(
      to: readonly (PushNotifications.Subscription | PushNotifications.Token)[],
      data: string | Readonly<Record<string, unknown>>,
    ): Promise<readonly PushNotifications.Result[]>
  }

  export = PushNotifications
}
