// Long because it is one table: every fault there is.

import { faults as WORDS } from './catalogue/en-GB/faults.ts'

/** What kind of trouble it is, which says who must act: `hardware/faults.md` groups them by it. */
export type FaultClass = 'line' | 'config' | 'refused' | 'passing' | 'lasting' | 'bug'
export type Severity = 'info' | 'warning' | 'alarm'

interface Row {
  readonly class: FaultClass
  readonly severity: Severity
  /** HTTP status when it answers a request. */
  readonly status: number
  /** It is a state with a beginning and an end; all others end with the answer, the attempt or the start that they are about. */
  readonly stands?: true
}

export interface Fault extends Row {
  readonly sentence: string
  /** What the reader should do. */
  readonly remedy: string
}

const row = (c: FaultClass, severity: Severity, status: number): Row => ({ class: c, severity, status })
/** A state that a watcher finds until it is over. Only such a fault stands, and each has its rule outside. */
const lasts = (...of: Parameters<typeof row>) => ({ ...row(...of), stands: true as const })

/** Every fault: code → class, severity, HTTP status. Sorted by area; the words stand in the catalogue. */
const ROWS = {
  // line: noise and broken frames, kept as values and counted
  'line-noise': row('line', 'info', 500),
  'line-too-long': row('line', 'warning', 500),
  'checksum-bad': row('line', 'warning', 500),
  'parity-bad': row('line', 'warning', 500),
  'line-errors': lasts('line', 'warning', 500),
  'port-overrun': lasts('line', 'warning', 500),
  'codeword-bad': row('line', 'info', 500),
  'sync-lost': row('line', 'info', 500),
  'address-lost': row('line', 'warning', 500),
  'ghost-page': row('line', 'info', 500),
  'record-unmatched': row('line', 'warning', 500),
  'profile-unfit': lasts('line', 'alarm', 500),
  'nothing-valid': lasts('line', 'alarm', 500),
  'line-quiet': lasts('line', 'warning', 500),
  'line-unheard': lasts('line', 'warning', 500),
  'signal-flat': lasts('line', 'alarm', 500),
  'signal-stereo': lasts('line', 'alarm', 500),
  'signal-rate': lasts('line', 'alarm', 500),
  'signal-inverted': lasts('line', 'alarm', 500),
  'signal-bent': lasts('line', 'alarm', 500),
  'signal-weak': lasts('line', 'warning', 500),
  'frame-interrupted': row('line', 'warning', 500),
  'block-malformed': row('line', 'warning', 500),
  'block-unconfirmed': row('line', 'warning', 500),
  'page-unsendable': row('line', 'warning', 500),
  'send-queue-full': row('line', 'alarm', 503),
  'peer-silent': row('line', 'alarm', 504),
  'record-invalid': row('refused', 'warning', 400),
  'role-cannot-send': row('config', 'warning', 500),
  'block-refused': row('line', 'warning', 500),
  // profiles of hardware
  'profile-unknown': row('config', 'alarm', 422),
  'profile-invalid': row('config', 'alarm', 422),
  // port: the physical line, supervised by run/line/port.ts
  'port-absent': lasts('passing', 'alarm', 503),
  'port-busy': lasts('passing', 'alarm', 503),
  'port-denied': lasts('lasting', 'alarm', 503),
  'port-not-tty': lasts('lasting', 'alarm', 503),
  'port-not-pipe': lasts('lasting', 'alarm', 503),
  'pipe-unfed': lasts('passing', 'alarm', 503),
  'port-unplugged': lasts('passing', 'alarm', 503),
  'port-failed': lasts('passing', 'alarm', 503),
  'peer-unreachable': lasts('passing', 'alarm', 503),
  'peer-closed': lasts('passing', 'alarm', 503),
  'peer-refused': lasts('line', 'warning', 503),
  'listen-failed': lasts('passing', 'alarm', 503),
  'line-not-up': lasts('passing', 'alarm', 503),
  'write-timeout': lasts('passing', 'alarm', 503),
  'line-closed': lasts('passing', 'warning', 503),
  'line-listen-only': lasts('bug', 'alarm', 500),
  'line-silent': lasts('passing', 'alarm', 503),
  'line-garbage': lasts('line', 'alarm', 503),
  'capture-unwritable': lasts('passing', 'warning', 503),
  'capture-unreadable': lasts('lasting', 'warning', 503),
  // config: all printed at once, exit 78, never half-started
  'config-unreadable': row('config', 'alarm', 500),
  'config-syntax': row('config', 'alarm', 500),
  'config-missing': row('config', 'alarm', 500),
  'config-value': row('config', 'alarm', 500),
  'config-unknown-key': row('config', 'alarm', 500),
  'config-doubled': row('config', 'alarm', 500),
  'config-secret': row('config', 'alarm', 500),
  'config-unresolved': row('config', 'alarm', 500),
  'config-doubtful': row('config', 'warning', 500),
  'config-unsafe': row('config', 'warning', 500),
  'operator-keys': row('config', 'info', 500),
  'folder-unwritable': row('config', 'alarm', 500),
  'certificate-bad': lasts('lasting', 'alarm', 503),
  'certificate-ending': lasts('lasting', 'warning', 503),
  'certificate-last-week': lasts('lasting', 'alarm', 503),
  'reload-refused': lasts('lasting', 'alarm', 503),
  'restart-needed': lasts('lasting', 'warning', 503),
  'last-good-unkept': lasts('lasting', 'warning', 503),
  'site-differs': lasts('lasting', 'alarm', 503),
  'site-unreadable': lasts('lasting', 'alarm', 503),
  // store
  'page-lost': lasts('lasting', 'alarm', 503),
  'store-busy': lasts('passing', 'warning', 503),
  'store-full': lasts('lasting', 'alarm', 503),
  'store-damaged': lasts('lasting', 'alarm', 503),
  'document-spoilt': lasts('lasting', 'alarm', 503),
  'store-moved': lasts('lasting', 'alarm', 503),
  'store-apart': lasts('lasting', 'alarm', 503),
  overloaded: lasts('passing', 'warning', 503),
  'lead-lost': row('passing', 'info', 503),
  'store-in-use': row('lasting', 'alarm', 503),
  'store-lost': lasts('lasting', 'alarm', 503),
  'store-unproved': lasts('passing', 'alarm', 503),
  'store-older': row('lasting', 'warning', 503),
  'store-newer': row('lasting', 'alarm', 503),
  'backup-failed': lasts('lasting', 'warning', 503),
  'backup-old': lasts('lasting', 'alarm', 503),
  'word-keys-lost': lasts('lasting', 'alarm', 503),
  'word-keys-short': lasts('lasting', 'warning', 503),
  'copy-bad': row('lasting', 'alarm', 503),
  'drill-failed': lasts('lasting', 'alarm', 503),
  'drill-old': lasts('lasting', 'warning', 503),
  'request-due': lasts('lasting', 'warning', 503),
  'request-late': lasts('lasting', 'alarm', 503),
  'audit-broken': lasts('lasting', 'alarm', 503),
  'audit-unanchored': lasts('lasting', 'warning', 503),
  'audit-unsealed': lasts('lasting', 'warning', 503),
  // delivery: one alert to one device by one channel
  'attempt-expired': row('passing', 'warning', 503),
  'provider-unavailable': lasts('passing', 'warning', 503),
  'provider-busy': lasts('passing', 'warning', 503),
  'provider-timeout': lasts('passing', 'warning', 503),
  'provider-unreachable': lasts('passing', 'alarm', 503),
  'provider-untrusted': lasts('passing', 'alarm', 503),
  'provider-circuit-open': row('passing', 'warning', 503),
  'provider-credentials': lasts('lasting', 'alarm', 503),
  'push-address-dead': row('lasting', 'warning', 410),
  'push-addresses-doubted': lasts('passing', 'alarm', 503),
  'listed-leavers-held': lasts('lasting', 'alarm', 409),
  'directory-unreachable': lasts('passing', 'warning', 503),
  'leavers-held': lasts('lasting', 'alarm', 503),
  'push-key-changed': lasts('lasting', 'alarm', 503),
  'push-address-bad': row('lasting', 'warning', 400),
  'push-too-large': row('bug', 'alarm', 500),
  'post-unreachable': lasts('passing', 'warning', 503),
  'post-refused': lasts('lasting', 'warning', 502),
  'push-refused': lasts('lasting', 'alarm', 502),
  'voice-client-gone': lasts('passing', 'alarm', 503),
  'voice-exchange-gone': lasts('passing', 'alarm', 503),
  'voice-lines-busy': lasts('passing', 'warning', 503),
  'voice-speechless': lasts('lasting', 'alarm', 503),
  'voice-engaged': row('passing', 'info', 503),
  'voice-no-answer': row('passing', 'info', 504),
  'voice-number-wrong': row('lasting', 'warning', 404),
  'text-reply-unclear': row('refused', 'info', 409),
  'way-unproved': lasts('passing', 'warning', 503),
  'text-limit': lasts('passing', 'alarm', 503),
  'text-not-sent': row('passing', 'alarm', 502),
  'modem-sends-nothing': lasts('passing', 'alarm', 502),
  'text-spool-unwritable': lasts('lasting', 'alarm', 503),
  'modem-silent': lasts('passing', 'alarm', 504),
  'channel-absent': row('lasting', 'alarm', 503),
  'socket-absent': row('passing', 'info', 404),
  'radio-refused': lasts('lasting', 'alarm', 502),
  'radio-no-answer': lasts('passing', 'alarm', 504),
  'device-absent': row('lasting', 'warning', 404),
  // desk: what HTTP and MQTT ask of us (ports/desk.ts)
  'key-wrong': row('refused', 'warning', 401),
  'second-factor-wanted': row('refused', 'info', 401),
  'second-factor-wrong': row('refused', 'warning', 401),
  'passkey-refused': row('refused', 'warning', 401),
  'passkey-last': row('refused', 'info', 409),
  'password-short': row('refused', 'info', 400),
  'password-guessable': row('refused', 'info', 400),
  'sign-in-old': row('refused', 'info', 403),
  'provider-down': lasts('passing', 'alarm', 503),
  'provider-refused': row('refused', 'warning', 401),
  'sign-in-no-role': row('refused', 'warning', 403),
  'sign-in-no-person': row('refused', 'warning', 403),
  'break-glass-used': lasts('lasting', 'alarm', 503),
  'enrol-as-other': row('refused', 'warning', 403),
  'code-gone': row('refused', 'info', 404),
  'device-waiting': row('refused', 'warning', 403),
  'set-up-code-wrong': row('refused', 'warning', 403),
  'account-none': row('refused', 'info', 404),
  'account-unknown': row('refused', 'info', 404),
  'account-exists': row('refused', 'info', 409),
  'not-signed-in': row('refused', 'warning', 401),
  'bleep-unknown': row('refused', 'info', 404),
  'subject-too-wide': row('refused', 'info', 409),
  'request-unknown': row('refused', 'info', 404),
  'request-over': row('refused', 'info', 409),
  'request-unverified': row('refused', 'info', 409),
  'request-early': row('refused', 'info', 409),
  'request-undecided': row('refused', 'info', 409),
  'request-second': row('refused', 'info', 409),
  'request-decision': row('refused', 'info', 409),
  'request-ground': row('refused', 'info', 409),
  'redaction-undecided': row('refused', 'info', 409),
  'person-active': row('refused', 'info', 409),
  'erase-open': row('refused', 'warning', 409),
  'erase-held': row('refused', 'warning', 409),
  'erase-early': row('refused', 'info', 409),
  'erase-nothing': row('refused', 'info', 409),
  'erasure-unknown': row('refused', 'info', 404),
  'erasure-over': row('refused', 'info', 409),
  'hold-unknown': row('refused', 'info', 404),
  'not-permitted': row('refused', 'warning', 403),
  'cross-site': row('refused', 'warning', 403),
  'request-invalid': row('refused', 'info', 400),
  'route-unknown': row('refused', 'info', 404),
  'too-many-requests': row('refused', 'warning', 429),
  'request-failed': lasts('bug', 'alarm', 500),
  'alert-unknown': row('refused', 'info', 404),
  'radio-not-set': row('refused', 'info', 409),
  'call-unknown': row('refused', 'info', 404),
  'call-unclear': row('refused', 'info', 409),
  'call-unconfirmed': row('refused', 'info', 409),
  'call-confirm-gone': row('refused', 'info', 409),
  'call-confirm-other': row('refused', 'info', 409),
  'test-unknown': row('refused', 'info', 404),
  'review-unknown': row('refused', 'info', 404),
  'joined-unknown': row('refused', 'info', 404),
  'attempt-unknown': row('refused', 'info', 404),
  'number-unreadable': row('refused', 'info', 400),
  'address-unreadable': row('refused', 'info', 400),
  'device-unknown': row('refused', 'info', 404),
  'person-unknown': row('refused', 'info', 404),
  'ward-unknown': row('refused', 'info', 404),
  'ask-unknown': row('refused', 'info', 404),
  'ask-emergency': row('refused', 'info', 409),
  'ask-barred': row('refused', 'info', 409),
  'drill-undone': row('refused', 'warning', 409),
  'asks-too-many': row('refused', 'warning', 429),
  'role-unknown': row('refused', 'info', 404),
  'answer-stale': row('refused', 'info', 409),
  'content-cleared': row('refused', 'info', 410),
  'answer-not-asked': row('refused', 'info', 409),
  'answer-late': row('refused', 'info', 409),
  'answer-token-wrong': row('refused', 'warning', 403),
  'answer-token-used': row('refused', 'info', 409),
  'answer-token-late': row('refused', 'info', 410),
  'answerer-unclear': row('refused', 'info', 409),
  'code-wrong': row('refused', 'warning', 403),
  'answer-overtaken': row('refused', 'info', 409),
  'duty-needs-handover': row('refused', 'warning', 409),
  'rota-change-unknown': row('refused', 'info', 404),
  'rota-change-pointless': row('refused', 'info', 409),
  'offer-gone': row('refused', 'info', 409),
  'not-yours': row('refused', 'warning', 403),
  'self-test-impossible': row('refused', 'warning', 409),
  // filing in the patient's record
  'filing-away': row('passing', 'warning', 503),
  'filing-busy': row('passing', 'info', 503),
  'filing-untrusted': row('passing', 'warning', 503),
  'filing-credentials': lasts('lasting', 'alarm', 503),
  'filing-answer-unreadable': row('passing', 'warning', 502),
  'filing-rejected': row('passing', 'warning', 503),
  'filing-refused': lasts('lasting', 'warning', 502),
  'filing-behind': lasts('lasting', 'alarm', 503),
  'filing-undecided': lasts('lasting', 'warning', 503),
  'filing-unproved': lasts('passing', 'warning', 503),
  'filing-not-set': row('refused', 'info', 409),
  'filing-unknown': row('refused', 'info', 404),
  'filing-overtaken': row('refused', 'info', 409),
  'patient-not-there': row('refused', 'info', 404),
  'patient-number-wrong': row('refused', 'info', 400),
  'read-back-other': row('refused', 'info', 409),
  // broker: MQTT telemetry and devices on the LAN
  'broker-unreachable': lasts('passing', 'warning', 503),
  'broker-refused': lasts('lasting', 'alarm', 503),
  'broker-timeout': row('passing', 'warning', 504),
  // watchers outside
  'air-not-heard': lasts('passing', 'alarm', 503),
  // the node itself: the machine and the process we run in
  'loop-late': lasts('passing', 'warning', 503),
  'memory-high': lasts('passing', 'warning', 503),
  'disk-low': lasts('passing', 'alarm', 503),
  'commit-slow': lasts('passing', 'warning', 503),
  'clock-off': lasts('passing', 'warning', 503),
  'clock-unkept': lasts('lasting', 'warning', 503),
  'clock-unproved': lasts('lasting', 'warning', 503),
  'node-unseen': lasts('passing', 'alarm', 503),
  'log-unwritten': lasts('lasting', 'warning', 503),
  'heartbeat-unconfirmed': lasts('passing', 'warning', 503),
  // config: every fault of the files at once, each with file and line
  'file-missing': row('config', 'alarm', 500),
  'file-unreadable': row('config', 'alarm', 500),
  'csv-broken': row('config', 'alarm', 500),
  'csv-column-missing': row('config', 'alarm', 500),
  'csv-column-unknown': row('config', 'alarm', 500),
  'value-wrong': row('config', 'alarm', 500),
  'pattern-wrong': row('config', 'alarm', 500),
  'calendar-broken': row('config', 'alarm', 500),
  'calendar-doubtful': row('config', 'warning', 500),
  'rota-doubtful': row('config', 'warning', 500),
  // health
  'pages-held': lasts('passing', 'alarm', 503),
  'alerts-unproved': lasts('passing', 'alarm', 503),
  'page-not-raised': lasts('passing', 'alarm', 503),
  'page-parked': lasts('lasting', 'alarm', 500),
  'no-line-yet': lasts('lasting', 'warning', 503),
  'no-feed': lasts('passing', 'alarm', 503),
  'due-late': lasts('passing', 'alarm', 503),
  // bug: a broken promise of our own; the task restarts from the store
  'raise-failed': lasts('bug', 'alarm', 500),
  'page-failed': lasts('bug', 'alarm', 500),
  'line-failed': lasts('bug', 'alarm', 500),
  'step-failed': lasts('bug', 'alarm', 500),
  'hand-over-failed': lasts('bug', 'alarm', 500),
  'view-failed': lasts('bug', 'warning', 500),
  'shift-log-unwritten': lasts('lasting', 'alarm', 503),
  'report-failed': lasts('bug', 'warning', 500),
  'alert-without-future': lasts('bug', 'alarm', 503),
  'daily-test-missed': lasts('passing', 'alarm', 503),
  'daily-test-incomplete': lasts('passing', 'warning', 503),
  'task-failed': lasts('bug', 'alarm', 500),
  // rota: nobody to ring, now or soon
  'crash-role-unheld': lasts('lasting', 'alarm', 503),
  'crash-role-unproved': lasts('lasting', 'alarm', 503),
  'crash-role-open-only': lasts('lasting', 'warning', 503),
  'crash-role-unclaimed': lasts('lasting', 'alarm', 503),
  'rota-gap-ahead': lasts('lasting', 'warning', 503),
  'rota-double-ahead': lasts('lasting', 'info', 503),
} as const satisfies Record<string, Row>

