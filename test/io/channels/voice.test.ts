import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as real } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { Baresip } from '../../../src/io/channels/baresip.ts'
import { voice } from '../../../src/io/channels/voice.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { installed } from '../../support/installed.ts'

const clock = systemClock(() => {})
const ready = ['baresip', 'espeak-ng', 'sox'].every(installed)
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const one of cleanUp.splice(0).reverse()) one()
})

const TELEPHONE: Device = { ...aPhone('desk', 'voice'), address: '4421' }

/** The bridge's own client, and a telephone that is picked up by itself; both are real. */
async function exchange() {
  const root = mkdtempSync(join(tmpdir(), 'voice-'))
  cleanUp.push(() => rmSync(root, { recursive: true, force: true }))
  const said = join(root, 'said.wav')
  execFileSync('espeak-ng', [
    '-v',
    'en-gb',
    '-w',
    join(root, 'raw.wav'),
    'Emergency call. Press one if you are coming.',
  ])
  execFileSync('sox', [join(root, 'raw.wav'), '-r', '8000', '-c', '1', said, 'pad', '0', '20'])
  execFileSync('sox', ['-n', '-r', '8000', '-c', '1', '-b', '16', join(root, 'still.wav'), 'trim', '0', '60'])
  const ours = await client(root, 'bridge', said, '')
  const theirs = await client(root, '4421', join(root, 'still.wav'), ';answermode=auto')
  return { ours, theirs }
}

async function client(root: string, user: string, source: string, more: string) {
  const folder = join(root, user)
  mkdirSync(folder)
  const [sip = 0, control = 0] = await freePorts()
  writeFileSync(
    join(folder, 'config'),
    `poll_method epoll\nsip_listen 127.0.0.1:${sip}\nsip_certificate\ncall_max_calls 20\naudio_path /nowhere\naudio_player aufile,${folder}/heard.wav\naudio_source aufile,${source}\naudio_alert aufile,${folder}/alert.wav\nmodule_path /usr/lib/baresip/modules\nmodule g711.so\nmodule aufile.so\nmodule_app account.so\nmodule_app menu.so\nmodule ctrl_tcp.so\nctrl_tcp_listen 127.0.0.1:${control}\n`,
  )
  const account = `sip:${user}@127.0.0.1:${sip}`
  writeFileSync(join(folder, 'accounts'), `<${account}>;regint=0${more};audio_source=aufile,${source}\n`)
  const child: ChildProcess = spawn('baresip', ['-f', folder], { stdio: 'ignore' })
  cleanUp.push(() => child.kill('SIGKILL'))
  const heard: string[] = []
  const line = new Baresip(
    '127.0.0.1',
    control,
    (event) => heard.push(event.type),
    () => {},
  )
  cleanUp.push(() => line.close())
  while (!(await line.run([]))) await real(50)
  return { account, sip, control, line, heard, child }
}

/** SIP takes the next port as well, for TLS. */
async function freePorts(): Promise<readonly number[]> {
  const found: number[] = []
  for (let i = 0; i < 2; i++) {
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const at = server.address()
    found.push(typeof at === 'object' && at !== null ? at.port : 0)
    await new Promise((done) => server.close(done))
  }
  return found
}

function bridge(control: number, account: string, domain: string, lines = 4) {
  const keys: string[] = []
  const channel = voice(
    { host: '127.0.0.1', port: control, domain, accounts: { emergency: account }, lines },
    clock,
    (attempt, key) => void keys.push(`${attempt.device} ${key}`),
  )
  cleanUp.push(() => void channel.close())
  const send = (device = TELEPHONE, within = 10_000) => {
    const attempt = anEmergency(device)
    return channel.send(attempt, device, doorbell(attempt, 'opaque', undefined), AbortSignal.timeout(within))
  }
  return { keys, send }
}

describe('telephone calls', () => {
  test.skipIf(!ready)(
    'between two real SIP clients: picked up is taken, and key 1 is the answer',
    async () => {
      const { ours, theirs } = await exchange()
      const { keys, send } = bridge(ours.control, ours.account, `127.0.0.1:${theirs.sip}`)
      expect(await send()).toEqual({ kind: 'taken' })
      while (!theirs.heard.includes('CALL_ESTABLISHED')) await real(20)
      await real(300)
      await theirs.line.run([['sndcode', '1']])
      while (keys.length === 0) await real(20)
      expect(keys[0]).toBe('desk 1')
      // The line is free again: the bridge hangs up once it has an answer.
      while (!theirs.heard.includes('CALL_CLOSED')) await real(20)
    },
  )

  test.skipIf(!ready)('nobody at that number, and nobody who listens at all', async () => {
    const { ours, theirs } = await exchange()
    const { send } = bridge(ours.control, ours.account, `127.0.0.1:${theirs.sip}`)
    expect(await send({ ...TELEPHONE, address: '9999' })).toEqual({
      kind: 'refused',
      fault: 'voice-number-wrong',
    })
    theirs.child.kill('SIGKILL')
    await real(100)
    expect((await send(TELEPHONE, 1500)).kind).not.toBe('taken')
  })

  test('without a client the call is tried again, and says why', async () => {
    const [port = 0] = await freePorts()
    const { send } = bridge(port, 'sip:bridge@pbx', 'pbx')
    expect(await send()).toEqual({ kind: 'later', fault: 'voice-client-gone' })
  })

  test('a reference of a gateway is nothing that can be dialled', async () => {
    const { send } = bridge(1, 'sip:bridge@pbx', 'pbx')
    expect(await send({ ...TELEPHONE, address: '1@evil.example' })).toEqual({
      kind: 'dead',
      fault: 'push-address-bad',
    })
  })
})
