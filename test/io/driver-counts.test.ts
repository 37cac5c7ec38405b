import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openPty } from '../../hardware/simulators/pty.ts'
import type { LineErrors } from '../../src/core/line/line-errors.ts'
import { serialSettings } from '../../src/core/line/settings.ts'
import { kernelCounts, readCounts } from '../../src/io/line/driver-counts.ts'
import { serialPort } from '../../src/io/line/serial.ts'
import type { LineEvent } from '../../src/ports/line.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

/** As the kernel fills it: cts dsr rng dcd rx tx frame overrun parity brk buf_overrun, and nine to spare. */
const kernelStruct = (...figures: number[]) => {
  const ints = new Int32Array(20)
  ints.set(figures)
  return new Uint8Array(ints.buffer)
}

test('the kernel’s structure is read by its places', () => {
  const struct = kernelStruct(91, 92, 93, 94, 1000, 2000, 3, 4, 5, 6, 7, 99)
  expect(readCounts(struct)).toEqual({ framing: 3, parity: 5, break: 6, overrun: 4 + 7 })
})

test('a counter beyond the signed range is read as it was counted', () => {
  expect(readCounts(kernelStruct(0, 0, 0, 0, 0, 0, -1)).framing).toBe(2 ** 32 - 1)
})

test('no counters are asked of another kernel than Linux', () => {
  expect(kernelCounts('darwin')(0)).toBeUndefined()
})

const line = openPty
const settings = serialSettings.parse({})

/** Waits for the events of a real port; the counters are asked by a clock of the test’s. */
function listen(path: string, counts?: (fd: number) => LineErrors | undefined) {
  const clock = new VirtualClock(0)
  const events: LineEvent[] = []
  const waiting: (() => void)[] = []
  const link = serialPort({ path, settings, listenOnly: true }, clock, counts).open((event) => {
    events.push(event)
    for (const look of waiting) look()
  })
  const until = (kind: LineEvent['kind']) =>
    new Promise<void>((done) => {
      const look = () => events.some((e) => e.kind === kind) && done()
      waiting.push(look)
      look()
    })
  const errors = () => events.flatMap((e) => (e.kind === 'errors' ? [e.errors] : []))
  return { clock, link, until, errors, events }
}

test('the driver of an open port is asked every five seconds, of its own descriptor, and told by what has come since', async () => {
  const pty = line()
  const asked: number[] = []
  const counts = [100, 100, 103]
  const { clock, link, until, errors } = listen(pty.path, (fd) => {
    asked.push(fd)
    return { parity: 0, framing: counts.shift() ?? 103, break: 0, overrun: 0 }
  })
  await until('opened')
  await until('errors')
  expect(errors().map((e) => e.framing)).toEqual([0])
  clock.advance(10_000)
  expect(errors().map((e) => e.framing)).toEqual([0, 0, 3])
  expect(new Set(asked).size).toBe(1)
  expect(readFileSync(`/proc/self/fdinfo/${asked[0]}`, 'utf8')).toContain('flags:')
  link.close()
  await until('closed')
  clock.advance(60_000)
  expect(asked).toHaveLength(3)
  expect(clock.pending).toBe(0)
  pty.close()
})

test('a pseudo-terminal counts nothing, says nothing of errors, and is not written to', async () => {
  const pty = line()
  let written = 0
  pty.onBytes((bytes) => {
    written += bytes.length
  })
  const { clock, link, until, errors } = listen(pty.path)
  await until('opened')
  pty.write(new Uint8Array([0x41]))
  await until('bytes')
  clock.advance(60_000)
  expect(errors()).toEqual([])
  expect(written).toBe(0)
  link.close()
  await until('closed')
  pty.close()
})
