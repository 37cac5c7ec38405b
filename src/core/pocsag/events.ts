import type { DecodedPage } from './page.ts'

/** What the assembly of pages has to tell. */
export type AssemblyEvent =
  /** `revises`: a page of this id was given out before, and more of it came. */
  | { readonly kind: 'page'; readonly page: DecodedPage; readonly revises: boolean }
  /** A page that was more likely noise than sent. */
  | { readonly kind: 'ghost'; readonly page: DecodedPage }
  /** Message codewords, as received, whose address was lost. */
  | { readonly kind: 'orphan'; readonly received: readonly number[] }

/** What a decoder has to tell, in the order of the bits. */
export type DecoderEvent =
  | AssemblyEvent
  | { readonly kind: 'sync'; readonly at: number; readonly inverted: boolean }
  /** A sync codeword of the polarity that is not listened for. */
  | { readonly kind: 'upside-down'; readonly at: number }
  | { readonly kind: 'over'; readonly at: number }
  | { readonly kind: 'slip'; readonly at: number; readonly bits: number }
  /**
   * Codewords read in their places since the last of this kind, the bits corrected in those that could be repaired, and
   * how many could not be although the line was not dead.
   */
  | {
      readonly kind: 'checked'
      readonly words: number
      readonly corrected: number
      readonly unreadable: number
    }
  /** A codeword in a transmission that could not be repaired. */
  | { readonly kind: 'bad-word'; readonly at: number; readonly word: number }
  /** What stood where the next batch should have opened, although the transmission went on. */
  | { readonly kind: 'sync-lost'; readonly at: number; readonly word: number }
