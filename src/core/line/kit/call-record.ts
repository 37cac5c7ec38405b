/**
 * One call as the PBX told it. Outside numbers are reduced to `external` before storage.
 * Civil times are as printed by the PBX, without zone; the matcher turns them into instants with the feed's offset.
 */
export interface CallRecord {
  /** `YYYY-MM-DDTHH:MM[:SS]` civil, as far as the record tells: without year `--MM-DDTHH:MM`, without date `THH:MM`. */
  readonly start?: string
  readonly end?: string
  readonly ringSeconds?: number
  readonly talkSeconds?: number
  readonly from: string
  readonly to: string
  readonly dialled?: string
  readonly internal: boolean
  readonly answered: boolean
  readonly mailbox: boolean
  /** The line called was engaged, as the exchange says outright; absent: it was not, or the exchange never says. */
  readonly engaged?: boolean
  /** Record type or condition code exactly as printed. */
  readonly type?: string
  /** Resolution of the stamps in seconds: 1, 6 (tenths of a minute) or 60. */
  readonly precisionSeconds: number
}

/** Who called whom as the exchange printed it, trunks and outside numbers too: to be shown, never stored. */
export type Parties = Pick<CallRecord, 'from' | 'to' | 'dialled'>
