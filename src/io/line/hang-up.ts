import { read as readDescriptor } from 'node:fs'

/** What the Unix bindings of serialport hold behind an open port. */
interface PollingPort {
  readonly isOpen: boolean
  readonly fd: number | null
  readonly poller: { once(event: 'readable', told: (error: Error | null) => void): unknown }
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>
}

function polls(port: object): port is PollingPort {
  return 'poller' in port && 'fd' in port && 'read' in port
}

/**
 * A terminal that was hung up reads as nothing, at once and for ever. The binding takes that for "try again": when the
 * plug is pulled while a read is under way it spins on one core and never tells. Ports are opened non-blocking with
 * VMIN 1, where a read of nothing can only be a hang-up, so here it is an error, which the library reports as
 * disconnected.
 */
export function noticeHangUp<P extends object>(port: P): P {
  if (!polls(port)) return port
  const waitReadable = (): Promise<void> =>
    new Promise((done, fail) => {
      port.poller.once('readable', (error) => (error ? fail(error) : done()))
    })
  const descriptor = (): number => {
    if (!port.isOpen || port.fd === null) throw Object.assign(new Error('closed'), { canceled: true })
    return port.fd
  }
  port.read = async (buffer, offset, length) => {
    for (;;) {
      const got = await readOnce(descriptor(), buffer, offset, length)
      if (got === 0) throw Object.assign(new Error('hung up'), { disconnect: true })
      if (got !== undefined) return { buffer, bytesRead: got }
      // Closed meanwhile, its poller is gone, and asking it would bring the process down.
      descriptor()
      await waitReadable()
    }
  }
  return port
}

/** Bytes read, or `undefined` when there are none yet. */
function readOnce(fd: number, buffer: Buffer, offset: number, length: number): Promise<number | undefined> {
  return new Promise((done, fail) => {
    readDescriptor(fd, buffer, offset, length, null, (error, bytesRead) => {
      if (!error) done(bytesRead)
      else if (error.code === 'EAGAIN' || error.code === 'EINTR') done(undefined)
      else fail(error)
    })
  })
}
