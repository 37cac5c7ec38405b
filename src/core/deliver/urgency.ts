import { say } from '../catalogue/say.ts'
import { MINUTE, type Millis, SECOND } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Class } from '../vocabulary.ts'

/**
 * How loud and how long one class is, in the words of every provider. One table, so that an emergency cannot be loud
 * on one make of phone and quiet on another.
 */
export interface Urgency {
  /** Ringing later than this would mislead: the attempt expires, and every provider is told the same bound. */
  readonly rings: Millis
  /** How long one hand-over to a provider may take before it counts as unanswered. */
  readonly deadline: Millis
  /** First pause before another try, and the longest. */
  readonly pause: { readonly first: Millis; readonly longest: Millis }
  /** RFC 8030 clause 5.3. `high` reaches a device on low battery. */
  readonly webUrgency: 'high' | 'normal'
  /** Web Push and FCM priority, APNs priority 10. Every bleep is seen at once by a person, so none is `normal`. */
  readonly priority: 'high'
  /** UNNotificationInterruptionLevel: `critical` sounds through mute and focus, `time-sensitive` through focus. */
  readonly interruption: 'critical' | 'time-sensitive' | 'active'
  readonly sound: { readonly critical: 0 | 1; readonly name: string; readonly volume: number }
  /** Android notification channel, made by the app under the same name. */
  readonly androidChannel: string
  readonly androidPriority: 'max' | 'high' | 'default'
  /** Android: comes over the locked screen, as a telephone call does. */
  readonly fullScreen: boolean
  /** What a locked screen shows where the phone's own system draws it: the class and nothing else. */
  readonly title: string
}

export const URGENCY: Readonly<Record<Class, Urgency>> = {
  emergency: {
    rings: 5 * MINUTE,
    deadline: 5 * SECOND,
    pause: { first: 0.25 * SECOND, longest: 4 * SECOND },
    webUrgency: 'high',
    priority: 'high',
    interruption: 'critical',
    sound: { critical: 1, name: 'emergency.caf', volume: 1 },
    androidChannel: 'emergency',
    androidPriority: 'max',
    fullScreen: true,
    title: say('voice.emergencyCall'),
  },
  urgent: {
    rings: 15 * MINUTE,
    deadline: 8 * SECOND,
    pause: { first: 0.5 * SECOND, longest: 10 * SECOND },
    webUrgency: 'high',
    priority: 'high',
    interruption: 'time-sensitive',
    sound: { critical: 0, name: 'urgent.caf', volume: 1 },
    androidChannel: 'urgent',
    androidPriority: 'high',
    fullScreen: true,
    title: say('voice.urgentBleep'),
  },
  routine: {
    rings: 60 * MINUTE,
    deadline: 10 * SECOND,
    pause: { first: 1 * SECOND, longest: 30 * SECOND },
    webUrgency: 'normal',
    priority: 'high',
    interruption: 'active',
    sound: { critical: 0, name: 'routine.caf', volume: 0.6 },
    androidChannel: 'routine',
    androidPriority: 'default',
    fullScreen: false,
    title: 'Bleep',
  },
  test: {
    rings: 10 * MINUTE,
    deadline: 5 * SECOND,
    pause: { first: 1 * SECOND, longest: 10 * SECOND },
    webUrgency: 'high',
    priority: 'high',
    interruption: 'active',
    sound: { critical: 0, name: 'test.caf', volume: 0.3 },
    androidChannel: 'test',
    androidPriority: 'default',
    fullScreen: false,
    title: say('voice.testCall'),
  },
}

/** What is rung again because nobody looked is louder: a routine call sounds as an urgent one; only emergencies sound through mute. */
export function soundOf(c: Class, reason: ReasonCode): Urgency['sound'] {
  return reason === 'insists' && c === 'routine' ? URGENCY.urgent.sound : URGENCY[c].sound
}

/**
 * A hand-over to paging equipment may take this long whatever its class: 500 characters at 512 bit/s are 12 s of air,
 * and giving up while they are being sent would only send them twice.
 */
export const RADIO_DEADLINE: Millis = 20 * SECOND

/** A modem needs some seconds for a text, and takes one after the other; below the lease of an attempt. */
export const MODEM_DEADLINE: Millis = 25 * SECOND

/** So long a telephone rings before nobody is taken to be there; below the lease of an attempt. */
export const VOICE_DEADLINE: Millis = 25 * SECOND
