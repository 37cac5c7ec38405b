import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Attempt } from '../../src/core/deliver/attempt.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { doorbell } from '../../src/core/deliver/payload.ts'
import type { Channel, Outcome } from '../../src/ports/channel.ts'
import { anEmergency } from '../support/attempts.ts'
import { SECRET_TEXT } from '../support/delivery.ts'

/** How the far end of a channel behaves. Not every channel can be made to do everything. */
export type Mood = 'well' | 'gone' | 'busy' | 'down' | 'forbidden' | 'silent' | 'drips' | 'cut'

/** A channel with its far end, as the suite needs it. */
export interface Trial {
  readonly channel: Channel
  /** An address the far end knows. */
  readonly device: Device
  be(mood: Mood): void
  /** Everything the far end got, decrypted where it was encrypted. */
  received(): readonly string[]
  /** Waits until what was taken has reached the far end, where that is not the same moment. */
  settle?(): Promise<void>
  /** Whatever a sender did that the protocol forbids. */
  faults(): readonly string[]
  close(): Promise<void>
}

export interface ChannelPromises {
  readonly fresh: () => Promise<Trial>
  /** What each mood must come to. */
  readonly outcomes: Readonly<Partial<Record<Mood, Outcome>>>
  /** The address is stored text that this channel cannot read; absent where any address will do. */
  readonly unreadable?: string
  /** By what the far end knows a call, where that is not its attempt. */
  readonly knownBy?: string
}

/** What every channel must do, whatever is at its far end. */
export function channelContract(name: string, promises: ChannelPromises, why?: string): void {
  describe(`${name} keeps the channel's promises`, () => {
    if (why !== undefined) {
      test('runs', (ctx) => ctx.skip(why))
      return
    }
    let trial: Trial
    beforeEach(async () => {
      trial = await promises.fresh()
    })
    afterEach(() => trial.close())

    const send = (within = 30_000, device = trial.device, more: Partial<Attempt> = {}) => {
      const attempt = anEmergency(device, more)
      return trial.channel.send(
        attempt,
        device,
        doorbell(attempt, 'opaque', SECRET_TEXT),
        AbortSignal.timeout(within),
      )
    }

    test('a far end that is well takes it, and nothing the protocol forbids was sent', async () => {
      expect(await send()).toMatchObject({ kind: 'taken' })
      await trial.settle?.()
      expect(trial.faults()).toEqual([])
      expect(trial.received().length).toBeGreaterThan(0)
    })

    for (const [mood, outcome] of Object.entries(promises.outcomes) as [Mood, Outcome][])
      test(`a far end that is ${mood}: ${outcome.kind}`, async () => {
        // The first goes well, so that a kept connection is what meets the trouble.
        await send()
        trial.be(mood)
        expect(
          await send(mood === 'silent' || mood === 'drips' || mood === 'cut' ? 250 : 4000),
        ).toMatchObject(outcome)
        expect(trial.faults()).toEqual([])
      })

    test('one trouble does not spoil the next call', async () => {
      const [mood] = Object.keys(promises.outcomes) as Mood[]
      if (mood !== undefined) {
        trial.be(mood)
        await send(250)
        trial.be('well')
      }
      expect(await send()).toMatchObject({ kind: 'taken' })
    })

    test('twenty at once are all answered', async () => {
      const said = await Promise.all(Array.from({ length: 20 }, () => send()))
      expect(said.map((o) => o.kind)).toEqual(Array.from({ length: 20 }, () => 'taken'))
    })

    if (promises.unreadable !== undefined)
      test('an address it cannot read ends the device and is never sent to', async () => {
        const device = { ...trial.device, address: promises.unreadable ?? '' }
        expect(await send(4000, device)).toEqual({ kind: 'dead', fault: 'push-address-bad' })
        expect(trial.received()).toEqual([])
      })

    test('a call whose time is up before it begins settles at once', async () => {
      const attempt = anEmergency(trial.device)
      const bell = doorbell(attempt, 'opaque', undefined)
      const said = await trial.channel.send(attempt, trial.device, bell, AbortSignal.abort())
      expect(['later', 'taken', 'refused']).toContain(said.kind)
    })

    if (trialLeavesTheBuilding(name))
      test.each(['ask', 'again', 'stand-down', 'cancel'] as const)(
        'not one byte of what was said in a call to %s leaves the building',
        async (purpose) => {
          const said: Outcome[] = []
          for (const c of ['emergency', 'urgent', 'routine', 'test'] as const)
            said.push(await send(4000, trial.device, { purpose, class: c }))
          expect(said.map(({ kind }) => kind)).toEqual(['taken', 'taken', 'taken', 'taken'])
          await trial.settle?.()
          const sent = trial.received().join('\n')
          expect(sent).toContain(promises.knownBy ?? '0190aaaa-0000-7000-8000-00000000a11e')
          for (const word of [...SECRET_TEXT.split(' '), '9434765919', 'ZYXWVUT', 'p1'])
            if (word.length > 1) expect(sent.toUpperCase()).not.toContain(` ${word.toUpperCase()}`)
          expect(sent.toUpperCase()).not.toMatch(/ARREST|WARD|BED 3|ZYXWVUT|5919/)
        },
      )
  })
}

/** Radio goes to the hospital's own transmitter and must carry the page; everything else is a doorbell. */
function trialLeavesTheBuilding(name: string): boolean {
  return name !== 'radio'
}
