import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as real } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { PushSettings } from '../../../src/config/push.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { readWav } from '../../../src/core/deliver/telephone-sound.ts'
import { sipLine } from '../../../src/io/channels/sip-line.ts'
import { type VoiceParts, voice } from '../../../src/io/channels/voice.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { installed } from '../../support/installed.ts'
import { telephone } from '../../support/telephone.ts'

const clock = systemClock(() => {})
const ready = ['baresip', 'espeak-ng', 'sox'].every(installed)
const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})

const TELEPHONE: Device = { ...aPhone('desk', 'voice'), address: '4421' }

function bridge(domain: string, more: Partial<PushSettings['voice']> = {}, speech?: VoiceParts['speech']) {
  const keys: string[] = []
  const reports: string[] = []
  const settings = {
    ...{ account: 'sip:bridge@127.0.0.1', register: false, domain, address: '127.0.0.1', lines: 4 },
    ...{ program: 'baresip', modules: '/usr/lib/baresip/modules', speech: 'espeak-ng', voice: 'en-gb' },
    ...more,
  }
  const channel = voice(
    settings,
    clock,
    (attempt, key) => void keys.push(`${attempt.device} ${key}`),
    (attempt, report) => void reports.push(`${attempt.device} ${report}`),
    speech && { line: () => sipLine(settings, clock), speech },
  )
  cleanUp.push(() => channel.close())
  const send = (device = TELEPHONE, patience = AbortSignal.timeout(60_000)) => {
    const attempt = anEmergency(device)
    const bell = doorbell(attempt, 'place', 'Ward 7B')
    return channel.send(attempt, device, bell, patience)
  }
  return { keys, reports, send, channel }
}

describe('telephone calls', () => {
  test.skipIf(!ready)(
    'between two real SIP clients: picked up is taken, it speaks, 3 says it again, and key 1 is the answer',
    async () => {
      const theirs = await telephone(cleanUp)
      const { keys, send } = bridge(`127.0.0.1:${theirs.sip}`)
      expect(await send()).toEqual({ kind: 'taken' })
      await theirs.until('picked-up')
      await real(1500)
      theirs.line.tell('sndcode', '3')
      await real(1500)
      expect(keys).toEqual([])
      theirs.line.tell('sndcode', '1')
      while (keys.length === 0) await real(20)
      expect(keys[0]).toBe('desk 1')
      // The line is free again: the bridge hangs up once it has an answer.
      await theirs.until('closed')
      await real(200)
      const heard = readdirSync(join(theirs.folder, 'heard')).find((name) => name.endsWith('dec.wav')) ?? ''
      const sound = readWav(readFileSync(join(theirs.folder, 'heard', heard)))?.sound ?? new Int16Array()
      const loud = (from: number, to: number) =>
        Math.sqrt(sound.slice(from, to).reduce((sum, one) => sum + one * one, 0) / Math.max(1, to - from))
      expect(loud(0, 8000)).toBeGreaterThan(300)
      // Begun again from its first word: what was heard after the key is what was heard at first.
      expect(alike(sound.slice(0, 6000), sound.slice(8000))).toBeGreaterThan(0.8)
    },
  )

  test.skipIf(!ready)(
    'whoever asked is told by telephone, and a key says that they have heard it',
    async () => {
      const theirs = await telephone(cleanUp)
      const { channel } = bridge(`127.0.0.1:${theirs.sip}`)
      const told = channel.tell('4421', 'Dr Ada is coming.', AbortSignal.timeout(60_000))
      await theirs.until('picked-up')
      await real(800)
      theirs.line.tell('sndcode', '1')
      expect(await told).toBe('heard')
    },
  )

  test.skipIf(!ready)(
    'nobody at that number, an exchange that is gone, and a call that is turned away',
    async () => {
      const theirs = await telephone(cleanUp, ';answermode=manual')
      const { send } = bridge(`127.0.0.1:${theirs.sip}`)
      expect(await send({ ...TELEPHONE, address: '9999' })).toEqual({
        kind: 'refused',
        fault: 'voice-number-wrong',
      })
      const ringing = send()
      await theirs.until('rung')
      theirs.line.tell('hangup')
      expect(await ringing).toMatchObject({ kind: 'refused' })
      const patience = new AbortController()
      const unanswered = send(TELEPHONE, patience.signal)
      await expect.poll(() => theirs.heard.filter((kind) => kind === 'rung')).toHaveLength(2)
      patience.abort()
      expect(await unanswered).toEqual({ kind: 'refused', fault: 'voice-no-answer' })
      theirs.line.close()
      await real(100)
      expect(await send(TELEPHONE, AbortSignal.timeout(3000))).toEqual({
        kind: 'later',
        fault: 'voice-exchange-gone',
      })
    },
  )

  test.skipIf(!ready)('a client that dies in the middle of a call is begun anew for the next', async () => {
    const theirs = await telephone(cleanUp)
    const { send, reports } = bridge(`127.0.0.1:${theirs.sip}`)
    expect(await send()).toEqual({ kind: 'taken' })
    for (const id of ours()) process.kill(id, 'SIGKILL')
    while (reports.length === 0) await real(20)
    expect(reports).toEqual(['desk no-key'])
    expect(await send()).toEqual({ kind: 'taken' })
  })

  test('without a client the call is tried again, and says why', async () => {
    const speech = { of: async () => ({ file: '/nowhere.wav', lasts: 1000 }), close: async () => {} }
    const { send } = bridge('pbx', { program: '/nowhere/baresip' }, speech)
    expect(await send()).toEqual({ kind: 'later', fault: 'voice-client-gone' })
  })

  test('with nothing that can speak no silent call is made', async () => {
    const { send } = bridge('pbx', { program: '/nowhere/baresip', speech: '/nowhere/espeak-ng' })
    expect(await send()).toEqual({ kind: 'refused', fault: 'voice-speechless' })
  })

  test('a reference of a gateway is nothing that can be dialled', async () => {
    const { send } = bridge('pbx')
    expect(await send({ ...TELEPHONE, address: '1@evil.example' })).toEqual({
      kind: 'dead',
      fault: 'push-address-bad',
    })
  })
})

/** Clients of our own lines: children of this process with a folder of theirs. */
function ours(): readonly number[] {
  const { pid } = process
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  return children.filter((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('bleepd-line-'))
}

/** The best correlation of a sound with any part of another, at steps of a millisecond: 1 is the same. */
function alike(sound: Int16Array, within: Int16Array): number {
  let best = 0
  for (let from = 0; from + sound.length <= within.length; from += 8) {
    let [both, one, other] = [0, 0, 0]
    for (let i = 0; i < sound.length; i += 4) {
      const [a, b] = [sound[i] ?? 0, within[from + i] ?? 0]
      both += a * b
      one += a * a
      other += b * b
    }
    best = Math.max(best, both / Math.sqrt(one * other || 1))
  }
  return best
}
