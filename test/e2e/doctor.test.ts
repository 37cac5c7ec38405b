import { spawn } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { openPty } from '../../hardware/simulators/pty.ts'
import { espa444Sender } from '../../src/core/line/espa444-sender.ts'

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
  expect(said).toMatch(/protocol {2}espa444, profile espa444-/)
  expect(said).toMatch(/rate {6}not known: a pseudo-terminal/)
  expect(code).toBe(0)
  expect(written).toEqual([])
})

test('an encoder link is told from its neighbours, as one JSON object for scripts', async () => {
  const { code, said } = await ask(Buffer.from('A0012300ATEST CALL\r'), '--json')
  expect(JSON.parse(said)).toMatchObject({ profile: 'scope', protocol: 'text' })
  expect(code).toBe(0)
})

test('a silent line is no guess but a list of what to look at', async () => {
  const { code, said } = await ask(new Uint8Array(), '--seconds', '0.2')
  expect(said).toMatch(/nothing heard/)
  expect(said).toMatch(/hardware\/wiring/)
  expect(code).toBe(1)
})
