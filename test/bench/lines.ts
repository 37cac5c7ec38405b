import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { openPty, type Pty } from '../../hardware/simulators/pty.ts'
import { encodeBlock } from '../../src/core/line/espa444/block.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/**
 * The switchboard's link, measured on the real daemon with its store on: from the first byte of a select to our ACK, from
 * the last byte of a block to the ACK that says it is stored, and what 8 saturated links cost. A pseudo-terminal has no
 * line time, so what is told here is all ours. A saturated link carries 960 characters a second at 9600 baud: polls
 * without end, and a call every few seconds, which is already more than any switchboard makes.
 */
const { values } = parseArgs({
  options: { calls: { type: 'string', default: '200' }, seconds: { type: 'string', default: '600' } },
})
const FEEDS = 8
const CHARACTERS_A_SECOND = 960
const CALL_EVERY_S = 5
const POLL = Uint8Array.of(0x04, 0x31, 0x05, 0x32, 0x05)
const END = Uint8Array.of(0x04)
const ACK = 0x06

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const pause = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms))
const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-lines-'))
const lines = Array.from({ length: FEEDS }, openPty)
const port = await ownPort()
writeFileSync(
  join(folder, 'bridge.yaml'),
  stringify({
    version: 1,
    site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
    store: { kind: 'sqlite', path: 'bleeps.sqlite' },
    feeds: lines.map((line, i) => ({
      id: `link-${i}`,
      profile: 'espa444-slave',
      port: { kind: 'serial', path: line.path },
    })),
    http: { port },
    log: { level: 'error' },
  }),
)
const daemon = await startDaemon({
  config: join(folder, 'bridge.yaml'),
  url: `http://localhost:${port}`,
  log: join(folder, 'bleepd.log'),
  environment: {},
})

const block = (n: number): Uint8Array =>
  encodeBlock({
    header: '1',
    callAddress: '0770',
    displayMessage: `CALL ${70_000 + n}`,
    beepCoding: '1',
    priority: '3',
  })

/** Writes and waits for one ACK; gives the milliseconds. */
function answered(line: Pty, bytes: Uint8Array, heard: { ack: (() => void) | undefined }): Promise<number> {
  return new Promise((done) => {
    const began = performance.now()
    heard.ack = () => done(performance.now() - began)
    line.write(bytes)
  })
}

const first = lines[0]
if (!first) throw new Error('there is a first line')
const heard: { ack: (() => void) | undefined } = { ack: undefined }
first.onBytes((bytes) => {
  if (bytes.includes(ACK)) heard.ack?.()
})
const spans = { select: [] as number[], block: [] as number[] }
for (let i = 0; i < Number(values.calls); i++) {
  spans.select.push(await answered(first, POLL, heard))
  spans.block.push(await answered(first, block(i), heard))
  first.write(END)
  await pause(20)
}
say(
  `${'milliseconds'.padEnd(44)} ${'n'.padStart(6)} ${['p50', 'p99', 'max'].map((h) => h.padStart(8)).join(' ')}   bound`,
)
for (const [name, list] of [
  ['first byte of a select → our ACK', spans.select],
  ['block → stored → our ACK', spans.block],
] as const) {
  const sorted = [...list].sort((a, b) => a - b)
  const at = (p: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? 0).toFixed(1).padStart(8)
  say(`${name.padEnd(44)} ${String(sorted.length).padStart(6)} ${at(0.5)} ${at(0.99)} ${at(1)}   ≤ 50`)
}

/** User and system time of the daemon so far, seconds (proc(5), fields 14 and 15; 100 ticks a second). */
function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${daemon.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
const seconds = Number(values.seconds)
const before = cpuSeconds()
const began = performance.now()
let sent = 0
let calls = 0
for (let tick = 0; performance.now() - began < seconds * 1000; tick++) {
  const due = ((performance.now() - began) / 1000) * CHARACTERS_A_SECOND
  while (sent < due) {
    for (const line of lines) line.write(POLL)
    sent += POLL.length
  }
  if (tick % (CALL_EVERY_S * 50) === 0) {
    for (const line of lines) line.write(Uint8Array.of(...POLL, ...block(100_000 + calls++), ...END))
  }
  await pause(20)
}
const share = ((cpuSeconds() - before) / ((performance.now() - began) / 1000)) * 100
say(
  `${FEEDS} links saturated for ${seconds} s, ${calls} calls: ${share.toFixed(1)} % of one core   bound < 25 %`,
)
await daemon.stop()
for (const line of lines) line.close()
removeFolder(folder)
process.exit(0)
