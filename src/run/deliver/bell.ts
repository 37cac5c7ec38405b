import { unclearIn } from '../../core/bleep/unclear.ts'
import { deviceClass } from '../../core/deliver/device.ts'
import { type Doorbell, doorbell, type Privacy } from '../../core/deliver/payload.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { askedOf, outsideRoles, pushWords } from '../../core/directory/trust.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Ready } from './outbox-rows.ts'

interface BellParts {
  readonly privacy: Privacy
  readonly clock: Clock
  readonly directory?: (() => Directory) | undefined
}

/** What one push holds: as the site has set it, and never more than the trust's policy lets it say. */
export function bellOf(
  { attempt, device, bleep }: Ready,
  { privacy, directory, clock }: BellParts,
): Doorbell {
  const known = directory?.()
  const ring = (says: Privacy) =>
    doorbell(attempt, says, bleep.meaning?.place, known?.hospitalNumbers, unclearIn(bleep.page))
  if (known?.trust === undefined) return ring(privacy)
  const { owner } = device
  const roles = owner.kind === 'role' ? [owner.role] : outsideRoles(known, attempt.person, clock.now())
  const to = askedOf(known, attempt.person, roles)
  return ring(pushWords(known.trust, { ...to, devices: deviceClass(device), way: attempt.channel }, privacy))
}
