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

/** How the address of each kind is looked at; the others have none that a device gives. */
const LOOK: { readonly [K in ChannelId]?: (push: Ways, address: string) => FaultCode | undefined } = {
  apn: ({ apn }, address) => (apn ? bad(isAppleToken(address)) : 'channel-absent'),
  fcm: ({ fcm }, address) => (fcm ? bad(isFcmToken(address)) : 'channel-absent'),
  webpush({ webpush }, address) {
    if (webpush === undefined) return undefined
    const { services = PUSH_SERVICES, ca } = webpush
    return bad(isReachable(address, { services, local: ca !== undefined }))
  },
}

const bad = (good: boolean): FaultCode | undefined => (good ? undefined : 'push-address-bad')

/** Why an address that a device gives can never be rung from here: said when it is given, not at the first call. */
export function outOfReach(push: Ways, channel: ChannelId, address: string): FaultCode | undefined {
  return LOOK[channel]?.(push, address)
}
