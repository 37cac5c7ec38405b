import { describe, expect, test } from 'vitest'
import { failed } from '../../../src/core/faults.ts'
import type { Capture } from '../../../src/ports/capture.ts'
import { type PortOptions, supervisePort } from '../../../src/run/line/port.ts'
import { ScriptPort } from '../../support/script-port.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

function bed(options: Partial<PortOptions> = {}, capture?: Capture) {
  const clock = new VirtualClock(0)
  const port = new ScriptPort(clock)
  const told: string[] = []
  const say = (what: string) => told.push(`${clock.now() / 1000} ${what}`)
  const start = () =>
    supervisePort(
      port,
      { wire: 'a', silentAfter: 0, reopen: true, ...options },
      { clock, ...(capture ? { capture } : {}) },
      {
        opened: () => say('opened'),
        closed: () => say('closed'),
        bytes: (bytes) => say(`bytes ${Buffer.from(bytes).toString('hex')}`),
        errors: (errors) => say(`errors ${Object.values(errors).join(' ')}`),
        fault: (fault) => say(`fault ${fault.code}`),
        cleared: (code) => say(`cleared ${code}`),
      },
    )
  return { clock, port, told, start }
}

test.each([
  'port-absent',
  'port-busy',
  'port-denied',
  'port-not-tty',
  'peer-unreachable',
  'listen-failed',
] as const)('%s is told at once and once, and tried again with growing waits', (code) => {
  const { clock, port, told, start } = bed()
  port.opens = [code]
  const port_ = start()
  clock.advance(30_000)
  expect(told).toEqual([`0 fault ${code}`])
  expect(port_.faults()).toEqual([code])
  // 0, 0.25, 0.75, 1.75, 3.75, 7.75, then every 5 s: 12.75, 17.75, 22.75, 27.75
  expect(port.openings).toBe(10)
})

test('an unplugged port is told, opened again and cleared', () => {
  const { clock, port, told, start } = bed()
  port.opens = ['opened', 'port-absent', 'port-absent', 'opened']
  start()
  clock.advance(60_000)
  port.hears(0x41)
  port.breaks('port-unplugged')
  clock.advance(10_000)
  expect(told).toEqual([
    '0 opened',
    '60 bytes 41',
    '60 closed',
    '60 fault port-unplugged',
    '60.25 cleared port-unplugged',
    '60.25 fault port-absent',
    '61.75 cleared port-absent',
    '61.75 opened',
  ])
})

test('a link that opens and breaks at once does not make a busy loop', () => {
  const { clock, port, start } = bed()
  start()
  for (let i = 0; i < 6; i++) {
    clock.advance(5000)
    port.breaks('peer-closed')
  }
  const before = port.openings
  clock.advance(4999)
  expect(port.openings).toBe(before)
  clock.advance(1)
  expect(port.openings).toBe(before + 1)
})

test('a port that neither opens nor fails is a fault within ten seconds', () => {
  const { clock, port, told, start } = bed()
  port.opens = ['hang']
  start()
  clock.advance(10_000)
  expect(told).toEqual(['8 fault line-not-up'])
})

test('callers come and go: nobody connected is no fault, an address that is taken is, until it is ours', () => {
  const { clock, port, told, start } = bed({ callers: true })
  port.opens = ['listen-failed', 'hang', 'opened', 'hang']
  const port_ = start()
  clock.advance(60_000)
  expect(told).toEqual(['0 fault listen-failed', '8.25 cleared listen-failed'])
  expect(port_.faults()).toEqual([])
})

test('a caller that hangs up is closed and no fault, and the next is waited for at once', () => {
  const { clock, port, told, start } = bed({ callers: true })
  port.opens = ['opened', 'opened', 'hang']
  const port_ = start()
  for (let i = 0; i < 2; i++) {
    clock.advance(1000)
    port.breaks('peer-closed')
    expect(port_.faults()).toEqual([])
  }
  clock.advance(60_000)
  expect(told).toEqual(['0 opened', '1 closed', '1.25 opened', '2 closed'])
})

