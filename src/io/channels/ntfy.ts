import type { PushSettings } from '../../config/push.ts'
import { say } from '../../core/catalogue/say.ts'
import { type Mac, type Said, writeAnswerToken } from '../../core/deliver/answer-token.ts'
import type { Attempt } from '../../core/deliver/attempt.ts'
import type { Device } from '../../core/deliver/device.ts'
import { collapseKey, type Doorbell, lockScreen } from '../../core/deliver/payload.ts'
import { isRing } from '../../core/vocabulary.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { Hook } from './hook.ts'
import { ProviderCalls, type Reach } from './provider.ts'

/** Topics as ntfy allows them, and long enough that none can be guessed. */
const TOPIC = /^[-_A-Za-z0-9]{32,64}$/

/** ntfy's priorities: 5 rings through Do Not Disturb where the phone lets its app; 4 sounds; 3 is the default. */
const PRIORITY = { emergency: 5, urgent: 4, routine: 3, test: 3 } as const
/** What is rung again because nobody looked is louder by one. */
const priorityOf = ({ class: c, reason }: Attempt) =>
  Math.min(5, PRIORITY[c] + (reason === 'insists' ? 1 : 0))

const TAG = {
  emergency: 'rotating_light',
  urgent: 'bell',
  routine: 'bell',
  test: 'white_check_mark',
} as const

const BUTTONS: readonly (readonly [Said, string])[] = [
  ['accepted', say('voice.iAmComing')],
  ['declined', say('voice.iCannotCome')],
]
const TEST_BUTTON: typeof BUTTONS = [['heard', say('voice.iHeardIt')]]

/**
 * The site's own ntfy server, whose app holds its own connection to it (docs.ntfy.sh, "Publish as JSON"). What is sent
 * is a doorbell far below the 4096 bytes beyond which ntfy makes an attachment of a message. Pushes about one alert
 * have one sequence id, so that a later one takes the place of what is on the screen; a cancelled one is deleted.
 */
export function ntfy(
  { url, token, app }: PushSettings['ntfy'],
  clock: Clock,
  reach: Reach,
  mac: Mac,
): Channel {
  const hook = new Hook(url, clock, reach)
  const calls = new ProviderCalls(clock)
  const root = url.replace(/\/+$/, '')
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }

  const message = (attempt: Attempt, device: Device, bell: Doorbell) => {
    const rings = isRing(attempt.purpose)
    const { title, body } = lockScreen(bell)
    const test = attempt.reason === 'self-test' || attempt.reason === 'way-proof'
    const buttons = !rings ? [] : test ? TEST_BUTTON : BUTTONS
    return {
      topic: device.address,
      sequence_id: collapseKey(attempt.alert),
      title,
      message: body,
      priority: rings || attempt.class === 'emergency' ? priorityOf(attempt) : 3,
      tags: [rings ? TAG[attempt.class] : 'no_bell'],
      click: `${app}/app/#/alert/${attempt.alert}`,
      actions: buttons.map(([said, label]) => ({
        ...{ action: 'http', label, method: 'POST', clear: true },
        url: `${app}/api/v1/buttons`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          token: writeAnswerToken(
            { device: device.id, attempt: attempt.id, said, until: attempt.expires },
            mac,
          ),
        }),
      })),
    }
  }

  return {
    id: 'ntfy',
    async send(attempt, device, bell, signal) {
      if (!TOPIC.test(device.address)) return { kind: 'dead', fault: 'push-address-bad' }
      return calls.call('ntfy', attempt, device, signal, () =>
        attempt.purpose === 'cancel'
          ? hook.send(
              `${root}/${device.address}/${collapseKey(attempt.alert)}`,
              { method: 'DELETE', headers, body: '' },
              signal,
            )
          : hook.send(`${root}/`, { headers, body: JSON.stringify(message(attempt, device, bell)) }, signal),
      )
    },
    async close() {
      hook.close()
    },
  }
}
