import { say } from '../catalogue/say.ts'
import type { StandingCode } from '../faults.ts'

/** Who can mend it, and so is rung for it at night; `nobody`: it waits for the morning, however red it stands on the board. */
export type OnCall = 'switchboard' | 'estates' | 'it' | 'nobody'

interface Night {
  readonly who: OnCall
  readonly why: string
  readonly faults: readonly StandingCode[]
}

/**
 * Who gets up at night for which fault. Each fault that is an alarm and can stand on `/readyz` has its place here: one
 * that calls the wrong person, or calls for what can wait, teaches everybody to sleep through the next.
 */
export const NIGHT: readonly Night[] = [
  {
    who: 'switchboard',
    why: say('night.aCallWants'),
    faults: [
      'page-not-raised',
      'page-parked',
      'crash-role-unheld',
      'crash-role-unproved',
      'crash-role-unclaimed',
    ],
  },
  {
    who: 'estates',
    why: say('night.lineDeaf'),
    faults: [
      ...([
        'profile-unfit',
        'nothing-valid',
        'signal-flat',
        'line-silent',
        'line-garbage',
        'no-feed',
      ] as const),
      ...([
        'port-absent',
        'port-busy',
        'port-denied',
        'port-not-tty',
        'port-not-pipe',
        'port-failed',
      ] as const),
      ...(['port-unplugged', 'pipe-unfed', 'peer-unreachable', 'peer-closed'] as const),
      ...(['listen-failed', 'line-not-up', 'write-timeout'] as const),
    ],
  },
  {
    who: 'estates',
    why: say('night.radioDumb'),
    faults: ['radio-refused', 'radio-no-answer', 'air-not-heard'],
  },
  {
    who: 'it',
    why: say('night.phonesDumb'),
    faults: [
      ...(['certificate-bad', 'provider-unreachable', 'provider-untrusted', 'provider-credentials'] as const),
      ...(['provider-down', 'push-key-changed', 'push-refused', 'push-addresses-doubted'] as const),
      ...(['voice-client-gone', 'voice-exchange-gone', 'voice-speechless', 'text-limit'] as const),
      ...(['modem-sends-nothing', 'text-spool-unwritable', 'modem-silent'] as const),
      ...(['broker-refused', 'hand-over-failed'] as const),
    ],
  },
  {
    who: 'it',
    why: say('night.bridgeAils'),
    faults: [
      ...([
        'store-full',
        'store-damaged',
        'document-spoilt',
        'word-keys-lost',
        'store-moved',
        'store-apart',
        'store-lost',
      ] as const),
      ...(['store-unproved', 'disk-low', 'node-unseen', 'page-lost', 'pages-held'] as const),
      ...(['alerts-unproved', 'alert-without-future', 'due-late', 'task-failed', 'raise-failed'] as const),
      ...(['page-failed', 'line-failed', 'step-failed'] as const),
    ],
  },
  {
    who: 'nobody',
    why: say('night.setUpSlip'),
    faults: ['signal-stereo', 'signal-rate', 'signal-inverted', 'signal-bent', 'line-listen-only'],
  },
  {
    who: 'nobody',
    why: say('night.oldStands'),
    faults: ['reload-refused', 'site-differs', 'site-unreadable', 'listed-leavers-held', 'leavers-held'],
  },
  {
    who: 'nobody',
    why: say('night.onlyCopies'),
    faults: ['backup-old', 'drill-failed', 'shift-log-unwritten', 'certificate-last-week'],
  },
  {
    who: 'nobody',
    why: say('night.forOffice'),
    faults: [
      ...(['request-late', 'request-failed', 'filing-credentials', 'filing-behind'] as const),
      ...(['audit-broken', 'break-glass-used'] as const),
    ],
  },
  { who: 'nobody', why: say('night.madeGood'), faults: ['daily-test-missed'] },
]

const BY_FAULT: ReadonlyMap<string, OnCall> = new Map(
  NIGHT.flatMap(({ who, faults }) => faults.map((code) => [code, who])),
)

/** Who is rung at night for a fault that is an alarm. One without a place here wakes whoever looks after the machine. */
export const wakes = (code: string): OnCall => BY_FAULT.get(code) ?? 'it'
