import { say } from '../shared/say.js'
import { ENTERED } from './enter-way.js'

/** What each way is called. */
export const WAY = /** @type {Readonly<Record<string, string>>} */ ({
  webpush: say('devices.webPush'),
  apn: say('devices.applePush'),
  fcm: say('devices.androidPush'),
  socket: say('devices.hospitalNetwork'),
  mqtt: 'MQTT',
  radio: say('devices.radio'),
  ...Object.fromEntries(Object.entries(ENTERED).map(([id, { name }]) => [id, name])),
})
