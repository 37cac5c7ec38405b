import { connect } from 'node:net'
import { say } from '../../core/catalogue/say.ts'
import { failed, type Result } from '../../core/faults.ts'
import type { Millis } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LineEvent, LinePort, Link, PortFault } from '../../ports/line.ts'
import { asLine, writeSocket } from './socket.ts'

export interface TcpSpec {
  readonly host: string
  readonly port: number
  readonly listenOnly: boolean
}

const CONNECT_WITHIN: Millis = 5000

/** A serial device server in raw mode, or an exchange that listens: we connect. */
export function tcpPort(spec: TcpSpec, clock: Clock): LinePort {
  const name = `${spec.host}:${spec.port}`
  return { name, open: (on) => openTcp(spec, name, clock, on) }
}

function openTcp(spec: TcpSpec, name: string, clock: Clock, on: (event: LineEvent) => void): Link {
  let state: 'opening' | 'open' | 'closing' | 'closed' = 'opening'
  const socket = connect({ host: spec.host, port: spec.port })
  asLine(socket)
  const timer = clock.after(CONNECT_WITHIN, () =>
    finish(failed('peer-unreachable', say('watch.noAnswer', { name })).fault),
  )

  function finish(fault?: PortFault): void {
    if (state === 'closed') return
    const wanted = state === 'closing'
    state = 'closed'
    timer.cancel()
    socket.destroy()
    const at = clock.now()
    on(fault && !wanted ? { kind: 'closed', at, fault } : { kind: 'closed', at })
  }

  socket.on('connect', () => {
    if (state !== 'opening') return
    timer.cancel()
    state = 'open'
    on({ kind: 'opened', at: clock.now() })
  })
  socket.on('data', (chunk: Buffer) => {
    if (state !== 'open') return
    const at = clock.now()
    on({ kind: 'bytes', bytes: new Uint8Array(chunk), at, began: at })
  })
  socket.on('error', (error) =>
    finish(failed(state === 'opening' ? 'peer-unreachable' : 'peer-closed', error.message).fault),
  )
  socket.on('end', () => finish(failed('peer-closed', name).fault))
  socket.on('close', () => finish(failed('peer-closed', name).fault))

  return {
    write: (bytes): Promise<Result<void, PortFault>> =>
      spec.listenOnly
        ? Promise.resolve(failed('line-listen-only', name))
        : writeSocket(state === 'open' ? socket : undefined, bytes, name, clock),
    close() {
      if (state === 'closed' || state === 'closing') return
      state = 'closing'
      socket.destroy()
    },
  }
}
