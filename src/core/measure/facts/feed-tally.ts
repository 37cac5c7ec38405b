import { isSureQuality } from '../../bleep/bleep.ts'
import { given } from '../../given.ts'
import { type Instant, printInstant, SECOND } from '../../instant.ts'
import { QUALITIES } from '../../vocabulary.ts'
import type { FeedFigures } from '../telemetry.ts'

/** Figures of the signal that estates are told. */
type FeedSignal = Pick<FeedFigures, 'eyeOpening' | 'impulsesPerSecond' | 'lowCutHertz' | 'toneOffset'>

/** What a feed has brought since the daemon started, for estates. */
export interface FeedTally {
  readonly bytes: number
  readonly pages: number
  readonly damaged: number
  /** Codewords of a code that corrects; 0 for protocols without one. */
  readonly codewords: number
  readonly correctedBits: number
  readonly lostCodewords: number
  readonly syncLosses: number
  /** By the port's driver where it counts, and by protocols that check parity themselves; absent while neither told any. */
  readonly parityErrors?: number
  /** These three by the port's driver; absent where it does not count. */
  readonly framingErrors?: number
  readonly breaks?: number
  readonly overruns?: number
  readonly opened: number
  /** Of audio: how good the signal was last. */
  readonly signal?: FeedSignal
  readonly lastByte: Instant | undefined
  readonly lastPage: Instant | undefined
}

export const EMPTY_TALLY: FeedTally = {
  bytes: 0,
  pages: 0,
  damaged: 0,
  codewords: 0,
  correctedBits: 0,
  lostCodewords: 0,
  syncLosses: 0,
  opened: 0,
  lastByte: undefined,
  lastPage: undefined,
}

type Counted = Exclude<keyof FeedTally, 'lastByte' | 'lastPage' | 'signal'>

/** Fault code or port event → what it adds to. */
const BY_FAULT: Readonly<Record<string, Counted>> = {
  'codeword-bad': 'lostCodewords',
  'sync-lost': 'syncLosses',
  'parity-bad': 'parityErrors',
  parity: 'parityErrors',
  framing: 'framingErrors',
  break: 'breaks',
  overrun: 'overruns',
  opened: 'opened',
}

/** Bits of a POCSAG codeword (Recommendation ITU-R M.584-2): all count as wrong when it cannot be repaired. */
const CODEWORD_BITS = 32

/** One count of the metrics table, folded in; `labels` are that count's own. */
export function tallied(
  tally: FeedTally,
  metric: string,
  labels: Readonly<Partial<Record<string, string>>>,
  by: number,
  at: Instant,
): FeedTally {
  const plus = (field: Counted): FeedTally => ({ ...tally, [field]: (tally[field] ?? 0) + by })
  switch (metric) {
    case 'bleepbridge_feed_bytes_total':
      return { ...plus('bytes'), lastByte: at }
    case 'bleepbridge_feed_pages_total': {
      const whole = QUALITIES.some((quality) => quality === labels.quality && isSureQuality(quality))
      return { ...plus('pages'), damaged: tally.damaged + (whole ? 0 : by), lastPage: at }
    }
    case 'bleepbridge_feed_codewords_total':
      return plus('codewords')
    case 'bleepbridge_feed_corrected_bits_total':
      return plus('correctedBits')
    case 'bleepbridge_feed_faults_total':
    case 'bleepbridge_feed_events_total': {
      const field = BY_FAULT[labels.fault ?? labels.event ?? '']
      return field === undefined ? tally : plus(field)
    }
    default:
      return tally
  }
}

const BY_GAUGE: Readonly<Record<string, keyof FeedSignal>> = {
  bleepbridge_feed_eye_opening: 'eyeOpening',
  bleepbridge_feed_impulses_per_second: 'impulsesPerSecond',
  bleepbridge_feed_low_cut_hertz: 'lowCutHertz',
  bleepbridge_feed_tone_offset: 'toneOffset',
}

/** One gauge of the metrics table, kept where it tells of the signal. */
export function gauged(tally: FeedTally, metric: string, value: number): FeedTally {
  const figure = BY_GAUGE[metric]
  return figure === undefined ? tally : { ...tally, signal: { ...tally.signal, [figure]: value } }
}

/** As told by MQTT. */
export function feedFigures(tally: FeedTally, at: Instant, silenceRatio: number | undefined): FeedFigures {
  const wrong = tally.correctedBits + tally.lostCodewords * CODEWORD_BITS
  return {
    at: printInstant(at),
    bytes: tally.bytes,
    pages: tally.pages,
    damaged: tally.damaged,
    correctedBits: tally.correctedBits,
    lostCodewords: tally.lostCodewords,
    ...(tally.codewords > 0 ? { bitErrorRate: Math.min(1, wrong / (tally.codewords * CODEWORD_BITS)) } : {}),
    syncLosses: tally.syncLosses,
    ...tally.signal,
    ...given({
      parityErrors: tally.parityErrors,
      framingErrors: tally.framingErrors,
      breaks: tally.breaks,
      overruns: tally.overruns,
    }),
    reopened: Math.max(0, tally.opened - 1),
    silentSeconds: tally.lastByte === undefined ? 0 : Math.max(0, (at - tally.lastByte) / SECOND),
    ...(silenceRatio === undefined ? {} : { silenceRatio }),
  }
}
