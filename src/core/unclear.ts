import { unclear as WORDS } from './catalogue/en-GB/unclear.ts'

/** What a reader has to check of a page that did not come in clearly. Code → the sentence people read. */
export const UNCLEAR = WORDS