export type FaultCode = keyof typeof ROWS

/** What can stand on `/readyz`, board, metric and broker. */
export type StandingCode = {
  [C in FaultCode]: (typeof ROWS)[C] extends { readonly stands: true } ? C : never
}[FaultCode]

const words: Readonly<Record<FaultCode, Pick<Fault, 'sentence' | 'remedy'>>> = WORDS
const codes = Object.keys(ROWS) as FaultCode[]

/** The one table of faults, with what each says. */
export const FAULTS: Readonly<Record<FaultCode, Fault>> = Object.fromEntries(
  codes.map((code) => [code, { ...ROWS[code], ...words[code] }]),
) as Record<FaultCode, Fault>

/** A fault as a value: the code and what it concerns, never message text or a name. */
export interface FaultValue<C extends FaultCode = FaultCode> {
  readonly code: C
  readonly detail?: string
}

/** Whether a code is one of what can stand. */
export const isStanding = (code: FaultCode): code is StandingCode => FAULTS[code].stands === true

export type Result<T, F = FaultValue> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: F }

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })
export const failed = <C extends FaultCode>(
  code: C,
  detail?: string,
): { readonly ok: false; readonly fault: FaultValue<C> } => ({
  ok: false,
  fault: detail === undefined ? { code } : { code, detail },
})
