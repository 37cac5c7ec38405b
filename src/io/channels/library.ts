import type PushNotifications from 'node-pushnotifications'

let loaded: Promise<typeof PushNotifications> | undefined

/** The push library, loaded when the first push is due: it is large, and a site without phones never needs it. */
export function loadLibrary(): Promise<typeof PushNotifications> {
  loaded ??= import('node-pushnotifications').then((module) => module.default)
  return loaded
}
