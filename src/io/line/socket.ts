import type { Socket } from 'node:net'
import { failed, ok, type Result } from '../../core/faults.ts'
import type { Millis } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PortFault } from '../../ports/line.ts'

const WRITE_WITHIN: Millis = 5000
/** A peer whose cable was cut says nothing: asked after this long without a byte, it is given up within eight seconds. */
const KEEP_ALIVE = { enable: true, initialDelay: 3000, interval: 1000, count: 5 } as const
const MOST_WAITING = 64 * 1024

/** A byte at a time is the unit of a serial line: no gathering of small writes, and a dead peer is asked for. */
export function asLine(socket: Socket): void {
  socket.setNoDelay(true)
  socket.setKeepAlive(KEEP_ALIVE)
}

export function writeSocket(
  socket: Socket | undefined,
  bytes: Uint8Array,
  name: string,
  clock: Clock,
): Promise<Result<void, PortFault>> {
  if (!socket || socket.destroyed || !socket.writable) return Promise.resolve(failed('line-closed', name))
  if (socket.writableLength > MOST_WAITING) return Promise.resolve(failed('write-timeout', name))
  return new Promise((done) => {
    const timer = clock.after(WRITE_WITHIN, () => done(failed('write-timeout', name)))
    socket.write(bytes, (error) => {
      timer.cancel()
      done(error ? failed('peer-closed', error.message) : ok(undefined))
    })
  })
}
