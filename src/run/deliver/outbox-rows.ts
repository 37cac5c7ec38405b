import type { Bleep } from '../../core/bleep/bleep.ts'
import { type Attempt, FAILED, type Outcome } from '../../core/deliver/attempt.ts'
import { isOnAir } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import { heardGone, stillThere } from '../../core/deliver/gone.ts'
import { effectOf } from '../../core/deliver/plan.ts'
import { rememberedWith, rePageKey, withoutRefused } from '../../core/deliver/re-page.ts'
import { type AlertId, asId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import { REASONS } from '../../core/reasons.ts'
import { isRing } from '../../core/vocabulary.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Hop } from '../../ports/measured.ts'
import type { Random } from '../../ports/random.ts'
import type { Tx } from '../../ports/store.ts'
import { stepStored } from '../step-attempt.ts'

/** An attempt whose step to `handed` is durable, with all that is needed to send it. */
export interface Ready {
  readonly attempt: Attempt
  readonly device: Device
  readonly bleep: Bleep
  readonly channel: Channel
}

/** What its channel said, and when by our clock. */
export interface Result {
  readonly ready: Ready
  readonly outcome: Outcome
  readonly handed: Instant
  readonly ended: Instant
}

/** What a stored result came to. */
export interface Ended {
  readonly next: Attempt
  readonly hops: readonly Hop[]
}

/**
 * Stores one result, on whatever the attempt is by now: its receipt may have come before the provider's answer.
 * @param doubted its provider says of one phone after another that the address is gone
 */
export async function endAttempt(
  tx: Tx,
  { ready, outcome, handed, ended }: Result,
  random: number,
  doubted: boolean,
): Promise<Ended | undefined> {
  const { attempt, device, bleep } = ready
  const step = await stepStored(tx, attempt.id, { kind: 'outcome', outcome, at: ended, random })
  if (step === undefined) return undefined
  const [next, effects] = step
  const hop = (name: string, at: Instant): Hop => ({
    bleep: bleep.id,
    alert: attempt.alert,
    hop: name,
    at,
    class: attempt.class,
    device: attempt.device,
    attempt: attempt.id,
    clock: 'ours',
    ...(isOnAir(attempt.channel) ? {} : { person: attempt.person }),
  })
  // Only what rings is on the clock: an update of a screen, or a phone that is not on the socket, is no hop.
  const timed = isRing(attempt.purpose) && outcome.kind !== 'refused'
  const hops = timed ? [hop('handed', handed)] : []
  for (const effect of effects) {
    if (effect.kind === 'hop' && timed) hops.push(hop(effect.hop, effect.at))
    if (effect.kind === 'address-gone')
      await change(tx, device, (known) =>
        // What cannot even be read as an address was never one.
        effect.fault === 'push-address-bad' ? { ...known, state: 'dead' } : heardGone(known, ended, doubted),
      )
  }
  if (outcome.kind === 'taken' && device.saidGone !== undefined) await change(tx, device, stillThere)
  await tx.hops.stamp(hops)
  if (isOnAir(attempt.channel) && outcome.kind === 'refused') {
    const key = rePageKey(bleep.number)
    await tx.notes.set(key, withoutRefused(await tx.notes.get(key), attempt.alert), ended)
  }
  return { next, hops }
}

/** The failed attempts, one for each person and effect, whose whole path rang nobody. */
export async function unreached(tx: Tx, failed: readonly Attempt[]): Promise<readonly Attempt[]> {
  const suspect = new Map<string, Attempt>()
  for (const attempt of failed) {
    if (isRing(attempt.purpose) && !isOnAir(attempt.channel) && FAILED.includes(attempt.state))
      suspect.set(effectOf(attempt), attempt)
  }
  const alive = new Set<string>()
  for (const alert of new Set([...suspect.values()].map((attempt) => attempt.alert)))
    for (const other of await tx.attempts.ofAlert(alert))
      if (!FAILED.includes(other.state)) alive.add(effectOf(other))
  return [...suspect].filter(([effect]) => !alive.has(effect)).map(([, attempt]) => attempt)
}

/** The bleep of each alert, read once a transaction: a call to a whole team is one bleep. */
export function bleepReader(tx: Tx): (alert: AlertId) => Promise<Bleep | undefined> {
  const known = new Map<AlertId, Bleep | undefined>()
  return async (id) => {
    if (known.has(id)) return known.get(id)
    const alert = await tx.alerts.get(id)
    const bleep = alert && (await tx.bleeps.get(alert.bleep))
    known.set(id, bleep)
    return bleep
  }
}

/** A radio attempt has no enrolled device: it is addressed by the page itself, with the reason for the operator. */
export async function deviceOf(tx: Tx, attempt: Attempt, bleep: Bleep): Promise<Device | undefined> {
  if (!isOnAir(attempt.channel)) return tx.devices.get(attempt.device)
  const { to, type, text, fields } = bleep.page
  return {
    id: attempt.device,
    owner: { kind: 'role', role: asId('radio') },
    label: 'radio',
    channel: 'radio',
    address: JSON.stringify({
      number: bleep.number,
      to,
      type,
      text,
      fields,
      reason: REASONS[attempt.reason],
    }),
    state: 'active',
    enrolled: attempt.created,
  }
}

export async function rememberRePage(tx: Tx, attempt: Attempt, bleep: Bleep, at: Instant): Promise<void> {
  const key = rePageKey(bleep.number)
  const one = { bleep: bleep.id, alert: attempt.alert, text: bleep.page.text, at }
  await tx.notes.set(key, rememberedWith(await tx.notes.get(key), one), at)
}

/** What was heard of an address changes its device, unless it got a new one while the old one was being tried. */
export async function change(tx: Tx, tried: Device, how: (device: Device) => Device): Promise<void> {
  await tx.alone(`device/${tried.id}`)
  const now = await tx.devices.get(tried.id)
  if (now?.state !== 'active' || now.address !== tried.address) return
  const next = how(now)
  if (next !== now) await tx.devices.save(next)
}

/** From 0 up to 1. */
export function fraction(random: Random): number {
  const [a = 0, b = 0] = random.bytes(2)
  return (a * 256 + b) / 65_536
}
