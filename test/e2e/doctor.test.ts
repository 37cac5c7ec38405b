import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { openPty } from '../../hardware/simulators/pty.ts'
import { suggestFeed } from '../../src/cli/doctor-feed.ts'
import { PROFILES, readProfile } from '../../src/config/profile.ts'
import { printFeed } from '../../src/config/yaml.ts'
import { espaTraffic } from '../../src/core/line/diagnose-espa.ts'
import { espa444Sender } from '../../src/core/line/espa444/sender.ts'
import { serialSettings } from '../../src/core/line/kit/settings.ts'
import { PROTOCOLS } from '../../src/core/line/registry.ts'
import { toAudio } from '../../src/core/pocsag/audio.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { writeWav } from '../../src/core/pocsag/wav.ts'
import { sending } from '../bench/pocsag/beside.ts'
import { behindHighPass, lowPass, SAMPLE_RATE, toPcm } from '../bench/pocsag/channels.ts'
import { removeFolder } from '../support/folders.ts'

const bleepd = new URL('../../src/bleepd.js', import.meta.url).pathname
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo()
})

/** Runs the doctor on a line whose sender says the same over and over, as a poll or a test call does. */
async function ask(says: Uint8Array, ...flags: string[]) {
  const pty = openPty()
  const written: number[] = []
  pty.onBytes((bytes) => written.push(...bytes))
  const talk = setInterval(() => pty.write(says), 20)
  cleanUp.push(
    () => clearInterval(talk),
    () => pty.close(),
  )
  const child = spawn(process.execPath, [bleepd, 'doctor', pty.path, ...flags])
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, said, written }
}

/** Even parity in bit 7, as a 7E1 sender looks to an 8N1 reader. */
function evenParity(bytes: Uint8Array): Uint8Array {
  return bytes.map((b) => {
    let ones = 0
    for (let rest = b; rest > 0; rest >>= 1) ones ^= rest & 1
    return b | (ones << 7)
  })
}

test('a switchboard at 7E1 is named, with reasons, and hears nothing from us', async () => {
  const call = espa444Sender.encode({ callAddress: '2222', displayMessage: 'TEST CALL' })
  if (!call.ok) throw new Error('block')
  const { code, said, written } = await ask(evenParity(Uint8Array.of(0x04, 0x32, 0x05, ...call.value)))
  expect(said).toMatch(/framing {3}7E1, because bit 7 is the even parity/)
  expect(said).toMatch(/protocol {2}espa444 \(ESPA 4\.4\.4\)/)
  expect(said).toMatch(/stations asked: 1, 2, called: 2/)
  expect(said).toMatch(/rate {6}not known: a pseudo-terminal/)
  expect(code).toBe(0)
  expect(written).toEqual([])
})

test('an encoder link is told from its neighbours, as one JSON object for scripts', async () => {
  const { code, said } = await ask(Buffer.from('A0012300ATEST CALL\r'), '--json')
  expect(JSON.parse(said)).toMatchObject({ profile: 'scope', protocol: 'text' })
  expect(code).toBe(0)
})

test('it ends with the feed that listens to the line, as the configuration takes it', async () => {
  const { said } = await ask(Buffer.from('\x01A,1,1234567,\x02HELLO WARD\x03\x04\r\n'))
  const feeds = parse(said.slice(said.indexOf('feeds:')).split('\n\n')[0]!.replaceAll('\n    ', '\n'))
  expect(feeds).toMatchObject({ feeds: [{ profile: 'waveware', options: { passive: true } }] })
})

test('noise is nothing, and two lines a page are COMP2 rather than bare lines', async () => {
  let seed = 1
  const random = () => (seed = (seed * 16807) % 2147483647)
  const noise = await ask(Uint8Array.from({ length: 100 }, random))
  expect(noise.said).toMatch(/protocol {2}none known fits/)
  expect(noise.code).toBe(1)
  expect((await ask(Buffer.from('101A\rCALL 4421\r'))).said).toMatch(/profile comp2/)
  const bare = await ask(Buffer.from('FIRE ALARM ZONE 4\r\n'))
  expect(bare.said).toMatch(/profile comp1 each line would be a page to everybody/)
  expect(bare.said).not.toMatch(/feeds:/)
  expect(bare.code).toBe(1)
})

