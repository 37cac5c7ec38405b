import type { Socket } from 'node:net'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Gate } from './gate.ts'

/** Who opened a connection and says nothing holds it no longer. */
const FIRST_BYTE_WITHIN: Millis = 10 * SECOND
/** Read at once: as many of the smallest requests as may be under way on one connection, or a part of a browser’s. */
const PIECE = 512
/** The same of whoever is known: a request whole. */
const WHOLE = 4096
/** What one connection may send before it was read: a head and a body as large as they may be. */
const MOST_OF_ONE = 40 * 1024
/** All of them together. */
const MOST = 16 * 1024 * 1024

/** What of the gate is asked of a connection’s bytes. */
type Sharing = Pick<Gate, 'stranger' | 'isKnown' | 'isSpent'>

/** Bytes of all connections that wait to be read. */
export interface Held {
  bytes: number
}

/**
 * Begins with a connection in the strangers' share of the thread, and only once it has said something: with TLS its first
 * bytes cost a key exchange.
 */
export function inTurn(
  socket: Socket,
  address: string,
  gate: Pick<Gate, 'stranger'>,
  clock: Clock,
  begin: () => void,
): void {
  socket.on('error', ignore)
  const late = clock.after(FIRST_BYTE_WITHIN, () => socket.destroy())
  const heard = (): void => {
    late.cancel()
    socket.off('close', gone)
    const taken = gate.stranger(address, () => {
      if (!socket.destroyed) begin()
    })
    if (!taken) socket.destroy()
  }
  const gone = (): void => late.cancel()
  socket.once('close', gone)
  socket.once('readable', heard)
}

/**
 * Has Node's HTTP parser read what a stranger sends in pieces, in the strangers' share of the thread: a thousand requests
 * may come in what is read at once. Node hands bytes from the connection to the parser without us; a listener for them
 * takes them off that way, which Node foresees.
 */
export function inPieces(socket: Socket, address: string, gate: Sharing, held: Held): void {
  const parse = socket.listeners('data')
  const finish = socket.listeners('end')
  const waiting: Buffer[] = []
  let own = 0
  let asked = false
  let ended = false
  const give = (piece: Buffer): void => {
    for (const one of parse) Reflect.apply(one, socket, [piece])
  }
  const drop = (): void => {
    held.bytes -= own
    own = 0
    waiting.length = 0
  }
  // Whoever took the connection from the parser took our listener off as well.
  const isOver = () => socket.destroyed || socket.listenerCount('data') === 0 || gate.isSpent(socket)
  const step = (): void => {
    asked = false
    const chunk = waiting.shift()
    if (chunk === undefined || isOver()) {
      drop()
      return
    }
    const piece = chunk.subarray(0, PIECE)
    if (chunk.length > PIECE) waiting.unshift(chunk.subarray(PIECE))
    own -= piece.length
    held.bytes -= piece.length
    give(piece)
    if (waiting.length > 0) ask()
    else if (ended) end()
    // Node pauses a connection by itself whose reader does not take its answers.
    else if (Reflect.get(socket, '_paused') !== true) socket.resume()
  }
  const end = (): void => {
    for (const one of finish) Reflect.apply(one, socket, [])
  }
  const ask = (): void => {
    if (asked) return
    asked = true
    if (!gate.stranger(address, step)) socket.destroy()
  }
  socket.removeAllListeners('data')
  socket.removeAllListeners('end')
  socket.on('data', (chunk: Buffer) => {
    if (own === 0 && chunk.length <= WHOLE && gate.isKnown(socket) && !gate.isSpent(socket)) {
      give(chunk)
      return
    }
    own += chunk.length
    held.bytes += chunk.length
    waiting.push(chunk)
    // The rest waits in the kernel: a byte at a time is not read a byte at a time.
    socket.pause()
    if (own > MOST_OF_ONE || held.bytes > MOST) socket.destroy()
    else ask()
  })
  // Whoever says no more may still wait for what was asked before.
  socket.on('end', () => {
    ended = true
    if (waiting.length === 0) end()
  })
  socket.once('close', drop)
}

function ignore(): void {
  // It is destroyed by itself.
}
