import { PUSH_SERVICES } from '../config/push.ts'
import type { ChannelId } from '../core/deliver/channels.ts'
import type { FaultCode } from '../core/faults.ts'
import { isAppleToken } from '../io/channels/apn.ts'
import { isFcmToken } from '../io/channels/fcm.ts'
import { isReachable } from '../io/channels/webpush.ts'

/** What the site has set up, as far as it matters here. */
interface Ways {
  readonly apn?: unknown
  readonly fcm?: unknown
  readonly webpush?:
    | { readonly services?: readonly string[] | undefined; readonly ca?: string | undefined }
    | undefined
}

/** Why an address that a device gives can never be rung from here: said when it is given, not at the first call. */
export function outOfReach(push: Ways, channel: ChannelId, address: string): FaultCode | undefined {
  const bad = (good: boolean) => (good ? undefined : 'push-address-bad')
  if (channel === 'apn') return push.apn ? bad(isAppleToken(address)) : 'channel-absent'
  if (channel === 'fcm') return push.fcm ? bad(isFcmToken(address)) : 'channel-absent'
  if (channel !== 'webpush' || push.webpush === undefined) return undefined
  const { services = PUSH_SERVICES, ca } = push.webpush
  return bad(isReachable(address, { services, local: ca !== undefined }))
}
