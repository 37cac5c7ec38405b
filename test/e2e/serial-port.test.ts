import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openPty } from '../../hardware/simulators/pty.ts'
import { serialSettings } from '../../src/core/line/kit/settings.ts'
import { systemClock } from '../../src/io/clock.ts'
import { serialPort } from '../../src/io/line/serial.ts'
import { feedBed } from '../support/feed-bed.ts'
import { removeFolder } from '../support/folders.ts'
import { Heard } from '../support/heard.ts'
import { installed } from '../support/installed.ts'

const clock = systemClock(() => undefined)
const settings = serialSettings.parse({})
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo()
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bleepd-port-'))
  cleanUp.push(() => removeFolder(path))
  return path
}

async function ending(path: string): Promise<string | undefined> {
  const heard = new Heard()
  serialPort({ path, settings, listenOnly: true }, clock).open(heard.on)
  await heard.untilKind('closed')
  return heard.ending()
}

test('a port that is not there, a folder and a plain file are told apart', async () => {
  const here = folder()
  writeFileSync(join(here, 'file'), '')
  expect(await ending(join(here, 'none'))).toBe('port-absent')
  expect(await ending(here)).toBe('port-not-tty')
  expect(await ending(join(here, 'file'))).toBe('port-not-tty')
})

test('a second owner is told that the port is busy, and the first goes on', async () => {
  const pty = openPty()
  cleanUp.push(() => pty.close())
  const first = new Heard()
  const link = serialPort({ path: pty.path, settings, listenOnly: true }, clock).open(first.on)
  await first.untilKind('opened')
  expect(await ending(pty.path)).toBe('port-busy')
  pty.write(Uint8Array.of(0x41))
  await first.until(() => first.bytes.length === 1)
  link.close()
  await first.untilKind('closed')
})

test('a port that the daemon may not open is told so', async (ctx) => {
  const user = process.geteuid?.()
  const seteuid = process.seteuid
  const pty = openPty()
  cleanUp.push(() => pty.close())
  chmodSync(pty.path, 0o000)
  if (user === 0 && seteuid) {
    // Root may open anything, so the test steps down for the length of one opening.
    seteuid(65534)
    cleanUp.push(() => seteuid(0))
  } else if (user === undefined) return ctx.skip('needs a system with users')
  expect(await ending(pty.path)).toBe('port-denied')
})

test.each([
  { baud: 1200, dataBits: 7, parity: 'even', stopBits: 1 },
  { baud: 9600, dataBits: 7, parity: 'even', stopBits: 2 },
  { baud: 9600, dataBits: 8, parity: 'even', stopBits: 1 },
  { baud: 19200, dataBits: 8, parity: 'none', stopBits: 1 },
] as const)('$baud $dataBits $parity $stopBits opens', async (line) => {
  const pty = openPty()
  cleanUp.push(() => pty.close())
  const heard = new Heard()
  const link = serialPort(
    { path: pty.path, settings: serialSettings.parse(line), listenOnly: true },
    clock,
  ).open(heard.on)
  await heard.untilKind('opened')
  pty.write(Buffer.from('OK'))
  await heard.until(() => heard.bytes.length === 2)
  const [opened, bytes] = heard.events
  // Two characters began their time on the wire before they arrived.
  if (opened?.kind !== 'opened' || bytes?.kind !== 'bytes') throw new Error('order')
  const bits = 1 + line.dataBits + (line.parity === 'even' ? 1 : 0) + line.stopBits
  expect(bytes.at - bytes.began).toBeCloseTo((bytes.bytes.length * bits * 1000) / line.baud, 2)
  link.close()
  await heard.untilKind('closed')
})

test('unplugged in the middle of a record, plugged in again: told, re-opened, the next page is right', async (ctx) => {
  if (!installed('socat')) return ctx.skip('needs socat')
  const here = folder()
  const path = join(here, 'line')
  let socat = await plug(path)
  cleanUp.push(() => socat.kill('SIGKILL'))
  const bed = feedBed('scope', clock, (listenOnly) => ({
    a: serialPort({ path, settings, listenOnly }, clock),
  }))
  cleanUp.push(() => bed.close())
  await bed.until(() => bed.seen.opened === 1)
  socat.stdin?.write('A0012300ABEFORE\r')
  await bed.until(() => bed.pages.length === 1)
  // 9600 8N1: the sixteen characters before the last had begun their time on the wire earlier.
  const [first] = bed.pages
  expect((first?.lastByte ?? 0) - (first?.firstByte ?? 0)).toBeGreaterThan(1)
  socat.stdin?.write('A0012300AHALF A REC')
  await bed.until(() => bed.seen.bytes === 'A0012300ABEFORE\rA0012300AHALF A REC'.length)
  socat.kill('SIGKILL')
  await once(socat, 'exit')
  // Killed outright it leaves its link behind, and the number behind the link may soon be another program's terminal.
  rmSync(path, { force: true })
  await bed.until(() => bed.faults.includes('raised port-absent'))
  expect(bed.faults[0]).toBe('raised port-unplugged')
  socat = await plug(path)
  await bed.until(() => bed.seen.opened === 2)
  expect(bed.faults.at(-1)).toBe('cleared port-absent')
  socat.stdin?.write('A0012301BAFTER\r')
  await bed.until(() => bed.pages.at(-1)?.text === 'AFTER')
  expect(bed.pages.map((p) => p.text).filter((t) => t === 'BEFORE' || t === 'AFTER')).toEqual([
    'BEFORE',
    'AFTER',
  ])
  // What was half-read may be kept as an unterminated page, never as a whole one.
  for (const page of bed.pages) if (page.text.startsWith('HALF')) expect(page.quality).toBe('unterminated')
})

/** A line whose far end is socat's standard input; the path is there when this resolves. */
async function plug(path: string): Promise<ChildProcess> {
  const child = spawn('socat', [`PTY,link=${path},raw,echo=0`, 'STDIO'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const folder = join(path, '..')
  if (!existsSync(path))
    await new Promise<void>((ready) => {
      const watcher = watch(folder, () => {
        if (!existsSync(path)) return
        watcher.close()
        ready()
      })
      if (existsSync(path)) {
        watcher.close()
        ready()
      }
    })
  return child
}
