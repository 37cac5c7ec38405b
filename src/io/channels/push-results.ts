import type { FaultCode } from '../../core/faults.ts'
import type { Outcome } from '../../ports/channel.ts'

/** What is known of a failed push, whatever provider library reported it. */
export interface Failure {
  /** HTTP status. */
  readonly status?: number
  /** The provider's own word: an APNs reason, an FCM error code, an operating-system or TLS error code. */
  readonly word?: string
  /** What it said besides, as it came. */
  readonly body?: string
}

/** Longest of a provider's words that are logged. */
const SAID = 120

type Verdict = 'later' | 'dead' | 'refused'
type Row = readonly [Verdict, FaultCode]

const BUSY: Row = ['later', 'provider-busy']
const DOWN: Row = ['later', 'provider-unavailable']
const AWAY: Row = ['later', 'provider-unreachable']
const SLOW: Row = ['later', 'provider-timeout']
const UNTRUSTED: Row = ['later', 'provider-untrusted']
const GONE: Row = ['dead', 'push-address-dead']
const GARBLED: Row = ['dead', 'push-address-bad']
const KEYS: Row = ['refused', 'provider-credentials']
const LARGE: Row = ['refused', 'push-too-large']
const NO: Row = ['refused', 'push-refused']

/**
 * Providers' own words. Apple: "Handling notification responses from APNs", table of reason strings. Google: FCM v1
 * `ErrorCode` as firebase-admin prints it. Only words that mean the address itself is gone drop a device.
 */
const WORDS: Readonly<Record<string, Row>> = {
  // APNs
  /** Also said of every device where our environment is the wrong one: apn.ts tells these apart. */
  BadDeviceToken: GONE,
  BadCollapseId: NO,
  BadExpirationDate: NO,
  BadMessageId: NO,
  BadPath: NO,
  BadPriority: NO,
  BadTopic: KEYS,
  DuplicateHeaders: NO,
  InvalidPushType: NO,
  MethodNotAllowed: NO,
  MissingDeviceToken: NO,
  MissingTopic: KEYS,
  PayloadEmpty: NO,
  Unregistered: GONE,
  ExpiredToken: GONE,
  // Our topic or environment may be the wrong one, so the device is kept.
  DeviceTokenNotForTopic: KEYS,
  PayloadTooLarge: LARGE,
  BadCertificate: KEYS,
  BadCertificateEnvironment: KEYS,
  Forbidden: KEYS,
  InvalidProviderToken: KEYS,
  MissingProviderToken: KEYS,
  UnrelatedKeyIdInToken: KEYS,
  BadEnvironmentKeyIdInToken: KEYS,
  /** The library makes a new token on the next send. */
  ExpiredProviderToken: DOWN,
  TopicDisallowed: KEYS,
  TooManyProviderTokenUpdates: BUSY,
  TooManyRequests: BUSY,
  InternalServerError: DOWN,
  ServiceUnavailable: DOWN,
  Shutdown: DOWN,
  IdleTimeout: DOWN,
  // FCM
  'messaging/registration-token-not-registered': GONE,
  'messaging/invalid-registration-token': GARBLED,
  'messaging/mismatched-credential': KEYS,
  'messaging/authentication-error': KEYS,
  'messaging/third-party-auth-error': KEYS,
  'messaging/invalid-argument': NO,
  'messaging/payload-size-limit-exceeded': LARGE,
  'messaging/message-rate-exceeded': BUSY,
  'messaging/device-message-rate-exceeded': BUSY,
  'messaging/server-unavailable': DOWN,
  'messaging/internal-error': DOWN,
  'messaging/unknown-error': DOWN,
  'app/invalid-credential': KEYS,
  'app/network-error': AWAY,
  'app/network-timeout': SLOW,
  // the network
  ENOTFOUND: AWAY,
  EAI_AGAIN: AWAY,
  ECONNREFUSED: AWAY,
  ECONNRESET: AWAY,
  EHOSTUNREACH: AWAY,
  ENETUNREACH: AWAY,
  EPIPE: AWAY,
  ETIMEDOUT: SLOW,
  ERR_SSL_WRONG_VERSION_NUMBER: UNTRUSTED,
  EPROTO: UNTRUSTED,
  CERT_HAS_EXPIRED: UNTRUSTED,
  CERT_NOT_YET_VALID: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: UNTRUSTED,
}

function byStatus(status: number): Row {
  switch (status) {
    case 404:
    case 410:
      return GONE
    case 401:
    case 403:
      return KEYS
    case 413:
      return LARGE
    case 429:
      return BUSY
    case 408:
      return SLOW
    default:
      return status >= 500 ? DOWN : NO
  }
}

/** A failure → what becomes of the attempt. Unknown trouble is passing: a device is never dropped on a guess. */
export function outcomeOf(failure: Failure): Outcome {
  const [verdict, fault] =
    (failure.word === undefined ? undefined : WORDS[failure.word]) ??
    (failure.status === undefined ? AWAY : byStatus(failure.status))
  const said = saidOf(failure)
  return said === '' ? { kind: verdict, fault } : { kind: verdict, fault, said }
}

/** Status, word and text on one line. An address that it repeats is a phone's, and is left out. */
function saidOf({ status, word, body }: Failure): string {
  const all = [status, word, body].filter((part) => part !== undefined).join(' ')
  const plain = all.replace(/https?:[^\s"'<>]+|[\w-]{40,}/g, '…').replace(/[^\x20-\x7e…]+/g, ' ')
  return plain.trim().slice(0, SAID)
}

/** Faults that speak of the provider or the way to it, not of one phone: what a circuit counts. */
export function isProviderFault(outcome: Outcome): boolean {
  return outcome.kind === 'later' && outcome.fault !== 'provider-circuit-open'
}
