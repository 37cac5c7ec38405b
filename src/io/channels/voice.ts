import type { PushSettings } from '../../config/push.ts'
import type { Attempt } from '../../core/deliver/attempt.ts'
import { dialled } from '../../core/deliver/phone-number.ts'
import { readRefusal } from '../../core/deliver/sip-refusal.ts'
import type { FaultCode } from '../../core/faults.ts'
import type { Channel, Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { Baresip, type SipEvent } from './baresip.ts'
import { ProviderCalls } from './provider.ts'

/** A key that was pressed in a call: 1 is coming, 2 is not. */
export type Pressed = (attempt: Attempt, key: string) => void

interface Call {
  readonly attempt: Attempt
  id?: string
  /** Told once what became of the ringing: picked up, or why not. */
  settle(outcome: Outcome): void
}

/**
 * Telephone calls through the hospital's own exchange, by a baresip beside the daemon. Each class has an account there
 * whose sound is a recording, said twice: what it is, and which key to press. It tells no place and no words. Picked up
 * is taken; a key is the answer; a mailbox presses none, so it never counts.
 */
export function voice(
  { host, port, domain, accounts, lines }: PushSettings['voice'],
  clock: Clock,
  pressed: Pressed,
): Channel {
  const provider = new ProviderCalls(clock)
  const calls = new Map<string, Call>()
  const sip = new Baresip(host, port, heard, lost)

  function heard({ type, peeruri = '', id, param = '' }: SipEvent): void {
    const call = calls.get(peeruri)
    if (call === undefined) return
    if (id !== undefined) call.id = id
    switch (type) {
      case 'CALL_ESTABLISHED':
        call.settle({ kind: 'taken' })
        return
      case 'CALL_DTMF_START':
        pressed(call.attempt, param)
        // An answer was given: the line is free for others.
        if (param === '1' || param === '2') hangUp(call)
        return
      case 'CALL_CLOSED':
        calls.delete(peeruri)
        call.settle(readRefusal(param))
    }
  }

  function lost(): void {
    for (const call of calls.values()) call.settle(gone('voice-client-gone'))
    calls.clear()
  }

  function hangUp({ id }: Call): void {
    // One that has no id yet rings nowhere; to hang up without naming it would end somebody else's.
    if (id !== undefined) void sip.run([['callfind', id], ['hangup']])
  }

  const ring = (uri: string, attempt: Attempt, signal: AbortSignal): Promise<Outcome> =>
    new Promise((resolve) => {
      const call: Call = {
        attempt,
        settle(outcome) {
          signal.removeEventListener('abort', late)
          resolve(outcome)
        },
      }
      const late = () => {
        hangUp(call)
        resolve({ kind: 'refused', fault: 'voice-no-answer' })
      }
      calls.set(uri, call)
      signal.addEventListener('abort', late, { once: true })
      const account = accounts[attempt.class] ?? accounts.emergency
      void sip
        .run([
          ['uafind', account],
          ['dial', uri],
        ])
        .then((open) => {
          if (open) return
          calls.delete(uri)
          call.settle(gone('voice-client-gone'))
        })
    })

  return {
    id: 'voice',
    async send(attempt, device, _bell, signal) {
      const number = dialled(device.address)
      if (number === undefined) return { kind: 'dead', fault: 'push-address-bad' }
      if (signal.aborted) return { kind: 'later', fault: 'provider-timeout' }
      const uri = `sip:${number}@${domain}`
      // Two calls at once to one telephone are one; beyond the lines of the site a call waits for its turn.
      if (calls.has(uri)) return { kind: 'refused', fault: 'voice-engaged' }
      if (calls.size >= lines) return { kind: 'later', fault: 'voice-lines-busy' }
      return provider.call('voice', attempt, device, new AbortController().signal, () =>
        ring(uri, attempt, signal),
      )
    },
    async close() {
      sip.close()
    },
  }
}

const gone = (fault: FaultCode): Outcome => ({ kind: 'later', fault })
