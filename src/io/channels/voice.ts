import type { PushSettings } from '../../config/push.ts'
import type { Attempt } from '../../core/deliver/attempt.ts'
import { dialled } from '../../core/deliver/phone-number.ts'
import type { ProviderReport } from '../../core/deliver/reports.ts'
import { spoken, spokenToAsker } from '../../core/deliver/spoken.ts'
import {
  NEW_CALL,
  stepCall,
  type VoiceEffect,
  type VoiceInput,
  type VoiceKey,
} from '../../core/deliver/voice-call.ts'
import type { AlertId } from '../../core/ids.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import { ProviderCalls } from './provider.ts'
import { type Line, sipLine } from './sip-line.ts'
import { type Sound, Speech } from './speech.ts'

/** A key that was pressed in a call of an attempt: 1 is coming, 2 is not. */
export type Pressed = (attempt: Attempt, key: VoiceKey) => void
/** What somebody else's network says of an attempt later on. */
export type Report = (attempt: Attempt, report: ProviderReport) => void

export interface VoiceChannel extends Channel {
  /** Tells somebody who asked how their bleep stands. `heard`: a key was pressed; anything else is why it was not. */
  tell(number: string, sentence: string, signal: AbortSignal): Promise<'heard' | 'unheard'>
}

/** What calls are made with; a test has its own. */
export interface VoiceParts {
  readonly line: () => Line
  readonly speech: Pick<Speech, 'of' | 'close'>
}

interface Running {
  readonly ringing: Promise<Outcome>
  readonly alert: AlertId | undefined
}

interface Call {
  readonly number: string
  readonly sound: Sound
  readonly alert?: AlertId
  key(key: VoiceKey): void
  noKey(): void
}

/** A line on which the end of a call was not heard by then is begun anew. */
const HANGS: Millis = 2 * SECOND
/** A telephone call to an asker ends by then, whatever is pressed. */
const TOLD_WITHIN: Millis = 90 * SECOND

/**
 * Telephone calls through the hospital's own exchange, by a baresip for each line (config/voice.md). Picked up is taken;
 * a key is the answer. One line is left for emergencies where there are several.
 */
export function voice(
  settings: PushSettings['voice'],
  clock: Clock,
  pressed: Pressed,
  report: Report,
  parts: VoiceParts = { line: () => sipLine(settings, clock), speech: new Speech(settings) },
): VoiceChannel {
  const provider = new ProviderCalls(clock)
  const domain = settings.domain ?? settings.account.replace(/^sips?:[^@]*@?/, '').replace(/;.*$/, '')
  const idle: Line[] = []
  const all: Line[] = []
  /** By the number that is called: two calls at once to one telephone would find it engaged by ourselves. */
  const running = new Map<string, Running>()

  const free = (urgent: boolean): Line | undefined => {
    const kept = urgent || settings.lines === 1 ? 0 : 1
    if (running.size >= settings.lines - kept) return undefined
    const line = idle.pop()
    if (line !== undefined) return line
    if (all.length >= settings.lines) return undefined
    const made = parts.line()
    all.push(made)
    return made
  }

  /** Gives the line back once its call is over: an end that comes late would be taken for that of the next call. */
  const giveBack = (line: Line, number: string) => {
    running.delete(number)
    idle.push(line)
  }

  function ring(line: Line, call: Call, signal: AbortSignal): Promise<Outcome> {
    const { number, sound } = call
    let state = NEW_CALL
    let timer: Timer | undefined
    let over = false
    return new Promise((resolve) => {
      const freed = () => {
        if (over) return
        over = true
        timer?.cancel()
        giveBack(line, number)
      }
      const act = (effect: VoiceEffect) => {
        switch (effect.kind) {
          case 'rung-out':
            return resolve(effect.outcome)
          case 'key':
            return call.key(effect.key)
          case 'no-key':
            return call.noKey()
          case 'speak-again':
            return line.say(sound.file)
          case 'listen':
            timer?.cancel()
            timer = clock.after(sound.lasts + effect.wait, () => hear({ kind: 'silence' }))
            return
          case 'hang-up':
            line.hangUp()
            timer?.cancel()
            timer = clock.after(HANGS, () => {
              if (over) return
              line.close()
              all.splice(all.indexOf(line), 1)
              over = true
              running.delete(number)
            })
        }
      }
      const hear = (input: VoiceInput) => {
        const [next, effects] = stepCall(state, input)
        state = next
        for (const effect of effects) act(effect)
        if (input.kind === 'closed' || input.kind === 'lost') freed()
      }
      signal.addEventListener('abort', () => hear({ kind: 'given-up' }), { once: true })
      void line.call(`sip:${number}@${domain}`, sound.file, hear).then((begun) => {
        if (begun) return
        hear({ kind: 'lost' })
      })
    })
  }

  /** Calls a number, or joins the call that is under way to it for the same alert. */
  function dial(call: Call, urgent: boolean, signal: AbortSignal): Promise<Outcome> {
    const under = running.get(call.number)
    if (under !== undefined)
      return under.alert === call.alert
        ? under.ringing
        : Promise.resolve({ kind: 'later', fault: 'voice-engaged', after: 5 * SECOND })
    const line = free(urgent)
    if (line === undefined) return Promise.resolve({ kind: 'later', fault: 'voice-lines-busy' })
    const started = Promise.withResolvers<Outcome>()
    running.set(call.number, { ringing: started.promise, alert: call.alert })
    ring(line, call, signal).then(started.resolve, started.reject)
    return started.promise
  }

  return {
    id: 'voice',
    async send(attempt, device, bell, signal) {
      const number = dialled(device.address)
      if (number === undefined) return { kind: 'dead', fault: 'push-address-bad' }
      if (signal.aborted) return { kind: 'later', fault: 'provider-timeout' }
      const sound = await parts.speech.of(spoken(bell, attempt.reason), classOf(attempt))
      if (sound === undefined) return { kind: 'refused', fault: 'voice-speechless' }
      const call: Call = {
        ...{ number, sound, alert: attempt.alert },
        key: (key) => pressed(attempt, key),
        noKey: () => report(attempt, 'no-key'),
      }
      return provider.call('voice', attempt, device, new AbortController().signal, () =>
        dial(call, attempt.class === 'emergency', signal),
      )
    },
    async tell(extension, sentence, signal) {
      const number = dialled(extension)
      const sound = number === undefined ? undefined : await parts.speech.of(spokenToAsker(sentence))
      if (number === undefined || sound === undefined) return 'unheard'
      const end = Promise.withResolvers<'heard' | 'unheard'>()
      const late = clock.after(TOLD_WITHIN, () => end.resolve('unheard'))
      const call: Call = {
        ...{ number, sound },
        key: (key) => end.resolve(key === '1' ? 'heard' : 'unheard'),
        noKey: () => end.resolve('unheard'),
      }
      const ringing = await dial(call, false, signal)
      if (ringing.kind !== 'taken') end.resolve('unheard')
      return end.promise.finally(() => late.cancel())
    },
    async close() {
      for (const line of all) line.close()
      await parts.speech.close()
    },
  }
}

/** A recording of the site says a call; a test of the way has words of its own. */
const classOf = ({ class: c, reason }: Attempt) =>
  reason === 'self-test' || reason === 'way-proof' ? undefined : c
