import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { VoiceInput } from '../../src/core/deliver/voice-call.ts'
import { sipLine } from '../../src/io/channels/sip-line.ts'
import { systemClock } from '../../src/io/clock.ts'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'
import { telephone } from '../support/telephone.ts'

/* Whoever may run programs on the bridge's machine, against the telephone line of a real client. */

const ready = ['baresip', 'sox', 'setpriv'].every(installed)
const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})

const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** TCP ports that a process listens on: /proc/net/tcp, state 0A, by its inodes. */
function portsOf(pid: number): readonly number[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const to = readlinkSync(`/proc/${pid}/fd/${fd}`)
      return /^socket:\[(\d+)\]$/.exec(to)?.[1] ?? []
    }),
  )
  return ['tcp', 'tcp6'].flatMap((table) =>
    read(`/proc/${pid}/net/${table}`)
      .split('\n')
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => row[3] === '0A' && inodes.has(row[9] ?? ''))
      .map((row) => Number.parseInt(row[1]?.split(':')[1] ?? '', 16)),
  )
}

/** The client of our line: a child of this process with a folder of such a name. */
function client(): number {
  const { pid } = process
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').map(Number)
  return children.find((id) => read(`/proc/${id}/cmdline`).includes('bleepd-line-')) ?? 0
}

test.skipIf(!ready)('nobody else on the machine can dial by it, whatever port they find', async () => {
  const theirs = await telephone(cleanUp, ';answermode=manual', ['4421', '6666'])
  const clock = systemClock(() => {})
  const account = { account: 'sip:bridge@127.0.0.1', register: false, address: '127.0.0.1' }
  const line = sipLine({ ...account, program: 'baresip', modules: '/usr/lib/baresip/modules' }, clock)
  cleanUp.push(() => line.close())
  const heard: VoiceInput[] = []
  const to = (number: string) => `sip:${number}@127.0.0.1:${theirs.sip}`
  const still = join(theirs.folder, 'still.wav')
  expect(await line.call(to('4421'), still, (input) => heard.push(input))).toBe(true)
  await theirs.until('rung')

  const ports = portsOf(client())
  for (const port of ports) {
    const command = JSON.stringify({ command: 'dial', params: to('6666'), token: 'x' })
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${command.length}:${command},/dial ${to('6666')}\n`)
      socket.end()
    })
    socket.on('error', () => {})
    socket.resume()
    await once(socket, 'close')
  }
  // What a stranger had given would be done before the next call of ours.
  line.hangUp()
  await expect.poll(() => heard.at(-1)?.kind).toBe('closed')
  let rings = false
  const again = (input: VoiceInput) => {
    rings ||= input.kind === 'rings'
  }
  expect(await line.call(to('4421'), still, again)).toBe(true)
  await expect.poll(() => rings).toBe(true)
  // All that it has printed by now is read before what it prints next.
  theirs.line.tell('dial', 'sip:nobody@127.0.0.1:9')
  await theirs.until('dialling')
  expect(theirs.heard.filter((kind) => kind === 'rung').length).toBe(2)
})

test.skipIf(!ready)('it ends with the daemon, however that ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-orphan-'))
  cleanUp.push(() => removeFolder(folder))
  writeFileSync(
    join(folder, 'config'),
    'module_path /usr/lib/baresip/modules\nmodule stdio.so\nsip_listen 127.0.0.1:0\n',
  )
  writeFileSync(join(folder, 'accounts'), '<sip:a@127.0.0.1>;regint=0\n')
  const source = fileURLToPath(new URL('../../src/io/channels/baresip.ts', import.meta.url))
  const script = `
    import { Baresip } from ${JSON.stringify(source)}
    const clock = { after: (ms, run) => { const t = setTimeout(run, ms); return { cancel: () => clearTimeout(t) } } }
    const one = new Baresip(clock, 'baresip', ${JSON.stringify(folder)}, () => {}, () => {})
    await one.says('ready'); console.log(one.child.pid)`
  const daemon = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [pid] = await once(createInterface({ input: daemon.stdout }), 'line')
  expect(existsSync(`/proc/${pid}`)).toBe(true)
  const gone = once(daemon, 'exit')
  daemon.kill('SIGKILL')
  await gone
  // Reaped by init: until then it stands as a zombie, which runs no more.
  await expect.poll(() => /^\d+ \(baresip\) [^Z]/.test(read(`/proc/${pid}/stat`))).toBe(false)
})
