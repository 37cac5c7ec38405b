import { say } from '../catalogue/say.ts'
import type { ChannelId } from './channels.ts'

/** What each way is called in a sentence: “rung by …”. */
export const WAY_SAYS: Readonly<Record<ChannelId, string>> = {
  webpush: say('devices.webPush'),
  apn: say('devices.applePush'),
  fcm: say('devices.androidPush'),
  socket: say('devices.hospitalNetwork'),
  mqtt: say('timeline.mqtt'),
  ntfy: say('ways.ntfy'),
  voice: say('timeline.aTelephoneCall'),
  notify: say('timeline.aTextByGovUk'),
  modem: say('timeline.aTextByTheModem'),
  nudge: say('timeline.aNudge'),
  radio: say('devices.radio'),
}

/** The same for a name that a site's file has; one that is no way stands as it is. */
export const wayInWords = (way: string): string =>
  Object.hasOwn(WAY_SAYS, way) ? WAY_SAYS[way as ChannelId] : way
