// Only what this project uses of node-pushnotifications 6.0.0, which carries no types. Each provider has its own part.

declare module 'node-pushnotifications/lib/sendFCM.js' {
  import type { Agent } from 'node:https'
  import type { Said } from 'node-pushnotifications/lib/constants.js'

  /** @param settings read synchronously */
  export default function sendFCM(
    tokens: readonly string[],
    data: Readonly<Record<string, unknown>>,
    settings: {
      readonly fcm: {
        readonly appName: string
        readonly projectId: string
        readonly credential: {
          getAccessToken(): Promise<{ readonly access_token: string; readonly expires_in: number }>
        }
        readonly httpAgent: Agent
      }
    },
  ): Promise<Said>
}

declare module 'node-pushnotifications/lib/sendAPN.js' {
  import type { ClientHttp2Stream, ClientSessionRequestOptions, OutgoingHttpHeaders } from 'node:http2'
  import type { Said } from 'node-pushnotifications/lib/constants.js'

  namespace Apn {
    interface Settings {
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

    /** One HTTP/2 session to Apple; `request` makes one stream on it. */
    interface Client {
      request(session: Session, ...rest: readonly unknown[]): Promise<unknown>
    }
    interface Session {
      request(headers: OutgoingHttpHeaders, options?: ClientSessionRequestOptions): ClientHttp2Stream
    }
  }

  /** One session to Apple, opened by the first push. */
  class Apn {
    constructor(settings: Apn.Settings)
    /** None where the settings could not be used. */
    readonly connection: { readonly client: Apn.Client } | null
    sendAPN(tokens: readonly string[], data: Readonly<Record<string, unknown>>): Promise<Said>
    shutdown(): void
  }

  export = Apn
}

declare module 'node-pushnotifications/lib/constants.js' {
  export interface Said {
    readonly message: readonly {
      readonly regId: unknown
      readonly error: unknown
      readonly errorMsg?: unknown
    }[]
  }
}
