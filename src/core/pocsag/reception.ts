import type { MessageData } from './code/content.ts'
import type { FunctionBits } from './code/tables.ts'
import type { OpenPage, ReceivedWord } from './page.ts'

/** What the decoder knows at the moment: shared with it, changed by it. */
export interface Reception {
  /** The furthest bit any decision has looked at. */
  looked: number
  /** Weight of evidence that a transmission is being received, see evidence.ts. */
  evidence: number
  /** Share of wrong bits, over the codewords read last. */
  wrongShare: number
  /** Bits corrected in the codeword read last. */
  corrected: number
  inverted: boolean
  /** No idle codeword has shown yet that the line is of this polarity, which it was not before. */
  unproved: boolean
}

/** An address codeword as it came. */
export interface AddressSeen {
  readonly ric: number
  readonly fn: FunctionBits
  readonly at: number
  readonly received: number
  readonly corrected: number
  /** Evidence before it. */
  readonly evidence: number
  /** It may have been read off its place. */
  readonly doubt: boolean
  /** The list of addresses told it, where the code could not. */
  readonly told: boolean
}

/** A message codeword as it was decided. */
export interface MessageSeen extends ReceivedWord {
  readonly data: MessageData
  readonly corrected: number
  readonly doubt: boolean
}

/** A codeword that could not be decided. */
export interface LostSeen extends ReceivedWord {
  /** The line carried no codeword at all. */
  readonly nothing: boolean
}

/** What to go back to when codewords prove to have been misread. */
export interface Snapshot {
  readonly page: OpenPage | undefined
  readonly resumable: OpenPage | undefined
  readonly lostSince: readonly LostSeen[]
  readonly words: number
  readonly endBit: number
}

/** The page that an address opens. */
export function openPage(
  seen: AddressSeen,
  id: number,
  peak: number,
  marks: Pick<OpenPage, 'behindSlip' | 'echo'>,
): OpenPage {
  return {
    id,
    ric: seen.ric,
    fn: seen.fn,
    addressBit: seen.at,
    addressCorrected: seen.corrected,
    addressTold: seen.told,
    evidence: seen.evidence,
    peak,
    words: [],
    received: [seen.received],
    weights: [undefined],
    corrections: [seen.corrected],
    endBit: seen.at + 32,
    trailingLost: 0,
    seam: undefined,
    doubtful: seen.doubt,
    holed: false,
    ...marks,
    suspect: marks.behindSlip,
    paused: false,
    given: undefined,
  }
}
