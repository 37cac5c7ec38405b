import type { Instant, Millis } from '../../instant.ts'
import type { LineEffect } from './protocol.ts'

/**
 * Whether the far end is alive, by its valid traffic: noise does not count. A silent serial line raises no error, so
 * this is the only sign of a cut cable on a link whose peer polls.
 */
export interface Link {
  since: Instant | undefined
  down: boolean
}

export function startLink(): Link {
  return { since: undefined, down: false }
}

/** The port was opened: the peer has the whole bound to speak. */
export function openLink(link: Link, at: Instant): void {
  link.since = at
}

/** Valid traffic. */
export function hearLink(link: Link, at: Instant, out: LineEffect[]): void {
  link.since = at
  if (!link.down) return
  link.down = false
  out.push({ kind: 'note', reason: 'link-up' })
}

/** Says once that the link is down when nothing valid was heard for `bound`. */
export function watchLink(link: Link, bound: Millis, at: Instant, out: LineEffect[]): void {
  link.since ??= at
  if (link.down || at < link.since + bound) return
  link.down = true
  out.push({ kind: 'note', reason: 'link-down' })
}

/** When the link will be down if nothing valid is heard before; undefined: it is down, or was never opened. */
export function linkDeadline(link: Link, bound: Millis): Instant | undefined {
  return link.down || link.since === undefined ? undefined : link.since + bound
}
