import { createConnection, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { readSegments, type Segments } from '../../core/record/hl7-answer.ts'
import { ExchangeFailed, faultOf, type Tls } from './exchange.ts'

export interface MllpTo {
  readonly host: string
  readonly port: number
  /** Absent: in clear. */
  readonly tls?: Tls
}

/** Minimal lower layer protocol, release 1: each message between VT and FS CR. */
const START = 0x0b
const END = 0x1c
const CR = 0x0d
/** No answer is this long; a far end that goes on for ever is cut off. */
const LONGEST = 1_000_000

/**
 * Sends one message and hears until `read` makes something of an answer. On a connection of its own, so that an answer
 * that comes twice or late can never be taken for that of another message. Rejects with `ExchangeFailed`.
 */
export async function exchangeMllp<T>(
  to: MllpTo,
  message: string,
  read: (segments: Segments) => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  const socket = open(to)
  try {
    return await new Promise<T>((resolve, reject) => {
      const fail = (error: Error) => reject(new ExchangeFailed(faultOf(error)))
      const away = () => reject(new ExchangeFailed('filing-away'))
      signal.addEventListener('abort', away, { once: true })
      if (signal.aborted) away()
      socket.once('error', fail)
      socket.once('close', away)
      socket.once(to.tls === undefined ? 'connect' : 'secureConnect', () => {
        socket.write(
          Buffer.concat([Buffer.from([START]), Buffer.from(message, 'utf8'), Buffer.from([END, CR])]),
        )
      })
      const frames = framesOf((frame) => {
        const segments = readSegments(frame)
        const said = segments === undefined ? undefined : read(segments)
        if (said !== undefined) resolve(said)
      })
      socket.on('data', (bytes: Buffer) => {
        if (!frames(bytes)) reject(new ExchangeFailed('filing-answer-unreadable'))
      })
    })
  } finally {
    socket.destroy()
  }
}

/** Whether somebody is there who speaks, with a certificate that we trust. Says nothing. */
export async function reachMllp(to: MllpTo, signal: AbortSignal): Promise<void> {
  const socket = open(to)
  try {
    await new Promise<void>((resolve, reject) => {
      const away = () => reject(new ExchangeFailed('filing-away'))
      signal.addEventListener('abort', away, { once: true })
      if (signal.aborted) away()
      socket.once('error', (error) => reject(new ExchangeFailed(faultOf(error))))
      socket.once(to.tls === undefined ? 'connect' : 'secureConnect', () => resolve())
    })
  } finally {
    socket.destroy()
  }
}

function open({ host, port, tls }: MllpTo): Socket {
  const socket =
    tls === undefined
      ? createConnection({ host, port })
      : connectTls({ ...{ host, port, minVersion: 'TLSv1.2' }, ...named(host), ...tls })
  // After it was given up it may still fail once: nobody is left to be told.
  socket.on('error', () => undefined)
  return socket
}

/** Names, not addresses, go into the greeting. */
const named = (host: string) => (/^[\d.]+$|:/.test(host) ? {} : { servername: host })

/** Cuts frames out of bytes as they come; false once they are too many for any answer. */
function framesOf(take: (text: string) => void): (bytes: Buffer) => boolean {
  let held = Buffer.alloc(0)
  return (bytes) => {
    held = Buffer.concat([held, bytes])
    for (;;) {
      const end = held.indexOf(END)
      if (end < 0) break
      const start = held.lastIndexOf(START, end)
      if (start >= 0) take(held.subarray(start + 1, end).toString('utf8'))
      held = held.subarray(end + 1)
    }
    return held.length <= LONGEST
  }
}
