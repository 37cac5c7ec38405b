import type { MessageData } from './content.ts'
import type { OpenPage } from './page.ts'
import type { FunctionBits } from './tables.ts'

/** What the decoder knows at the moment: shared with it, changed by it. */
export interface Reception {
  /** The furthest bit any decision has looked at. */
  looked: number
  /** Weight of evidence that a transmission is being received, see evidence.ts. */
  evidence: number
  inverted: boolean
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
}

/** A message codeword as it came. */
export interface MessageSeen {
  readonly data: MessageData
  readonly received: number
  readonly corrected: number
  readonly endBit: number
  readonly doubt: boolean
}

/** What to go back to when codewords prove to have been misread. */
export interface Snapshot {
  readonly page: OpenPage | undefined
  readonly resumable: OpenPage | undefined
  readonly lostSince: number
  readonly words: number
  readonly endBit: number
}