test('silence is told when its bound is over, over and over, and cleared by the next byte', () => {
  const { clock, port, told, start } = bed({ silentAfter: 60_000 })
  start()
  clock.advance(59_000)
  port.hears(0x04)
  clock.advance(59_999)
  expect(told).toEqual(['0 opened', '59 bytes 04'])
  clock.advance(1)
  clock.advance(3_600_000)
  port.hears(0x05)
  clock.advance(60_000)
  expect(told.slice(2)).toEqual([
    '119 fault line-silent',
    '3719 cleared line-silent',
    '3719 bytes 05',
    '3779 fault line-silent',
  ])
})

test('a line whose bytes fit nothing is garbage within ten seconds, and sound again when they do', () => {
  const { clock, port, told, start } = bed()
  const supervised = start()
  clock.advance(1000)
  for (let i = 0; i < 8; i++) {
    port.hears(...new Array(40).fill(0xaa))
    supervised.discarded(40)
    clock.advance(500)
    // One window at a time.
    expect(clock.pending).toBeLessThanOrEqual(1)
  }
  expect(told.filter((t) => t.includes('fault'))).toEqual(['5 fault line-garbage'])
  clock.advance(10_000)
  expect(supervised.faults()).toEqual(['line-garbage'])
  for (let i = 0; i < 16; i++) {
    port.hears(...new Array(40).fill(0x41))
    clock.advance(500)
  }
  expect(told.filter((t) => t.includes('cleared'))).toHaveLength(1)
  expect(supervised.faults()).toEqual([])
})

test('a burst of noise in good traffic is no alarm', () => {
  const { clock, port, told, start } = bed()
  const supervised = start()
  for (let i = 0; i < 20; i++) {
    port.hears(...new Array(40).fill(0x41))
    if (i === 3) supervised.discarded(40)
    clock.advance(500)
  }
  expect(told.some((t) => t.includes('fault'))).toBe(false)
})

test('nothing is written while the line is down, and a write that is held off is told until one succeeds', async () => {
  const { clock, port, told, start } = bed()
  port.opens = ['port-absent', 'opened']
  const supervised = start()
  expect(await supervised.write(Uint8Array.of(6))).toMatchObject({ fault: { code: 'line-closed' } })
  clock.advance(300)
  port.writes = failed('write-timeout')
  await supervised.write(Uint8Array.of(6))
  port.writes = { ok: true, value: undefined }
  await supervised.write(Uint8Array.of(0x15))
  expect(port.written).toEqual([0x15])
  expect(told.slice(-2)).toEqual(['0.3 fault write-timeout', '0.3 cleared write-timeout'])
})

test('closing is for good: no timer, no event, no further opening', () => {
  const { clock, port, told, start } = bed({ silentAfter: 1000 })
  const supervised = start()
  clock.advance(100)
  supervised.close()
  supervised.close()
  expect(port.closedByUs).toBe(1)
  expect(clock.pending).toBe(0)
  clock.advance(60_000)
  expect(told).toEqual(['0 opened'])
})

test('the end of a replay is an end, not a fault', () => {
  const { clock, port, told, start } = bed({ reopen: false })
  start()
  clock.advance(0)
  port.ends()
  clock.advance(60_000)
  expect(told).toEqual(['0 opened', '0 closed'])
  expect(port.openings).toBe(1)
})

test('bad characters beyond one in a hundred make a line ill, until a minute has passed without', () => {
  const { clock, port, told, start } = bed()
  const port_ = start()
  clock.advance(5000)
  port.counts({})
  port.hears(...Array(198).fill(0x41))
  clock.advance(5000)
  port.counts({ framing: 1, parity: 1 })
  port.hears(...Array(197).fill(0x41))
  clock.advance(5000)
  port.counts({ framing: 1, parity: 1, break: 1 })
  expect(port_.faults()).toEqual(['line-errors'])
  for (let i = 0; i < 12; i++) {
    clock.advance(5000)
    port.counts({ framing: 2 })
  }
  expect(told.filter((t) => /fault|cleared/.test(t))).toEqual([
    '15 fault line-errors',
    '75 cleared line-errors',
  ])
  expect(told.filter((t) => t.includes('errors ')).slice(0, 3)).toEqual([
    '5 errors 0 0 0 0',
    '10 errors 1 1 0 0',
    '15 errors 1 1 1 0',
  ])
})

