import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { sipLine } from '../../../src/io/channels/sip-line.ts'
import { voice } from '../../../src/io/channels/voice.ts'
import { systemClock } from '../../../src/io/clock.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { removeFolder } from '../../support/folders.ts'
import { installed } from '../../support/installed.ts'

/*
 * Real programs and real sockets that fail in real ways. Waits of seconds are a tenth as long, so that nobody waits.
 */
const real = systemClock(() => {})
/** But for a program that is being started, which takes its time on a busy machine. */
let starting = 10_000
const clock: Clock = {
  ...real,
  after: (ms, run) => real.after(ms >= 1000 && ms < starting ? ms / 10 : ms, run),
}
const ODD = fileURLToPath(new URL('../../support/odd-baresip.ts', import.meta.url))

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})

/** Telephone lines by this program. `be` says how the next client that is begun goes wrong. */
function lines(program: (folder: string) => string, domain = 'pbx') {
  const folder = mkdtempSync(join(tmpdir(), 'odd-'))
  cleanUp.push(() => removeFolder(folder))
  const settings = {
    ...{ account: 'sip:bridge@127.0.0.1', register: false, domain, address: '127.0.0.1', lines: 4 },
    ...{ program: program(folder), modules: '/usr/lib/baresip/modules', speech: '', voice: '' },
  }
  const speech = { of: async () => ({ file: join(folder, 'call.wav'), lasts: 1000 }), close: async () => {} }
  const said: string[] = []
  const channel = voice(
    settings,
    clock,
    (_, key) => void said.push(`key ${key}`),
    (_, report) => void said.push(report),
    { line: () => sipLine(settings, clock), speech },
  )
  cleanUp.push(() => channel.close())
  const send = (number = '4421', within = 9000) => {
    const attempt = anEmergency({ ...aPhone(number, 'voice'), address: number })
    const device = { ...aPhone(number, 'voice'), address: number }
    return channel.send(attempt, device, doorbell(attempt, 'opaque', ''), AbortSignal.timeout(within))
  }
  return { send, said, be: (mood: string) => writeFileSync(join(folder, 'mood'), mood) }
}

const odd = (folder: string) => {
  const program = join(folder, 'baresip')
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${ODD}" "${join(folder, 'mood')}" "$@"\n`)
  chmodSync(program, 0o700)
  return program
}

/** Clients of ours that still run. */
const clients = () => {
  const { pid } = process
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return children.filter((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('bleepd-line-'))
}
const gone = { kind: 'later', fault: 'voice-client-gone' } as const
const taken = { kind: 'taken' } as const

describe('a telephone client that goes wrong', () => {
  test.each([
    ['hangs', gone, []],
    ['refuses', gone, []],
    ['never ready', gone, []],
    ['half a line', gone, []],
    ['a line without end', gone, []],
    ['bytes that are no text', taken, ['key 1']],
    ['a byte at a time', taken, ['key 1']],
    ['is rung by a name that looks like its lines', taken, ['key 2']],
    ['keys by messages of their own', taken, ['key 1']],
    ['dies in the call', taken, ['no-key']],
    ['is rung back in the call', taken, ['key 1']],
    ['the same key twice', taken, ['key 1']],
    ['hangs once it is picked up', taken, ['no-key']],
    ['rings for ever', { kind: 'refused', fault: 'voice-no-answer' }, []],
  ] as const)('%s', async (mood, outcome, wanted) => {
    const { send, said, be } = lines(odd)
    be(mood)
    starting = mood === 'never ready' ? Number.POSITIVE_INFINITY : 10_000
    expect(await send('4421', mood === 'rings for ever' ? 2500 : 9000)).toEqual(outcome)
    await expect.poll(() => said).toEqual(wanted)
    // Whatever that client did, the next call goes out, and none of the clients that went wrong stays.
    be('well')
    starting = 10_000
    await expect.poll(() => send('4422')).toEqual(taken)
    await expect.poll(() => said.at(-1)).toBe('key 1')
    expect(clients().length).toBeLessThanOrEqual(2)
  })

  test('one that hangs holds up no other call', async () => {
    const { send, be } = lines(odd)
    be('hangs at 4421')
    let waits = true
    const held = send('4421').finally(() => {
      waits = false
    })
    expect([await send('4422'), waits]).toEqual([taken, true])
    expect(await held).toEqual(gone)
  })
})

describe.skipIf(!installed('baresip'))('an exchange that is gone, by the real client', () => {
  test.each([
    ['a port that nobody listens on', async () => 9],
    [
      'a server that takes every call and answers none',
      async () => {
        const server = createSocket('udp4').bind(0, '127.0.0.1')
        await once(server, 'listening')
        cleanUp.push(() => server.close())
        return server.address().port
      },
    ],
  ])('%s is told from a telephone that nobody picks up', async (_, open) => {
    const { send } = lines(() => 'baresip', `127.0.0.1:${await open()}`)
    expect(await send('4421', 1500)).toEqual({ kind: 'later', fault: 'voice-exchange-gone' })
  })
})
