/** Interpret As Command, and what may stand behind it (RFC 854): WILL, WONT, DO, DONT with an option; SB … SE; NOP to GA. */
const IAC = 0xff
const SB = 0xfa
const SE = 0xf0
const NOP = 0xf1
const GA = 0xf9
const isAsk = (byte: number): boolean => byte >= 0xfb && byte <= 0xfe

/** Options that a device server negotiates are numbered low: 0 (binary) to 49, and 44 the port (RFC 2217). */
const HIGHEST_OPTION = 49
/** A subnegotiation longer than this is none. */
const LONGEST = 64

/**
 * A device server may speak Telnet first, when the connection opens. Takes that off the front of a stream, however it is
 * cut; from the first byte that is none of it on, nothing is touched.
 */
export interface TelnetFront {
  /** Bytes that may still turn out to be a negotiation. */
  held: number[]
  over: boolean
}

export function startTelnet(): TelnetFront {
  return { held: [], over: false }
}

/** What of `bytes`, with what was held, is not negotiation. */
export function takeTelnet(front: TelnetFront, bytes: Uint8Array): Uint8Array {
  if (front.over) return bytes
  const all = [...front.held, ...bytes]
  let i = 0
  for (;;) {
    const length = commandAt(all, i)
    if (length === 'unfinished') {
      front.held = all.slice(i)
      return new Uint8Array()
    }
    if (length === 0) break
    i += length
  }
  front.held = []
  front.over = true
  return Uint8Array.from(all.slice(i))
}

/** What was held and is no negotiation after all, because nothing followed. */
export function endTelnet(front: TelnetFront): Uint8Array {
  const held = Uint8Array.from(front.held)
  front.held = []
  front.over = held.length > 0 || front.over
  return held
}

/** Length of the command that begins at `i`; 0: none does. */
function commandAt(bytes: readonly number[], i: number): number | 'unfinished' {
  if (i >= bytes.length) return 'unfinished'
  if (bytes[i] !== IAC) return 0
  const verb = bytes[i + 1]
  if (verb === undefined) return 'unfinished'
  if (isAsk(verb)) {
    const option = bytes[i + 2]
    return option === undefined ? 'unfinished' : option <= HIGHEST_OPTION ? 3 : 0
  }
  if (verb >= NOP && verb <= GA) return 2
  if (verb !== SB) return 0
  for (let j = i + 2; j < bytes.length && j - i < LONGEST; j++)
    if (bytes[j - 1] === IAC && bytes[j] === SE) return j + 1 - i
  return bytes.length - i < LONGEST ? 'unfinished' : 0
}
