import { close, constants, open, readSync, stat } from 'node:fs'
import { Socket } from 'node:net'
import { failed, ok, type Result } from '../../core/faults.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LineEvent, LinePort, Link, PortFault } from '../../ports/line.ts'
import { fileFault } from './port-fault.ts'

/** Most that is taken at the first look, bytes. */
const FIRST = 64 * 1024

/**
 * A named pipe that another program writes into: audio or text of a receiver. Only ever read. A link lives as long as
 * somebody writes; the next writer begins a new one, because nothing says that it goes on where the last one stopped.
 */
export function pipePort(path: string, clock: Clock): LinePort {
  return { name: path, open: (on) => openPipe(path, clock, on) }
}

function openPipe(path: string, clock: Clock, on: (event: LineEvent) => void): Link {
  let state: 'opening' | 'open' | 'closing' | 'closed' = 'opening'
  let socket: Socket | undefined

  function finish(fault?: PortFault): void {
    if (state === 'closed') return
    const wanted = state === 'closing'
    state = 'closed'
    socket?.destroy()
    const at = clock.now()
    on(fault && !wanted ? { kind: 'closed', at, fault } : { kind: 'closed', at })
  }

  function heard(chunk: Uint8Array): void {
    if (state !== 'open') return
    const at = clock.now()
    on({ kind: 'bytes', bytes: new Uint8Array(chunk), at, began: at })
  }

  function read(descriptor: number): void {
    // Asked once without waiting: a pipe with no writer is at its end, one whose writer is silent has nothing yet.
    const first = state === 'opening' ? look(descriptor) : ok(new Uint8Array())
    if (state !== 'opening' || !first.ok) {
      close(descriptor, () => finish(first.ok ? undefined : first.fault))
      return
    }
    state = 'open'
    socket = new Socket({ fd: descriptor, readable: true, writable: false })
    socket.on('data', heard)
    socket.on('error', (error) => finish(failed('port-failed', error.message).fault))
    socket.on('end', () => finish(failed('peer-closed', path).fault))
    socket.on('close', () => finish(failed('peer-closed', path).fault))
    on({ kind: 'opened', at: clock.now() })
    if (first.value.length > 0) heard(first.value)
  }

  // Anything else that was opened here might wait for ever, or be written to by being read.
  stat(path, (error, found) => {
    if (error) return finish(fileFault(error))
    if (!found.isFIFO()) return finish(failed('port-not-pipe', path).fault)
    open(path, constants.O_RDONLY | constants.O_NONBLOCK, (refused, descriptor) => {
      if (refused) finish(fileFault(refused))
      else read(descriptor)
    })
  })

  return {
    write: () => Promise.resolve(failed('line-listen-only', path)),
    close() {
      if (state === 'closed' || state === 'closing') return
      state = 'closing'
      if (socket) socket.destroy()
    },
  }
}

/** What is there already. */
function look(descriptor: number): Result<Uint8Array, PortFault> {
  const into = Buffer.alloc(FIRST)
  try {
    const count = readSync(descriptor, into)
    return count === 0 ? failed('pipe-unfed') : ok(into.subarray(0, count))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return ok(new Uint8Array())
    return failed('port-failed', error instanceof Error ? error.message : '')
  }
}
