import { type Charset, type Glyphs, glyphsOf } from './code/charset.ts'
import {
  type ContentRule,
  type ContentType,
  contentType,
  DEFAULT_RULES,
  LOST,
  mayEnd,
  showsDigitFill,
  showsEnd,
} from './code/content.ts'
import { MAX_PAGE_WORDS } from './code/tables.ts'
import type { RicDirectory } from './directory.ts'
import type { AssemblyEvent } from './events.ts'
import { BELIEVED, BELIEVED_UNKNOWN } from './evidence.ts'
import { type Ending, finishPage, isEcho, isNobody, readingsOf, withSlip } from './finish.ts'
import { type Judged, judge } from './inference/judge.ts'
import { addWord, cutWords, type DecodedPage, looksSame, type OpenPage } from './page.ts'
import {
  type AddressSeen,
  type LostSeen,
  type MessageSeen,
  openPage,
  type Reception,
  type Snapshot,
} from './reception.ts'

export interface AssemblyOptions {
  /** Rate printed with each page. */
  readonly baud: number
  readonly charset: Charset
  /** By function, for RICs no directory entry gives a type to. */
  readonly rules?: readonly [ContentRule, ContentRule, ContentRule, ContentRule]
  readonly directory?: RicDirectory
  /** Bits come with reliabilities. */
  readonly soft: boolean
}

/** A slip shows itself so many bits after it began at most: a codeword it went through, and one that read clean by chance. */
const SLIP_UNSEEN_BITS = 64
/** As many pages can end between a slip and its discovery, each a lone address. */
const MOST_ENDED = 10

/** Codewords in their order to pages: when one begins, goes on, is over, and what of it can be believed. */
export class Assembly {
  readonly #options: AssemblyOptions
  readonly #reception: Reception
  readonly #emit: (event: AssemblyEvent) => void
  readonly #glyphs: Glyphs
  #page: OpenPage | undefined
  /** The page before, as long as only lost codewords came since: it may turn out to go on. */
  #resumable: OpenPage | undefined
  #lostSince: LostSeen[] = []
  #orphans: number[] = []
  #nextId = 0
  /** The pages given out last, newest last: a slip found later may have begun before they ended. */
  readonly #ended: OpenPage[] = []
  /** The next codeword is the first behind a slip, which may have gone through it. */
  #slipped = false
  #endsByAddress = false

  constructor(options: AssemblyOptions, reception: Reception, emit: (event: AssemblyEvent) => void) {
    this.#options = options
    this.#reception = reception
    this.#emit = emit
    this.#glyphs = glyphsOf(options.charset)
  }