test('knocking and the wrong wire are told for what they are', async () => {
  expect((await ask(Buffer.from('\r'), '--seconds', '1')).said).toMatch(/a TAP sender knocks/)
  const answers = await ask(Uint8Array.of(0x06, 0x06, 0x04))
  expect(answers.said).toMatch(/it is the paging system’s/)
})

test('a device server is listened to over the network', async () => {
  const server = createServer((peer) => {
    const talk = setInterval(() => peer.write('A0012300ATEST CALL\r'), 20)
    peer.on('error', () => undefined).on('close', () => clearInterval(talk))
  })
  cleanUp.push(() => server.close())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = z.object({ port: z.number() }).parse(server.address())
  const child = spawn(process.execPath, [bleepd, 'doctor', `127.0.0.1:${port}`, '--json'])
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  await new Promise((done) => child.on('close', done))
  expect(JSON.parse(said)).toMatchObject({
    profile: 'scope',
    feed: { port: { kind: 'tcp', host: '127.0.0.1', port } },
  })
})

test('a pipe that a receiver program writes into is listened to', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'bleep-doctor-')), 'roof')
  cleanUp.push(() => removeFolder(dirname(path)))
  execFileSync('mkfifo', [path])
  const program = openSync(path, constants.O_RDWR)
  cleanUp.push(() => closeSync(program))
  for (let i = 0; i < 12; i++)
    writeSync(program, `POCSAG1200: Address: 131072${i % 10}  Function: 3  Alpha:   WARD ${i}\n`)
  const child = spawn(process.execPath, [bleepd, 'doctor', path, '--json', '--seconds', '1'])
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  await new Promise((done) => child.on('close', done))
  expect(JSON.parse(said)).toMatchObject({ profile: 'multimon-ng', feed: { port: { kind: 'pipe', path } } })
})

test('whatever is found, the feed it suggests puts no byte on the wire', () => {
  for (const name of readdirSync(PROFILES).map((file) => file.replace('.yaml', ''))) {
    const read = readProfile(name)
    if (!read.ok) throw new Error(name)
    const profile = read.value
    if (
      profile.protocol === 'snpp' ||
      profile.options.role === 'transmit' ||
      profile.options.role === 'client'
    )
      continue
    const found = { name, profile, options: {}, path: '/dev/ttyS0', source: 'serial' as const }
    const settings = serialSettings.parse({ baud: 1200 })
    const { feed } = suggestFeed({ ...found, settings, bit7: 'even', espa: espaTraffic(Uint8Array.of()) })
    const written = z
      .object({ feeds: z.tuple([z.object({ profile: z.string(), options: z.looseObject({}).default({}) })]) })
      .parse(parse(printFeed(feed))).feeds[0]
    const used = readProfile(written.profile)
    if (!used.ok) throw new Error(written.profile)
    const line = PROTOCOLS.get(used.value.protocol)?.open({ ...used.value.options, ...written.options })
    expect(line, name).toMatchObject({ ok: true, value: { listensOnly: true } })
  }
})

test('which way an ESPA wire runs, and who is called, shows in what it carries', () => {
  const call = espa444Sender.encode({ callAddress: '2222', displayMessage: 'TEST CALL' })
  if (!call.ok) throw new Error('block')
  // From its SOH on: who asks whom before it is the point.
  const block = call.value.slice(call.value.indexOf(0x01))
  const asks = [0x04, 0x31, 0x05, 0x33, 0x05]
  const traffic = (bytes: readonly number[]) => espaTraffic(Uint8Array.from(bytes))
  expect(traffic([...asks, ...block])).toMatchObject({ called: '3', calls: 1, answers: 0, questions: 2 })
  expect(traffic([...asks, 6, ...block, 6])).toMatchObject({ called: '3', answers: 2 })
  expect(traffic([6, 0x31, 0x15, 4])).toMatchObject({ called: undefined, answers: 2, questions: 0 })
})

test('a silent line is no guess but a list of what to look at', async () => {
  const { code, said } = await ask(new Uint8Array(), '--seconds', '0.2')
  expect(said).toMatch(/nothing heard/)
  expect(said).toMatch(/hardware\/wiring/)
  expect(code).toBe(1)
})

/** What the doctor says of a file. */
function ofFile(name: string, bytes: Uint8Array | string) {
  const folder = mkdtempSync(join(tmpdir(), 'bleep-doctor-'))
  cleanUp.push(() => removeFolder(folder))
  writeFileSync(join(folder, name), bytes)
  const out = spawnSync(process.execPath, [bleepd, 'doctor', join(folder, name)])
  return { code: out.status, said: out.stdout.toString('utf8') }
}

