import { createServer, type Server, type Socket } from 'node:net'
import { say } from '../../core/catalogue/say.ts'
import { failed, type Result } from '../../core/faults.ts'
import { type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { LineEvent, LinePort, Link, PortFault } from '../../ports/line.ts'
import { asLine, writeSocket } from './socket.ts'

export interface TcpListenSpec {
  readonly host: string
  /** 0 takes any free port; `bound` tells which. */
  readonly port: number
  readonly listenOnly: boolean
  /** Addresses that may connect; empty: any. */
  readonly allow?: readonly string[]
}

/** Between two links the address stays open this long, so that a device which connects again at once is not refused. */
const LINGER: Millis = 6000

/** A peer that has said its last may still be owed an answer: its page is being stored. */
const LAST_WORD: Millis = 250

/** Who holds the line and has never said anything makes room after this time for one who calls. */
const YIELDS: Millis = 5000
/** Who is connected and has never said anything is sent away after this time; they may call again. */
const SPEAKS_WITHIN: Millis = 15 * MINUTE

interface Listener {
  readonly server: Server
  /** Connected between two links, its bytes waiting. */
  next?: Socket
  /** What the present link does with a connection; missing between links. */
  take?: (peer: Socket) => void
  fail?: (fault: PortFault) => void
  linger?: Timer
}

/**
 * We listen and the device connects out to us, as an Avaya IP Office does. A link opens with its connection and has one
 * owner: another address is turned away unless the owner has never said anything, and the same address replaces a
 * connection that it must have lost.
 */
export function tcpListenPort(spec: TcpListenSpec, clock: Clock): LinePort & { bound(): number | undefined } {
  const name = `${spec.host}:${spec.port} (listening)`
  let listener: Listener | undefined

  function shut(): void {
    listener?.linger?.cancel()
    listener?.next?.destroy()
    listener?.server.close()
    listener = undefined
  }

  function listen(): Listener {
    const server = createServer({ allowHalfOpen: true }, (peer) => {
      peer.on('error', () => undefined)
      const fresh = peer.pause()
      if (made.take) made.take(fresh)
      else {
        made.next?.destroy()
        made.next = fresh
      }
    })
    const made: Listener = { server }
    server.on('error', (error) => {
      made.fail?.(failed('listen-failed', error.message).fault)
      shut()
    })
    server.listen(spec.port, spec.host)
    return made
  }

  return {
    name,
    bound() {
      const address = listener?.server.address()
      return typeof address === 'object' ? address?.port : undefined
    },
    open(on) {
      listener ??= listen()
      listener.linger?.cancel()
      const mine = listener
      return openLink(spec, name, clock, mine, on, (keep) => {
        if (mine !== listener) return
        if (keep) mine.linger = clock.after(LINGER, shut)
        else shut()
      })
    },
  }
}

function openLink(
  spec: TcpListenSpec,
  name: string,
  clock: Clock,
  listener: Listener,
  on: (event: LineEvent) => void,
  ended: (keepListening: boolean) => void,
): Link {
  let state: 'waiting' | 'open' | 'closed' = 'waiting'
  let owner: Socket | undefined
  let lastWord: Timer | undefined
  let silent: Timer | undefined
  let since: Instant = 0
  let spoke = false

  function finish(fault?: PortFault): void {
    if (state === 'closed') return
    state = 'closed'
    lastWord?.cancel()
    silent?.cancel()
    delete listener.take
    delete listener.fail
    owner?.destroy()
    ended(fault !== undefined && fault.code !== 'listen-failed')
    const at = clock.now()
    on(fault ? { kind: 'closed', at, fault } : { kind: 'closed', at })
  }

  function own(peer: Socket): void {
    owner = peer
    asLine(peer)
    state = 'open'
    since = clock.now()
    silent = clock.after(SPEAKS_WITHIN, () =>
      finish(failed('peer-closed', say('watch.saidNothing', { name })).fault),
    )
    on({ kind: 'opened', at: since })
    peer.on('data', (chunk: Buffer) => {
      if (state !== 'open') return
      if (!spoke) silent?.cancel()
      spoke = true
      const at = clock.now()
      on({ kind: 'bytes', bytes: new Uint8Array(chunk), at, began: at })
    })
    peer.on('end', () => {
      lastWord = clock.after(LAST_WORD, () => finish(failed('peer-closed', name).fault))
    })
    peer.on('close', () => finish(failed('peer-closed', name).fault))
    peer.resume()
  }

  listener.fail = finish
  listener.take = (peer) => {
    const holds = owner !== undefined && (spoke || clock.now() - since < YIELDS)
    if (!allowed(spec, peer) || (holds && owner?.remoteAddress !== peer.remoteAddress)) {
      peer.destroy()
      on({ kind: 'fault', fault: 'peer-refused', count: 1, at: clock.now() })
    } else if (owner) {
      listener.next = peer
      finish(failed('peer-closed', say('watch.thePeerConnectedAnew', { name })).fault)
    } else own(peer)
  }
  // Never before open has returned.
  queueMicrotask(() => {
    const next = listener.next
    delete listener.next
    if (state === 'waiting' && next && !next.destroyed) listener.take?.(next)
  })

  return {
    write: (bytes): Promise<Result<void, PortFault>> =>
      spec.listenOnly
        ? Promise.resolve(failed('line-listen-only', name))
        : writeSocket(state === 'open' ? owner : undefined, bytes, name, clock),
    hangUp() {
      owner?.end()
      lastWord ??= clock.after(LAST_WORD, () => finish(failed('peer-closed', name).fault))
    },
    close: () => queueMicrotask(() => finish()),
  }
}

function allowed(spec: TcpListenSpec, peer: Socket): boolean {
  const allow = spec.allow ?? []
  const address = (peer.remoteAddress ?? '').replace(/^::ffff:/, '')
  return allow.length === 0 || allow.includes(address)
}
