import { z } from 'zod'
import { LINE_CHARSETS, PARITIES } from '../kit/byte-to-text.ts'

const address = z.string().min(1).max(16)
const millis = (usual: number) => z.number().int().min(1).default(usual)

/** What a hardware profile may set for an ESPA 4.4.4 feed. Spans are in milliseconds; sources are in the profile. */
export const EspaOptions = z.strictObject({
  /**
   * `slave`: we stand in for the paging system and answer. `tap`: we only listen, and never transmit.
   * `control`: we are the control station: we poll, select and send.
   */
  role: z.enum(['slave', 'tap', 'control']).default('slave'),
  /** The paging system's address: ours as slave, the one watched as tap, the one a page goes out to as control. */
  address: address.default('2'),
  /** The switchboard's address: the one our status goes to as slave, ours as control. */
  station: address.default('1'),
  /** Control role: the stations asked in turn whether they have a call. */
  poll: z.array(address).default(['2']),
  /**
   * Tap role. `two`: one input per direction, a block counts once the other direction showed ACK. `shared`: both
   * directions on one input (two-wire bus). `switchboard`: only the switchboard is heard, a block counts by itself.
   */
  wires: z.enum(['two', 'shared', 'switchboard']).default('two'),
  /**
   * Tap role with two inputs: by how much they may differ in when they deliver what happened at one moment. Serial
   * device servers on a busy network need more.
   */
  portLag: z.number().int().min(1).max(1000).default(50),
  parity: z.enum(PARITIES).default('none'),
  charset: z.enum(LINE_CHARSETS).default('latin1'),
  /** Take an ENQ without address as meant for us. For links with one paging system. */
  bareEnq: z.boolean().default(true),
  /** Take a block that no select came before. For links with one paging system. */
  unselected: z.boolean().default(true),
  /** Take a repeated block whose SOH is missing. */
  headless: z.boolean().default(true),
  /** Longest block, SOH and BCC included. */
  maxBlock: z.number().int().min(64).max(4096).default(512),
  /**
   * Tell the switchboard what became of a call (header 2, record 7): `never`, `automatic` at its next poll after every
   * change, `on-request` only after it asked with a status request.
   */
  status: z.enum(['never', 'automatic', 'on-request']).default('never'),
  /** A block that pauses this long is given up and answered `1 NAK`. */
  interByte: millis(1000),
  /** The one timer that ESPA 4.4.4 itself defines: without valid traffic for this long the session is over. */
  session: millis(10_000),
  /** As master: how long a reply may take. */
  answer: millis(2000),
  /** A block held in store longer than this gets no ACK when the peer has spoken since: it has given up waiting. */
  patience: millis(1000),
  /** No poll, select or block for this long: the link is down. */
  linkDown: millis(60_000),
  /** Control role: pause between two polls. */
  pollEvery: millis(1000),
  /** Control role: a station that answered no poll three times is left alone for this long. */
  pollRest: millis(60_000),
  /** Control role: pause before a page is offered again to a busy or silent station. */
  retryAfter: millis(1000),
})

export type EspaOptions = z.infer<typeof EspaOptions>