test('a file is read whole, and one page of it is shown to compare with what was sent', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `boot message ${i} of some other program\n`)
  const pages = Array.from(
    { length: 400 },
    (_, i) => `POCSAG1200: Address: 1310720  Function: 3  Alpha:   WARD ${i}\n`,
  )
  const { code, said } = ofFile('log.txt', [...lines, ...pages].join(''))
  expect(said).toMatch(/profile multimon-ng/)
  expect(said).toMatch(/fits 91 % of what was heard/)
  expect(said).toMatch(/for example: alpha to radio address 1310720, function 3: WARD 0/)
  expect(code).toBe(0)
})

test('of a file that is empty, or too short to tell anything, no more is said than that', () => {
  const empty = ofFile('empty.txt', '')
  expect(empty.said).toMatch(/^\S+empty\.txt: this file is empty, so there is nothing to judge\.\n$/)
  expect(empty.code).toBe(1)
  for (const one of ['1', '\x06', 'A']) {
    const short = ofFile('short.txt', one)
    expect(short.said).toMatch(/^\S+short\.txt: too little to judge: 1 of at least 24 bytes\.\n$/)
    expect(short.code).toBe(1)
  }
  expect(ofFile('whole.txt', 'A0012300ATEST CALL\r').said).toMatch(/profile scope/)
})

test('what fits only in part is told with its share, and nothing is recommended', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `boot message ${i} of some other program\n`)
  const { code, said } = ofFile('log.txt', [...lines, ...lines, 'A0012300ATEST CALL\r'].join(''))
  expect(said).toMatch(/none known fits/)
  expect(said).not.toMatch(/feeds:/)
  expect(code).toBe(1)
})

test('sound is known for what it is, by the rate in its file', () => {
  const packed = encodeTransmission([{ ric: 1_310_720, function: 3, type: 'alpha', text: 'TEST CALL' }])
  const { said } = ofFile('roof.wav', writeWav(toAudio(packed, 1200, 24_000), 24_000))
  expect(said).toMatch(/profile pocsag-pcm/)
  expect(said).toMatch(/radio address 1310720, function 3: TEST CALL/)
  expect(said).toMatch(/sampleRate: 24000/)
})

test('a header that says another rate than the sound has is seen through', () => {
  const packed = encodeTransmission([{ ric: 1_310_720, function: 3, type: 'alpha', text: 'TEST CALL' }])
  const { said } = ofFile('roof.wav', writeWav(toAudio(packed, 1200, 22_050), 24_000))
  expect(said).toMatch(/sampleRate: 22050/)
  expect(said).toMatch(/header of this file says 24000 samples a second, but the pages are there at 22050/)
})

test('a lead that spoils some of the pages in a recording is told beside the feed that hears the others', () => {
  const { clean, random } = sending(1200, 5, 6)
  const bent = behindHighPass(lowPass(clean, 1000), 40, 1, random)
  const { said } = ofFile('bent.wav', writeWav(toPcm(bent), SAMPLE_RATE))
  expect(said).toMatch(/profile pocsag-pcm/)
  expect(said).toMatch(/the lead or the receiver bends the signal\. Take the discriminator/)
  expect(said).toMatch(/sampleRate: 22050/)
  const good = ofFile('good.wav', writeWav(toPcm(clean.subarray(0, clean.length / 2)), SAMPLE_RATE))
  expect(good.said).not.toMatch(/bends the signal/)
})

test('a receiver that is dead, or sends two channels, is told from a line that nobody knows', () => {
  const dead = ofFile('dead.raw', Buffer.alloc(100_000))
  const dithered = ofFile(
    'dithered.raw',
    Buffer.from(Int16Array.from({ length: 50_000 }, (_, i) => (i % 3) - 1).buffer),
  )
  for (const { said } of [dead, dithered])
    expect(said).toMatch(/same sample again and again: it is dead or muted/)
  const packed = encodeTransmission([{ ric: 1_310_720, function: 3, type: 'alpha', text: 'TEST CALL' }])
  const one = toAudio(packed, 1200, 22_050)
  const both = Int16Array.from({ length: one.length * 2 }, (_, i) => one[i >> 1]! + ((i >> 1) % 97))
  const stereo = ofFile('stereo.raw', Buffer.from(both.buffer))
  expect(stereo.said).toMatch(/two channels where one is expected/)
  expect(dead.code).toBe(1)
})
