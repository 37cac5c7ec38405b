import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openPty } from '../../hardware/simulators/pty.ts'
import type { LineErrors } from '../../src/core/line/kit/line-errors.ts'
import { serialSettings } from '../../src/core/line/kit/settings.ts'
import { type Ioctl, kernelCounts, openIoctl, readCounts } from '../../src/io/line/driver-counts.ts'
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

test('the kernel is asked for the counters alone, and what it fills in is what is told', () => {
  const asked: [number, number, number][] = []
  const ioctl: Ioctl = (descriptor, request, into) => {
    asked.push([descriptor, request, into.length])
    into.set(kernelStruct(0, 0, 0, 0, 9, 0, 1, 2, 3, 4, 5))
    return 0
  }
  const counts = kernelCounts('linux', () => ioctl)
  expect(counts(17)).toEqual({ framing: 1, parity: 3, break: 4, overrun: 7 })
  expect(asked).toEqual([[17, 0x545d, 80]])
})

test('an answer of the kernel that it does not count is no counters, whatever stands in the memory', () => {
  const counts = kernelCounts('linux', () => (_descriptor, _request, into) => {
    into.fill(1)
    return -1
  })
  expect(counts(17)).toBeUndefined()
})

test('a C library that cannot be reached is tried once, and costs the port nothing', () => {
  let tries = 0
  const counts = kernelCounts('linux', () => {
    tries += 1
    throw new Error('no library')
  })
  expect([counts(17), counts(17)]).toEqual([undefined, undefined])
  expect(tries).toBe(1)
})

test.runIf(process.platform === 'linux')(
  'the real call fills our memory, and refuses what is no port',
  () => {
    /** Asks how many bytes are left to read: of a file, its size. */
    const FIONREAD = 0x541b
    const path = fileURLToPath(import.meta.url)
    const file = openSync(path, 'r')
    const into = Buffer.alloc(80)
    const ioctl = openIoctl()
    expect(ioctl(file, FIONREAD, into)).toBe(0)
    expect(new Int32Array(into.buffer, into.byteOffset, 1)[0]).toBe(statSync(path).size)
    expect(kernelCounts()(file)).toBeUndefined()
    closeSync(file)
  },
)

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

test('a driver that fails to answer once is asked again, and nothing it counted meanwhile is lost', async () => {
  const pty = line()
  const answers = [10, undefined, 14]
  const { clock, link, until, errors } = listen(pty.path, () => {
    const framing = answers.shift()
    return framing === undefined ? undefined : { parity: 0, framing, break: 0, overrun: 0 }
  })
  await until('errors')
  clock.advance(10_000)
  expect(errors().map((e) => e.framing)).toEqual([0, 4])
  link.close()
  await until('closed')
  expect(clock.pending).toBe(0)
  pty.close()
})

test('a port that is opened again starts from what its driver has counted by then', async () => {
  const pty = line()
  const counts = [100, 200]
  const read = () => ({ parity: 0, framing: counts.shift() ?? 200, break: 0, overrun: 0 })
  for (let opening = 0; opening < 2; opening++) {
    const { link, until, errors } = listen(pty.path, read)
    await until('errors')
    expect(errors().map((e) => e.framing)).toEqual([0])
    link.close()
    await until('closed')
  }
  pty.close()
})

test('a pseudo-terminal counts nothing, says nothing of errors, and is not written to', async () => {
  const pty = line()
  let written = 0
  pty.onBytes((bytes) => {
    written += bytes.length
  })
  const answers: number[] = []
  const counts = kernelCounts('linux', () => {
    const ioctl = openIoctl()
    return (descriptor, request, into) => {
      const answer = ioctl(descriptor, request, into)
      answers.push(answer)
      return answer
    }
  })
  const { clock, link, until, errors } = listen(pty.path, counts)
  await until('opened')
  pty.write(new Uint8Array([0x41]))
  await until('bytes')
  clock.advance(60_000)
  expect(errors()).toEqual([])
  expect(answers).toEqual([-1])
  expect(written).toBe(0)
  link.close()
  await until('closed')
  pty.close()
})