  address(seen: AddressSeen): void {
    const echo = isEcho(this.#page, seen)
    if (this.#page && echo) this.#page.echo = true
    const sure = seen.doubt || seen.corrected > 0 ? seen.corrected < 2 && this.mayAddress : true
    this.#endsByAddress = true
    this.close(sure ? 'followed' : 'cut')
    this.#endsByAddress = false
    this.#forget()
    const behindSlip = this.#slipped
    this.#slipped = false
    this.#page = openPage(seen, this.#nextId++, this.#reception.evidence, { behindSlip, echo })
  }

  message(seen: MessageSeen): void {
    const { data, received, corrected, doubt } = seen
    this.#slipped = false
    if (!this.#page) this.#resume()
    const page = this.#page
    if (!page) {
      if (this.#orphans.length < MAX_PAGE_WORDS) this.#orphans.push(received)
      return
    }
    if (page.words.length >= MAX_PAGE_WORDS) {
      this.#page = undefined
      this.#give(page, 'too-long')
      return
    }
    page.trailingLost = 0
    if (corrected === 0 && !doubt) page.doubtful = false
    page.peak = Math.max(page.peak, this.#reception.evidence)
    addWord(page, data, seen, corrected)
    if (corrected >= 2 || page.given || page.peak < BELIEVED) return
    if (showsEnd(page.words) && this.#typeOf(page) === 'alpha') this.#give(page, 'followed')
  }

  /**
   * A codeword that could not be repaired. Its flag bit says whether it belonged to the page, wrongly in about one of
   * ten; one that did not ends the page here and now, and it can be resumed. After two lost in a row what is there is
   * given out as it stands.
   */
  lost(seen: LostSeen): void {
    const page = this.#page
    if (!page) {
      if (this.#resumable) this.#lostSince.push(seen)
      return
    }
    const ended = showsEnd(page.words) && this.#typeOf(page) === 'alpha'
    const another = seen.received >>> 31 === 0 && this.mayAddress
    if (seen.nothing || ended || another || page.words.length >= MAX_PAGE_WORDS) {
      this.close(ended ? 'followed' : 'cut')
      this.#resumable = page
      this.#lostSince = [seen]
      return
    }
    if (++page.trailingLost === 2 && !page.given) this.#give(page, 'cut')
    addWord(page, LOST, seen, 0)
  }

  /** Ends the page that is open, if any, and gives it out unless that was done. */
  close(how: 'followed' | 'cut'): void {
    const page = this.#page
    if (!page) return
    this.#page = undefined
    this.#give(page, how)
    if (!page.given) return
    this.#ended.push(page)
    if (this.#ended.length > MOST_ENDED) this.#ended.shift()
  }

  /**
   * The batch is over and no sync followed at once: the page is given out, and may go on if the transmission does. Its
   * end was seen if it may end there and the words before were a transmission for certain.
   */
  suspend(): void {
    const page = this.#page
    this.close(this.#reception.evidence >= BELIEVED_UNKNOWN && this.mayAddress ? 'followed' : 'cut')
    this.#resumable = page
    this.#lostSince = []
  }

  /** No bits come: what is open is given out as it stands, and stays open for those that may. */
  pause(): void {
    if (!this.#page) return
    this.#page.paused = true
    this.#give(this.#page, 'cut')
  }

  /** At a batch's end: digits that end in two fills are over, without waiting for the codeword behind the sync. */
  batchEnd(): void {
    const page = this.#page
    if (page && showsDigitFill(page.words) && this.#typeOf(page) === 'numeric') this.#give(page, 'followed')
  }

  /** The transmission is over. */
  over(how: 'followed' | 'cut'): void {
    this.close(how)
    this.#forget()
    this.#ended.length = 0
    this.#slipped = false
  }

  /** True where an address may be looked for among lost words: no page is open in the middle of its text. */
  get mayAddress(): boolean {
    const page = this.#page
    if (!page || page.given || page.words.length === 0) return true
    return mayEnd(this.#typeOf(page), page.words)
  }

  /**
   * The bit clock slipped, and the first word known to stand off its place begins at `from`. The page that is open is
   * suspect, and so are those given out already that ended there or up to two codewords before: the slip may have gone
   * through their last, or through one that read as the next address.
   */
  slipped(from: number): void {
    const open = this.#page ?? this.#resumable
    if (open) this.#suspect(open)
    for (const page of this.#ended) if (page.endBit >= from - SLIP_UNSEEN_BITS) this.#suspect(page)
    this.#slipped = true
  }

  #suspect(page: OpenPage): void {
    page.suspect = true
    const { given } = page
    if (!given || given.suspect) return
    page.given = { ...withSlip(given, page.behindSlip), emittedBit: this.#reception.looked }
    this.#emit({ kind: 'page', page: page.given, revises: true })
  }

  /** Whole codewords went missing in the page that is open. */
  hole(): void {
    if (this.#page) this.#page.holed = true
  }

  snapshot(): Snapshot {
    const page = this.#page ?? this.#resumable
    return {
      page: this.#page,
      resumable: this.#resumable,
      lostSince: [...this.#lostSince],
      words: page?.words.length ?? 0,
      endBit: page?.endBit ?? 0,
    }
  }

  restore(before: Snapshot): void {
    this.#page = before.page
    this.#resumable = before.resumable
    this.#lostSince = [...before.lostSince]
    this.#orphans = []
    const page = before.page ?? before.resumable
    if (page) cutWords(page, before.words, before.endBit)
  }

  /** Message codewords behind lost ones: the page before goes on, unless it may well have ended. */
  #resume(): void {
    const page = this.#resumable
    const lost = this.#lostSince
    this.#resumable = undefined
    this.#lostSince = []
    if (!page || page.words.length + lost.length >= MAX_PAGE_WORDS) return
    const type = this.#typeOf(page)
    if (mayEnd(type, page.words)) {
      // With one codeword lost the text behind it can tell whose it is.
      if (type !== 'alpha' || lost.length !== 1 || page.seam !== undefined || showsEnd(page.words)) return
      page.seam = page.words.length
    }
    for (const seen of lost) addWord(page, LOST, seen, 0)
    this.#page = page
  }

  #forget(): void {
    this.#resumable = undefined
    this.#lostSince = []
    if (this.#orphans.length > 0) this.#emit({ kind: 'orphan', received: this.#orphans })
    this.#orphans = []
  }

  #typeOf(page: OpenPage): ContentType {
    const { directory, rules } = this.#options
    const rule = directory?.rule(page.ric, page.fn) ?? (rules ?? DEFAULT_RULES)[page.fn]
    return contentType(rule, page.fn, page.words)
  }

  #give(page: OpenPage, how: Ending): void {
    const before = page.given
    const since = before && page.words.slice(before.words.length)
    // Only the end came, which a pause had left open.
    const ends = how === 'followed' && page.paused && !page.suspect && since?.length === 0
    if (since?.every((word) => word === LOST) && !ends) return
    const known = this.#options.directory?.has(page.ric, page.fn)
    const evidence = Math.max(page.peak, this.#reception.evidence)
    const called = known === true || !isNobody(page)
    const believed = before || (called && evidence >= BELIEVED && (known !== false || believedUnknown(page)))
    const judged = this.#judge(page, how)
    if (page.seam !== undefined && !judged.inferred.includes(page.seam)) {
      if (this.#page !== page) this.#cutAtSeam(page, page.seam)
      return
    }
    const decoded = this.#decoded(page, how, judged, known)
    if (before && looksSame(before, decoded)) return
    if (!believed) {
      this.#emit({ kind: 'ghost', page: decoded })
      return
    }
    page.given = decoded
    this.#emit({ kind: 'page', page: decoded, revises: before !== undefined })
  }

  /** What follows the lost codeword is not the rest of this page, which was given out before it. */
  #cutAtSeam(page: OpenPage, seam: number): void {
    this.#emit({ kind: 'orphan', received: page.received.slice(seam + 2) })
    cutWords(page, seam, page.endBit)
    page.seam = seam
  }

  #judge(page: OpenPage, how: Ending): Judged {
    return judge(readingsOf(page, this.#typeOf(page), how), this.#glyphs)
  }

  #decoded(page: OpenPage, how: Ending, judged: Judged, known: boolean | undefined): DecodedPage {
    return finishPage(page, judged, {
      ...{ type: this.#typeOf(page), how, known, glyphs: this.#glyphs, baud: this.#options.baud },
      ...{ looked: this.#reception.looked, inverted: this.#reception.inverted },
      ...{ wrongShare: this.#reception.wrongShare, behind: this.#reception.corrected },
      ...{ called: this.#endsByAddress, unproved: this.#reception.unproved },
    })
  }
}

function believedUnknown(page: OpenPage): boolean {
  return page.addressCorrected === 0 || (page.addressCorrected === 1 && page.evidence >= BELIEVED_UNKNOWN)
}
