/** Classes of fault (src/README.md, Faults): what carries it and who must act. */
export type FaultClass = 'line' | 'config' | 'refused' | 'passing' | 'lasting' | 'bug'
export type Severity = 'info' | 'warning' | 'alarm'

export interface Fault {
  readonly class: FaultClass
  readonly severity: Severity
  /** HTTP status when it answers a request. */
  readonly status: number
  readonly sentence: string
  /** What the reader should do. */
  readonly remedy: string
}

const fault = (
  c: FaultClass,
  severity: Severity,
  status: number,
  sentence: string,
  remedy: string,
): Fault => ({
  class: c,
  severity,
  status,
  sentence,
  remedy,
})

/** The one table of faults: code → class, severity, HTTP status, sentence, what to do. Sorted by area. */
export const FAULTS = {
  // line: noise and broken frames, kept as values and counted
  'line-noise': fault(
    'line',
    'info',
    500,
    'Bytes on the line fit no record of the protocol',
    'Check baud rate, parity and wiring if the count climbs',
  ),
  'line-too-long': fault(
    'line',
    'warning',
    500,
    'A record grew past its limit and was cut off',
    'Check the framing settings of the profile',
  ),
  'checksum-bad': fault(
    'line',
    'warning',
    500,
    'A block failed its checksum',
    'Check cable, earth and parity; the sender repeats the block',
  ),
  'parity-bad': fault(
    'line',
    'warning',
    500,
    'A character failed its parity',
    'Check data bits and parity of the profile',
  ),
  'codeword-bad': fault(
    'line',
    'info',
    500,
    'A POCSAG codeword could not be repaired',
    'Check signal level or wiring if the rate climbs',
  ),
  'sync-lost': fault(
    'line',
    'info',
    500,
    'POCSAG synchronisation was lost inside a transmission',
    'Check signal level; repeated losses mean a clock or wiring fault',
  ),
  'ghost-page': fault(
    'line',
    'info',
    500,
    'A page decoded from noise was held back',
    'None; counted so that the gate can be checked',
  ),
  'ric-unknown': fault(
    'line',
    'warning',
    500,
    'A page named an address that no directory holds',
    'Add the address to the number plan or mark it as foreign',
  ),
  'record-unmatched': fault(
    'line',
    'warning',
    500,
    'A line fits no pattern of the profile',
    'Add a pattern or a noise pattern to the profile',
  ),
  'frame-interrupted': fault(
    'line',
    'warning',
    500,
    'A block stopped half-way',
    'Check the sender and the cable',
  ),
  'block-refused': fault(
    'line',
    'warning',
    500,
    'The peer refused our block',
    'Check the peer; the page goes by another path',
  ),
} as const satisfies Record<string, Fault>

export type FaultCode = keyof typeof FAULTS

/** A fault as a value: the code and what it concerns, never message text or a name. */
export interface FaultValue {
  readonly code: FaultCode
  readonly detail?: string
}

export type Result<T, F = FaultValue> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: F }

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })
export const failed = (
  code: FaultCode,
  detail?: string,
): { readonly ok: false; readonly fault: FaultValue } => ({
  ok: false,
  fault: detail === undefined ? { code } : { code, detail },
})
