import { z } from 'zod'
import type { FaultCode } from '../faults.ts'
import { type AttemptId, asId, type DeviceId } from '../ids.ts'
import { HOUR, type Instant, type Millis } from '../instant.ts'
import { ANSWERS, type Answer } from '../vocabulary.ts'

/** What a button says when it is pressed: an answer to its call, or that a test was heard. */
export type Said = Answer | 'heard'

/** What one button of one notification may do, once, until then. */
export interface AnswerClaim {
  readonly device: DeviceId
  readonly attempt: AttemptId
  readonly said: Said
  readonly until: Instant
}

/** Keyed hash of a text, base64url: whoever has no key can make no token. */
export type Mac = (text: string) => string

const SAID: readonly Said[] = [...ANSWERS, 'heard']

/** A token of its claim, of letters, digits, `-`, `_` and `.`, under 200 characters. */
export function writeAnswerToken({ device, attempt, said, until }: AnswerClaim, mac: Mac): string {
  const claim = [device, attempt, said, until.toString(36)].join('.')
  return `${claim}.${mac(claim)}`
}

/** The claim of a token that we made and whose time is not over. */
export function readAnswerToken(
  token: string,
  mac: Mac,
  now: Instant,
): AnswerClaim | Extract<FaultCode, 'answer-token-wrong' | 'answer-token-late'> {
  const parts = token.split('.')
  const [device, attempt, word, until, sum] = parts
  const said = SAID.find((one) => one === word)
  if (parts.length !== 5 || !device || !attempt || !until || said === undefined) return 'answer-token-wrong'
  if (!same(mac(parts.slice(0, 4).join('.')), sum ?? '')) return 'answer-token-wrong'
  const ends = Number.parseInt(until, 36)
  return now < ends
    ? { device: asId(device), attempt: asId(attempt), said, until: ends }
    : 'answer-token-late'
}

/** Presses of one device, by when: no token lives so long. */
const usedSchema = z.record(z.string(), z.number()).catch({})
const KEPT: Millis = 3 * HOUR

/** What a device has pressed, with this press; undefined where it was pressed before. */
export function usedWith(
  before: unknown,
  { attempt, said }: AnswerClaim,
  now: Instant,
): Readonly<Record<string, Instant>> | undefined {
  const used = Object.entries(usedSchema.parse(before))
  const press = `${attempt}/${said}`
  if (used.some(([one]) => one === press)) return undefined
  return { ...Object.fromEntries(used.filter(([, at]) => now - at < KEPT)), [press]: now }
}

/** Looks at every character, whichever differs: the time it takes tells nothing. */
function same(a: string, b: string): boolean {
  let differs = a.length ^ b.length
  for (let i = 0; i < a.length; i++) differs |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return differs === 0
}
