import { SerialPort } from 'serialport'
import { failed, ok, type Result } from '../../core/faults.ts'
import type { Millis } from '../../core/instant.ts'
import { errorsSince, type LineErrors, NO_ERRORS } from '../../core/line/kit/line-errors.ts'
import { bitsPerCharacter, type SerialSettings } from '../../core/line/kit/settings.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { LineEvent, LinePort, Link, PortFault } from '../../ports/line.ts'
import { type DriverCounts, kernelCounts } from './driver-counts.ts'
import { noticeHangUp } from './hang-up.ts'
import { lifeFault, openFault } from './port-fault.ts'

export interface SerialSpec {
  /** A path that names the same socket of the wall for ever: `/dev/serial/by-id/…` or a udev name, never ttyUSB0. */
  readonly path: string
  readonly settings: SerialSettings
  /** Nothing is ever written, and no flow control that makes the kernel write is set. */
  readonly listenOnly: boolean
}

/** A write that the other end holds off longer than this has failed. */
const WRITE_WITHIN: Millis = 5000

/** Output waiting in the stream beyond this means that the line takes nothing. Bytes. */
const MOST_WAITING = 64 * 1024

/** How often the driver is asked what it has counted. */
const COUNT_EVERY: Millis = 5000

/** @param counts what the driver counts of a line; absent: asked of the kernel */
export function serialPort(spec: SerialSpec, clock: Clock, counts = kernelCounts()): LinePort {
  return { name: spec.path, open: (on) => openSerial(spec, clock, counts, on) }
}

/** What every platform's binding takes: the options of all of them at once. */
type OpenOptions = typeof SerialPort.binding.open extends infer F
  ? (F extends (o: infer O) => unknown ? (o: O) => void : never) extends (o: infer All) => void
    ? All
    : never
  : never

function openSerial(
  spec: SerialSpec,
  clock: Clock,
  counts: DriverCounts,
  on: (event: LineEvent) => void,
): Link {
  const { settings } = spec
  const perByte = (bitsPerCharacter(settings) * 1000) / settings.baud
  let state: 'opening' | 'open' | 'closing' | 'closed' = 'opening'
  let descriptor: number | undefined
  let counter: Timer | undefined
  let lastRead: LineErrors | undefined

  const options = {
    binding: {
      ...SerialPort.binding,
      open: async (o: OpenOptions) => {
        const opened = noticeHangUp(await SerialPort.binding.open(o))
        descriptor = 'fd' in opened && typeof opened.fd === 'number' ? opened.fd : undefined
        return opened
      },
    },
    path: spec.path,
    baudRate: settings.baud,
    dataBits: settings.dataBits,
    parity: settings.parity,
    stopBits: settings.stopBits,
    rtscts: settings.flow === 'rtscts' && !spec.listenOnly,
    xon: settings.flow === 'xonxoff' && !spec.listenOnly,
    xoff: settings.flow === 'xonxoff' && !spec.listenOnly,
    autoOpen: false,
  }
  const port = new SerialPort(options)

  /** A driver that does not answer at first does not count, and is left alone; one that did is asked on. */
  function tellErrors(): void {
    if (state !== 'open' || !port.isOpen || descriptor === undefined) return
    const read = counts(descriptor)
    if (read) {
      const errors = lastRead ? errorsSince(lastRead, read) : NO_ERRORS
      lastRead = read
      on({ kind: 'errors', errors, at: clock.now() })
    }
    if (lastRead) counter = clock.after(COUNT_EVERY, tellErrors)
  }

  /** The library may tell of one end twice, and of an error without an end: the first word counts. */
  function finish(fault?: PortFault): void {
    if (state === 'closed') return
    const wanted = state === 'closing'
    state = 'closed'
    counter?.cancel()
    if (port.isOpen) port.close(() => undefined)
    const at = clock.now()
    on(fault && !wanted ? { kind: 'closed', at, fault } : { kind: 'closed', at })
  }

  port.on('error', (error) => finish(lifeFault(error)))
  port.on('close', (error: Error | null) =>
    finish(failed(error ? 'port-unplugged' : 'port-failed', error?.message).fault),
  )
  port.on('end', () => finish(failed('port-unplugged').fault))
  // Without a reader an unplugged port goes unnoticed, so reading starts with the link.
  port.on('data', (chunk: Buffer) => {
    if (state !== 'open') return
    const at = clock.now()
    on({ kind: 'bytes', bytes: new Uint8Array(chunk), at, began: at - chunk.length * perByte })
  })
  port.open((error) => {
    if (error) return finish(openFault(error.message))
    if (state === 'closing') return port.close(() => finish())
    state = 'open'
    on({ kind: 'opened', at: clock.now() })
    tellErrors()
  })

  return {
    write(bytes): Promise<Result<void, PortFault>> {
      if (spec.listenOnly) return Promise.resolve(failed('line-listen-only', spec.path))
      if (state !== 'open' || !port.isOpen) return Promise.resolve(failed('line-closed', spec.path))
      if (port.writableLength > MOST_WAITING) return Promise.resolve(failed('write-timeout', spec.path))
      return new Promise((done) => {
        const timer = clock.after(WRITE_WITHIN, () => done(failed('write-timeout', spec.path)))
        port.write(Buffer.from(bytes), (error) => {
          timer.cancel()
          done(error ? failed('port-failed', error.message) : ok(undefined))
        })
      })
    },
    close() {
      if (state === 'closed' || state === 'closing') return
      const opened = state === 'open'
      state = 'closing'
      if (opened) port.close(() => finish())
    },
  }
}
