import { reasons } from './catalogue/en-GB/reasons.ts'

/** Every choice the daemon makes carries one of these codes to log, metric and console. Code → the sentence an operator reads. */
export const REASONS = reasons

export type ReasonCode = keyof typeof REASONS
