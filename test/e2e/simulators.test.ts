import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { runLine } from '../../hardware/simulators/line-runner.ts'
import { disturb } from '../../hardware/simulators/noise-model.ts'
import { PRINTS } from '../../hardware/simulators/pbx-records.ts'
import { openPty } from '../../hardware/simulators/pty.ts'
import { serialSettings } from '../../src/core/line/kit/settings.ts'
import { seeded } from '../../src/core/seeded.ts'
import { systemClock } from '../../src/io/clock.ts'
import { serialPort } from '../../src/io/line/serial.ts'
import { tcpListenPort } from '../../src/io/line/tcp-listen.ts'
import { feedBed } from '../support/feed-bed.ts'
import { removeFolder } from '../support/folders.ts'

const clock = systemClock(() => undefined)
const settings = serialSettings.parse({})
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo()
})

test.each([
  ['espa444', { role: 'control', station: '1', address: '2', poll: ['2'], pollEvery: 50 }, 'espa444-slave'],
  ['tap', { role: 'client' }, 'tap-terminal'],
] as const)(
  'a %s sender on a pseudo-terminal hears that its page was stored',
  async (protocol, options, profile) => {
    const pty = openPty()
    const bed = feedBed(profile, clock, (listenOnly) => ({
      a: serialPort({ path: pty.path, settings, listenOnly }, clock),
    }))
    await bed.until(() => bed.seen.opened === 1)
    const sender = runLine(protocol, options, pty)
    cleanUp.push(
      () => sender.stop(),
      () => bed.close(),
      () => pty.close(),
    )
    expect(await sender.send('2222', 'CARDIAC ARREST WARD 7')).toBe('taken')
    expect(bed.pages).toMatchObject([
      { to: { scheme: 'number', number: '2222' }, text: 'CARDIAC ARREST WARD 7', quality: 'clean' },
    ])
  },
)

test('an exchange that connects to us is heard, and a call inside the house keeps its extensions', async () => {
  const port = tcpListenPort({ host: '127.0.0.1', port: 0, listenOnly: true }, clock)
  const bed = feedBed('avaya-ip-office', clock, () => ({ a: port }))
  cleanUp.push(() => bed.close())
  const bound = await new Promise<number>((done) => {
    const look = (): void => {
      const at = port.bound()
      if (at === undefined) setImmediate(look)
      else done(at)
    }
    look()
  })
  const exchange = connect(bound, '127.0.0.1')
  cleanUp.push(() => exchange.destroy())
  const call = {
    at: new Date(2026, 10, 22, 3, 15, 0),
    from: '4207',
    to: '4421',
    ringSeconds: 4,
    talkSeconds: 44,
    id: 1,
  }
  exchange.write(PRINTS['avaya-ip-office']?.(call) ?? '')
  await bed.until(() => bed.calls.length === 1)
  expect(bed.calls).toMatchObject([
    {
      start: '2026-11-22T03:15:00',
      from: '4207',
      to: '4421',
      internal: true,
      answered: true,
      ringSeconds: 4,
    },
  ])
})

test('the simulated Mitel prints what the Mitel profile reads', async () => {
  const pty = openPty()
  const bed = feedBed('mitel-smdr', clock, (listenOnly) => ({
    a: serialPort({ path: pty.path, settings, listenOnly }, clock),
  }))
  cleanUp.push(
    () => bed.close(),
    () => pty.close(),
  )
  await bed.until(() => bed.seen.opened === 1)
  const call = {
    at: new Date(2026, 10, 22, 3, 15, 0),
    from: '4207',
    to: '4421',
    ringSeconds: 4,
    talkSeconds: 44,
    id: 1,
  }
  pty.write(Buffer.from(PRINTS['mitel-smdr']?.(call) ?? '', 'latin1'))
  await bed.until(() => bed.calls.length === 1)
  expect(bed.calls).toMatchObject([{ start: '--11-22T03:15', from: '4207', to: '4421', type: 'I' }])
})

test('over a noisy cable a switchboard that repeats gets its page through, and no wrong page is ever stored', async () => {
  const far = openPty()
  const random = seeded(7)
  const rates = { flip: 0.004, lose: 0.002, double: 0.002, insert: 0.002 }
  const bed = feedBed('espa444-slave', clock, (listenOnly) => ({
    a: serialPort({ path: far.path, settings, listenOnly }, clock),
  }))
  await bed.until(() => bed.seen.opened === 1)
  const noisy = { ...far, write: (bytes: Uint8Array) => far.write(disturb(bytes, rates, random)) }
  const sender = runLine(
    'espa444',
    { role: 'control', station: '1', address: '2', poll: ['2'], pollEvery: 50, answer: 200, retryAfter: 50 },
    noisy,
  )
  cleanUp.push(
    () => sender.stop(),
    () => bed.close(),
    () => far.close(),
  )
  const texts = ['ALPHA WARD 1', 'BRAVO WARD 2', 'CHARLIE WARD 3', 'DELTA WARD 4', 'ECHO WARD 5']
  const outcomes: string[] = []
  for (const text of texts) outcomes.push(await sender.send('2222', text))
  const stored = bed.pages.map((p) => p.text)
  for (const [i, outcome] of outcomes.entries()) if (outcome === 'taken') expect(stored).toContain(texts[i])
  for (const text of stored) expect(texts).toContain(text)
})

test('the programs are joined by hand as their help says: a switchboard over a bad cable to the daemon', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bleep-simulators-'))
  const [link, sender] = [join(folder, 'daemon'), join(folder, 'sender')]
  const cable = program('noise.ts', ['--link', link, '--sender', sender, '--flip', '0.002', '--seed', '7'])
  await expect.poll(cable.out).toContain(`daemon ${link}`)
  const bed = feedBed('espa444-slave', clock, (listenOnly) => ({
    a: serialPort({ path: link, settings, listenOnly }, clock),
  }))
  cleanUp.push(
    () => bed.close(),
    () => removeFolder(folder),
  )
  await bed.until(() => bed.seen.opened === 1)
  const calls = ['--port', sender, '--to', '2201', '--text', 'CRASH CALL WARD 7', '--count', '1']
  const switchboard = program('switchboard.ts', calls)
  await expect.poll(switchboard.out).toMatch(/call 1 to 2201: taken/)
  expect(bed.pages).toMatchObject([{ to: { number: '2201' }, text: 'CRASH CALL WARD 7' }])
})

/** A simulator as its help says, stopped at the end of the test. */
function program(name: string, options: readonly string[]): { out: () => string } {
  const child = spawn(process.execPath, [`hardware/simulators/${name}`, ...options])
  cleanUp.push(() => child.kill())
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  return { out: () => out }
}