test('a few bad characters among thousands are no fault', () => {
  const { clock, port, start } = bed()
  const supervised = start()
  clock.advance(5000)
  for (let i = 0; i < 10; i++) port.hears(...Array(100).fill(0x41))
  port.counts({ parity: 3 })
  expect(supervised.faults()).toEqual([])
})

test('one character lost to an overrun is told', () => {
  const { clock, port, told, start } = bed()
  start()
  clock.advance(1000)
  port.counts({ overrun: 1 })
  clock.advance(61_000)
  port.counts({})
  expect(told.filter((t) => /fault|cleared/.test(t))).toEqual([
    '1 fault port-overrun',
    '62 cleared port-overrun',
  ])
})

test('a port that is opened again begins well', () => {
  const { clock, port, start } = bed()
  port.opens = ['opened', 'opened']
  const port_ = start()
  clock.advance(1000)
  port.counts({ break: 9 })
  expect(port_.faults()).toEqual(['line-errors'])
  port.breaks('port-unplugged')
  expect(port_.faults()).toEqual(['port-unplugged'])
  clock.advance(1000)
  port.counts({})
  expect(port_.faults()).toEqual([])
})

/** Seconds after a break until the port is opened again. */
function waits(clock: VirtualClock, port: ScriptPort): number {
  const before = port.openings
  let waited = 0
  for (; port.openings === before && waited < 10_000; waited += 50) clock.advance(50)
  return waited / 1000
}

test('a link that was sound for ten seconds is tried at once again; one that was not goes on backing off', () => {
  const { clock, port, start } = bed()
  start()
  const tries = [1, 1, 1, 9999, 1, 10_000, 1].map((lived) => {
    clock.advance(lived)
    port.breaks('port-unplugged')
    return waits(clock, port)
  })
  // Opening takes no time here: a link lives from the moment it is opened.
  expect(tries).toEqual([0.25, 0.5, 1, 2, 4, 0.25, 0.5])
})

test('a sender that is turned away stands as a fault for ten minutes from the last time, told once', () => {
  const { clock, port, told, start } = bed({ callers: true })
  port.opens = ['opened']
  const port_ = start()
  clock.advance(0)
  port.turnsAway()
  clock.advance(9 * 60_000)
  port.turnsAway()
  clock.advance(9 * 60_000)
  expect(port_.faults()).toEqual(['peer-refused'])
  clock.advance(60_000)
  expect(port_.faults()).toEqual([])
  expect(told).toEqual(['0 opened', '0 fault peer-refused', '1140 cleared peer-refused'])
})

/** What was kept of a line, one entry a write. */
function aCapture(): { kept: string[]; capture: Capture } {
  const kept: string[] = []
  return {
    kept,
    capture: {
      bytes: (direction, wire, bytes, at) => kept.push(`${at} ${direction} ${wire} ${bytes.join(' ')}`),
      event: (event, wire, at) => kept.push(`${at} ${event} ${wire}`),
      close: async () => undefined,
    },
  }
}

test('everything that goes over a line is kept, with its direction, its wire and its time', async () => {
  const { kept, capture } = aCapture()
  const { clock, port, start } = bed({ wire: 'b' }, capture)
  const supervised = start()
  clock.advance(10)
  port.hears(1, 2)
  await supervised.write(Uint8Array.of(6))
  port.writes = failed('write-timeout')
  await supervised.write(Uint8Array.of(7))
  port.breaks('port-unplugged')
  clock.advance(250)
  supervised.close()
  expect(kept).toEqual([
    '0 opened b',
    '10 in b 1 2',
    '10 out b 6',
    '10 closed b',
    '260 opened b',
    '260 closed b',
  ])
})

test('a line that is not open when we leave it has no end to keep', () => {
  const { kept, capture } = aCapture()
  const { port, start } = bed({}, capture)
  port.opens = ['hang']
  start().close()
  expect([kept, port.closedByUs]).toEqual([[], 1])
})

test('leaving between two tries is quiet too', () => {
  const { clock, port, start } = bed()
  port.opens = ['port-absent']
  const supervised = start()
  clock.advance(100)
  supervised.close()
  supervised.hangUp()
  expect([port.closedByUs, clock.pending]).toEqual([0, 0])
})

