import type { Attempt } from '../../core/deliver/attempt.ts'
import { traitsOf } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import type { ProviderReport } from '../../core/deliver/reports.ts'
import { readTextBack } from '../../core/deliver/text-reply.ts'
import type { AttemptId } from '../../core/ids.ts'
import { asId } from '../../core/ids.ts'
import { HOUR, type Instant, type Millis } from '../../core/instant.ts'
import type { MqttDoor } from '../../ports/mqtt-door.ts'
import type { Tx } from '../../ports/store.ts'
import type { StoreTools } from '../../ports/tools.ts'

export interface TextDoorParts extends StoreTools {
  readonly door: MqttDoor
  readonly report: (attempt: Attempt, report: ProviderReport) => void
}

/** A test that was texted waits for its answer so long. */
const TEST_WAITS: Millis = 24 * HOUR
const OPEN = 500

/**
 * Answers by text. `1` or `2` from a number is the answer of whoever it was entered for, to the one open call that was
 * texted there before: of two nobody can say which is meant, so neither is answered, and both go on. So is it with a number
 * that two people share.
 * @returns whether the text was ours
 */
export function textDoor({ store, clock, metrics, log, door, report }: TextDoorParts) {
  const heed = async (number: string, text: string, at: Instant): Promise<boolean> => {
    const said = readTextBack(text)
    const { devices, texted } = await store.transact((tx) => find(tx, number, at))
    const [device] = devices
    if (device === undefined) return false
    const unclear = (why: string) => {
      metrics.count('bleepbridge_faults_total', { fault: 'text-reply-unclear' })
      log.warn('text-reply-unclear', { device: device.id, why })
      return true
    }
    if (said === undefined) return unclear('no-answer')
    if (said === 'text-delivered' || said === 'text-undelivered') {
      const last = texted.toSorted((a, b) => b.created - a.created)[0]
      if (last !== undefined) report(last, said)
      return true
    }
    const alerts = new Set(texted.map(({ alert }) => alert))
    if (alerts.size > 1) return unclear('several-calls')
    if (new Set(texted.map((one) => one.device)).size > 1) return unclear('several-people')
    const attempt = texted.at(-1)
    if (attempt !== undefined) {
      await door.receipt(attempt.device, attempt.id, 'opened')
      await door.answer(attempt.device, attempt.id, said)
      return true
    }
    const test = await store.transact((tx) => testOf(tx, device, clock.now()))
    if (test === undefined) return unclear('no-call')
    await door.receipt(device.id, test, 'opened')
    return true
  }

  return async (number: string, text: string, at: Instant, id?: string): Promise<boolean> => {
    if (id === undefined) return heed(number, text, at)
    const known = await store.transact(async (tx) => heeded(await tx.notes.get(HEEDED)))
    if (known.includes(id)) return true
    const ours = await heed(number, text, at)
    await store.transact(async (tx) => {
      const before = heeded(await tx.notes.get(HEEDED))
      await tx.notes.set(HEEDED, [...before, id].slice(-REMEMBERED), clock.now())
    })
    return ours
  }
}

/** Texts that a service has shown us and will show again: an answer that was changed since must not come back. */
const HEEDED = 'texts-heeded'
const REMEMBERED = 300

function heeded(note: unknown): readonly string[] {
  return Array.isArray(note) ? note.filter((one) => typeof one === 'string') : []
}

/** Whose number it is, and what was texted there of calls that are open, before the text was written. */
async function find(tx: Tx, number: string, at: Instant) {
  const devices = (await tx.devices.list()).filter(
    (d) => d.state === 'active' && traitsOf(d.channel).texts === true && d.address === number,
  )
  const texted: Attempt[] = []
  if (devices.length > 0)
    for (const { id } of await tx.alerts.list({ phase: 'open', limit: OPEN }))
      for (const one of await tx.attempts.ofAlert(id))
        if (devices.some((d) => d.id === one.device) && one.created <= at) texted.push(one)
  return { devices, texted }
}

async function testOf(tx: Tx, device: Device, now: Instant): Promise<AttemptId | undefined> {
  const note = await tx.notes.get(`self-test/${device.id}`)
  const test: unknown = typeof note === 'object' && note !== null ? Reflect.get(note, 'test') : undefined
  const fresh = device.tested !== undefined && now - device.tested.at < TEST_WAITS
  return fresh && typeof test === 'string' ? asId<AttemptId>(test) : undefined
}
