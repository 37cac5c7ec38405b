import { z } from 'zod'
import { createHolder, type Temper } from './holder.ts'

/** What an app of our own gets from its platform, as `config/native-app.md` describes it. */
const pushes = {
  /** The payload of `didReceive(_:withContentHandler:)`: Apple's part beside ours. */
  apn: z.looseObject({
    aps: z.object({
      'interruption-level': z.enum(['critical', 'time-sensitive', 'active']),
      sound: z.object({ critical: z.number(), name: z.string(), volume: z.number() }),
    }),
  }),
  /** `RemoteMessage.getData()`: texts alone. */
  fcm: z.looseObject({ channel: z.string(), fullScreen: z.enum(['true', 'false']), volume: z.string() }),
} as const

/** What the app does with a ring before it has fetched a word. */
export interface Rung {
  readonly id: string
  readonly class: string
  /** How it sounds: Apple's level, or the Android notification channel. */
  readonly as: string
  readonly volume: number
  readonly fullScreen: boolean
}

const bell = z.looseObject({ id: z.string(), class: z.string() })

/**
 * The reference client of the contract in `config/native-app.md`: enrols, is woken by its platform's push, reports
 * receipts, pulls, answers, and gives a new token when the platform gives it one. It has no screen.
 */
export async function startNativePhone(options: {
  readonly base: string
  readonly code: string
  readonly platform: keyof typeof pushes
  readonly token: string
  readonly temper: Temper
}) {
  const { base, code, platform, temper } = options
  const holder = createHolder(base, temper)
  const rung: Rung[] = []
  await holder.enrol(code, platform, options.token)
  return {
    rung: rung as readonly Rung[],
    rang: holder.rang as readonly string[],
    /** The platform hands a push to the app. */
    async push(payload: unknown): Promise<void> {
      const said = bell.parse(payload)
      const { id, class: c } = said
      if (platform === 'apn') {
        const { aps } = pushes.apn.parse(said)
        const as = aps['interruption-level']
        rung.push({ id, class: c, as, volume: aps.sound.volume, fullScreen: false })
      } else {
        const { channel, fullScreen, volume } = pushes.fcm.parse(said)
        rung.push({ id, class: c, as: channel, volume: Number(volume), fullScreen: fullScreen === 'true' })
      }
      await holder.rung(said)
    },
    /** The platform gave the app a new token: told at once, and once a day even if it has not changed. */
    renew: (token: string) =>
      holder.call('PUT', '/devices/me/subscription', { channel: platform, address: token }),
    selfTest: () => holder.call('POST', '/devices/me/self-test'),
    signOut: () => holder.call('DELETE', '/devices/me'),
    close: () => holder.close(),
  }
}
