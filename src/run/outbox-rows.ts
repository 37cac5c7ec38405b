import type { Bleep } from '../core/bleep/bleep.ts'
import { type Attempt, FAILED } from '../core/deliver/attempt.ts'
import type { Device } from '../core/deliver/device.ts'
import { effectOf } from '../core/deliver/plan.ts'
import { type RePage, rePageKey } from '../core/deliver/re-page.ts'
import { asId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import { REASONS } from '../core/reasons.ts'
import type { Tx } from '../ports/store.ts'

/** The failed attempts, one for each person and effect, whose whole path rang nobody. */
export async function unreached(tx: Tx, failed: readonly Attempt[]): Promise<readonly Attempt[]> {
  const lost = new Map<string, Attempt>()
  for (const attempt of failed) {
    const effect = effectOf(attempt)
    if (!FAILED.includes(attempt.state) || lost.has(effect)) continue
    if (attempt.purpose !== 'ask' && attempt.purpose !== 'again') continue
    if (attempt.channel === 'radio') continue
    const path = (await tx.attempts.ofAlert(attempt.alert)).filter((other) => effectOf(other) === effect)
    if (path.every((other) => FAILED.includes(other.state))) lost.set(effect, attempt)
  }
  return [...lost.values()]
}

/** A radio attempt has no enrolled device: it is addressed by the page itself, with the reason for the operator. */
export async function deviceOf(tx: Tx, attempt: Attempt, bleep: Bleep): Promise<Device | undefined> {
  if (attempt.channel !== 'radio') return tx.devices.get(attempt.device)
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
  const record: RePage = { bleep: bleep.id, alert: attempt.alert, text: bleep.page.text, at }
  await tx.notes.set(rePageKey(bleep.number), record, at)
}

/** The device is used no more, unless it got a new address while the old one was being tried. */
export async function dropDevice(tx: Tx, tried: Device): Promise<void> {
  const now = await tx.devices.get(tried.id)
  if (now?.state === 'active' && now.address === tried.address)
    await tx.devices.save({ ...now, state: 'dead' })
}