test('the end of a call is passed on to a port that has calls', () => {
  const { clock, port, start } = bed()
  const supervised = start()
  clock.advance(0)
  supervised.hangUp()
  expect(port.hungUp).toBe(1)
})

test('a fault of a port that goes on is told each time, and stands for nothing', () => {
  const { clock, port, told, start } = bed()
  const supervised = start()
  clock.advance(0)
  port.complains('write-timeout')
  port.complains('write-timeout')
  expect(told).toEqual(['0 opened', '0 fault write-timeout', '0 fault write-timeout'])
  expect(supervised.faults()).toEqual([])
})

test('silence outlasts a port that is opened again, because nothing was heard by that', () => {
  const { clock, port, told, start } = bed({ silentAfter: 1000 })
  const supervised = start()
  clock.advance(1000)
  port.breaks('port-unplugged')
  expect(supervised.faults()).toEqual(['line-silent', 'port-unplugged'])
  clock.advance(250)
  expect(supervised.faults()).toEqual(['line-silent'])
  port.hears(1)
  expect(supervised.faults()).toEqual([])
  expect(told.filter((one) => one.includes('line-silent'))).toEqual([
    '1 fault line-silent',
    '1.25 cleared line-silent',
  ])
})

test('who was turned away stands through a new caller, and through nobody calling', () => {
  const { clock, port, start } = bed({ callers: true })
  port.opens = ['opened', 'hang', 'opened']
  const supervised = start()
  clock.advance(0)
  port.turnsAway()
  port.breaks('peer-closed')
  clock.advance(60_000)
  expect(supervised.faults()).toEqual(['peer-refused'])
})

test('each byte puts the silence off, and does not begin it anew', () => {
  const { clock, port, told, start } = bed({ silentAfter: 1000 })
  start()
  for (let i = 0; i < 9; i++) {
    clock.advance(500)
    port.hears(1)
  }
  expect([clock.pending <= 3, told.some((one) => one.includes('fault'))]).toEqual([true, false])
})

test('a link that was left is not heard any more, whatever it still says', () => {
  const { clock, port, told, start } = bed({ reopen: false })
  start()
  clock.advance(0)
  const old = port.listener
  port.ends()
  old?.({ kind: 'bytes', bytes: Uint8Array.of(1), at: clock.now(), began: clock.now() })
  expect(told).toEqual(['0 opened', '0 closed'])
})

test('a line that was left while a write was under way has no new fault', async () => {
  const { clock, port, told, start } = bed()
  const supervised = start()
  clock.advance(0)
  port.writes = failed('write-timeout')
  const writing = supervised.write(Uint8Array.of(6))
  supervised.close()
  await writing
  expect([told, supervised.faults()]).toEqual([['0 opened'], []])
})

describe('a clock that is set', () => {
  test.each([
    ['back', -3_600_000],
    ['forwards', 3_600_000],
  ])('%s by an hour makes silence told no later and no sooner', (_, by) => {
    const { clock, port, told, start } = bed({ silentAfter: 60_000 })
    start()
    clock.advance(30_000)
    port.hears(1)
    clock.step(by)
    clock.advance(59_999)
    expect(told.filter((one) => one.includes('line-silent'))).toEqual([])
    clock.advance(1)
    expect(told.filter((one) => one.includes('line-silent'))).toHaveLength(1)
  })

  test('back by an hour makes an ill line well in the minute that it takes', () => {
    const { clock, port, told, start } = bed()
    start()
    clock.advance(0)
    port.counts({ parity: 9 })
    clock.step(-3_600_000)
    clock.advance(60_000)
    port.counts({})
    expect(told.some((one) => one.endsWith('cleared line-errors'))).toBe(true)
  })

  test('back while a link was sound does not make it wait like one that never was', () => {
    const { clock, port, start } = bed()
    start()
    for (let i = 0; i < 4; i++) {
      port.breaks('port-unplugged')
      clock.advance(8000)
    }
    clock.advance(10_000)
    clock.step(-3_600_000)
    port.breaks('port-unplugged')
    const { openings } = port
    clock.advance(1000)
    expect(port.openings).toBe(openings + 1)
  })
})
