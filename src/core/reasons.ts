import { reasons } from './catalogue/en-GB/reasons.ts'
import type { StandDown } from './vocabulary.ts'

/** Every choice the daemon makes carries one of these codes to log, metric and console. Code → the sentence an operator reads. */
export const REASONS = reasons

export type ReasonCode = keyof typeof REASONS

/** As what a call ends that the switchboard stood down for this. */
export const standDownReason = (why: StandDown): ReasonCode => (why === 'other' ? 'stood-down' : why)
