import type { Language } from '../../core/catalogue/languages.ts'
import type { HealthView } from '../../core/desk/views.ts'
import type { Result } from '../../core/faults.ts'
import type { OperatorRole } from '../../core/govern/permit.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Millis } from '../../core/instant.ts'
import type { ShiftSpan } from '../../core/measure/report/shifts.ts'
import type { FeedView } from '../../core/measure/watch/feed-view.ts'
import type { AskDesk } from '../../ports/asks-desk.ts'
import type { ButtonDoor } from '../../ports/button-door.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Desk } from '../../ports/desk.ts'
import type { FilingDesk } from '../../ports/filing-desk.ts'
import type { ForeseeDesk } from '../../ports/foresee-desk.ts'
import type { GovernDesk } from '../../ports/govern-desk.ts'
import type { ScimDoor } from '../../ports/listed.ts'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { SignIn } from '../../ports/sign-in.ts'
import type { Vouch } from '../../ports/vouch.ts'

/** Somebody who signs in at the console. The digest is the sha-256 (hex) of their key; the key itself is never stored. */
export interface Operator {
  readonly operator: string
  readonly role: OperatorRole
  readonly tokenDigest: string
}

export interface HttpConfig {
  /** What the screens speak to whoever has not chosen; default English. */
  readonly language?: Language
  readonly host: string
  /** 0 takes a free port; `listen` says which. */
  readonly port: number
  /** How phones and browsers reach us from outside, without a trailing slash: goes into enrolment links. */
  readonly baseUrl?: string
  /** PEM texts. */
  /** Empty until there is a pair that can be used. */
  readonly tls?: { readonly cert?: string; readonly key?: string }
  readonly operators: readonly Operator[]
  /** A request from this machine without a sign-in counts as this operator. For demonstrations, never for a trust. */
  readonly loopback?: { readonly operator: string; readonly role: OperatorRole }
  /** Signs console sessions; without it a restart signs everybody out. */
  readonly sessionKey?: string
  /** Addresses of proxies whose word on who asks is taken; of anybody else it is ignored. */
  readonly trustedProxies?: readonly string[]
  readonly connectionsPerAddress?: number
  /** Of one address that has not signed in. */
  readonly requestsPerSecond?: number
  /** Who may read the figures beside this machine: a token's digest, addresses. */
  readonly metrics?: { readonly tokenDigest?: string; readonly allow: readonly string[] }
  /** sha-256 (hex) of the token that the trust's directory shows. */
  readonly scimDigest?: string
  /** Tries to enrol from one address, so that codes cannot be guessed. */
  readonly enrolmentsPerMinute?: number
  /** Presses of buttons from one address: all phones may come by one proxy. */
  readonly buttonsPerMinute?: number
  readonly sessionLasts?: Millis
  /** Application server key for `pushManager.subscribe`, base64url; absent: phones use the LAN socket alone. */
  readonly pushKey?: string
  /** The ntfy server as phones reach it, where there is one. */
  readonly ntfy?: string
  /** How often an idle stream says that it is alive. */
  readonly heartbeat?: Millis
}

interface ReportAsk {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly shift?: string
  readonly hospital?: string
  readonly format: 'json' | 'csv' | 'html'
}

/** A body with its media type, made by whoever owns its content. */
export interface Rendered {
  readonly type: string
  readonly body: string
}

/** Where a connected phone is kept so that the socket channel can ring it; gives the way to leave. */
interface SocketHub {
  attach(device: DeviceId, ring: (data: string) => boolean): () => void
}

/** Told what was answered and who listens; routes by their templates, never by their paths. */
export interface HttpWatch {
  routes(templates: readonly string[]): void
  answered(route: string, status: number, took: Millis): void
  /** An event stream was opened (1) or ended (-1). */
  stream(by: 1 | -1): void
}

/** Everything the HTTP surface needs, handed in by the composition root. */
export interface HttpParts {
  readonly config: HttpConfig
  readonly desk: Desk & AskDesk & ForeseeDesk
  readonly govern: GovernDesk
  readonly signIn: SignIn
  /** Where the trust's directory tells us by SCIM. */
  readonly scim?: ScimDoor
  /** Where the site has a sign-in provider. */
  readonly vouch?: Vouch
  readonly filings: FilingDesk
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Alive: the process works. Ready: fit to page, with every reason why not. */
  readonly alive: () => HealthView
  readonly ready: () => Promise<HealthView>
  /** `accept`: the scraper's header; OpenMetrics with exemplars for those that ask for it. */
  readonly metrics: (accept?: string) => Promise<Rendered>
  readonly feeds?: () => readonly FeedView[]
  /** Undefined where there is no report of that name; a fault where its span or shift cannot be. */
  readonly report?: (ask: ReportAsk) => Promise<Result<Rendered> | undefined>
  /** Finished shifts of the last days, each of which a report can be asked of. */
  readonly shifts?: () => readonly ShiftSpan[]
  readonly sockets?: SocketHub
  /** Where a way has buttons that answer. */
  readonly buttons?: ButtonDoor
  readonly watch?: HttpWatch
}
