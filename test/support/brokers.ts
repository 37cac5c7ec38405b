import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import { removeFolder } from './folders.ts'

export interface TestBroker {
  readonly port: number
  close(): Promise<void>
}

const present = (program: string): boolean => !spawnSync(program, ['-h']).error
export const hasMosquitto = (): boolean => present('mosquitto') && present('mosquitto_sub')
export const NEEDS_MOSQUITTO = 'needs mosquitto and mosquitto-clients'

/** Debian's own client: gives `topic payload` lines and ends after `count` of them, or after so many seconds. */
export function mosquittoSub(
  port: number,
  count: number,
  filter: string,
  more: { readonly and?: string; readonly within?: number } = {},
): Promise<string[]> {
  const topics = [filter, ...(more.and === undefined ? [] : [more.and])].flatMap((topic) => ['-t', topic])
  const ends = ['-W', `${more.within ?? 10}`, '-C', `${count}`]
  const args = ['-h', '127.0.0.1', '-p', `${port}`, '-V', '5', '-v', ...ends, ...topics]
  const child = spawn('mosquitto_sub', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  return new Promise((resolve) => child.on('close', () => resolve(text.trimEnd().split('\n'))))
}

/** Debian's broker: speaks MQTT 5. @param rights who may come in, and what each user may read and write; absent: anybody, everything */
export async function mosquitto(rights?: {
  readonly acl: string
  /** Passwords by user. */
  readonly users: Readonly<Record<string, string>>
}): Promise<TestBroker> {
  const probe = createServer()
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
  const { port } = probe.address() as AddressInfo
  await new Promise((done) => probe.close(done))
  const folder = mkdtempSync(join(tmpdir(), 'broker-'))
  const file = join(folder, 'mosquitto.conf')
  const own = (name: string) => join(folder, name)
  const lines = [`listener ${port} 127.0.0.1`, `allow_anonymous ${rights === undefined}`]
  if (rights !== undefined) {
    writeFileSync(own('acl'), rights.acl, { mode: 0o600 })
    writeFileSync(own('users'), '', { mode: 0o600 })
    for (const [user, password] of Object.entries(rights.users))
      spawnSync('mosquitto_passwd', ['-b', own('users'), user, password])
    lines.push(`acl_file ${own('acl')}`, `password_file ${own('users')}`, `user ${userInfo().username}`)
  }
  writeFileSync(file, `${lines.join('\n')}\n`)
  const child: ChildProcess = spawn('mosquitto', ['-c', file], { stdio: 'ignore' })
  while (!(await answers(port))) await new Promise((turn) => setTimeout(turn, 20))
  return {
    port,
    async close() {
      const gone = new Promise((done) => child.once('exit', done))
      child.kill('SIGKILL')
      await gone
      removeFolder(folder)
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = connect(port, '127.0.0.1', () => {
      probe.destroy()
      done(true)
    })
    probe.on('error', () => done(false))
  })
}

/** A broker inside the process that knows MQTT 3.1.1 only. */
export async function aedes(): Promise<TestBroker> {
  const broker = await Aedes.createBroker()
  const server = createServer(broker.handle)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        broker.close(() => server.close(() => done()))
      }),
  }
}
