import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VoiceInput } from '../../core/deliver/voice-call.ts'
import type { Clock } from '../../ports/clock.ts'
import { Baresip, type SipEvent } from './baresip.ts'

/** A telephone line of ours: one call at a time. */
export interface Line {
  /** Begins a call that says this once it is picked up. False: there is no client to make it. */
  call(uri: string, sound: string, heard: (input: VoiceInput) => void): Promise<boolean>
  /** Says this from its beginning, in the call there is. */
  say(sound: string): void
  hangUp(): void
  close(): void
}

export interface SipAccount {
  readonly account: string
  readonly password?: string | undefined
  readonly register: boolean
  readonly parameters?: string | undefined
  readonly address?: string | undefined
  readonly program: string
  readonly modules: string
}

/** How often a client that was started is asked whether it listens, and for how long in all: 1 s. */
const LOOKS = 50
const LOOK = 20

/**
 * A baresip of its own for each line: it holds one call, so that to play a recording again, or to hang up, can only mean
 * that one, and a client that ends takes no other call with it.
 */
export function sipLine(settings: SipAccount, clock: Pick<Clock, 'after'>): Line {
  let heard: ((input: VoiceInput) => void) | undefined
  let client: { readonly control: Baresip; readonly child: ChildProcess; readonly folder: string } | undefined
  let starting: Promise<boolean> | undefined
  let closed = false

  const tell = (input: VoiceInput) => heard?.(input)

  function event({ type, direction, param = '' }: SipEvent): void {
    // Whoever rings this line back finds it engaged; nothing of their call is taken for ours.
    if (direction === 'incoming') {
      if (type === 'CALL_INCOMING' && heard === undefined) void client?.control.run([['hangup']])
      return
    }
    if (type === 'CALL_RINGING' || type === 'CALL_PROGRESS') tell({ kind: 'rings' })
    if (type === 'CALL_ESTABLISHED') tell({ kind: 'picked-up' })
    if (type === 'CALL_DTMF_START') tell({ kind: 'key', key: param })
    if (type !== 'CALL_CLOSED') return
    tell({ kind: 'closed', said: param })
    heard = undefined
  }

  function end(): void {
    if (client === undefined) return
    const { control, child, folder } = client
    client = undefined
    control.close()
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
    tell({ kind: 'lost' })
  }

  async function start(): Promise<boolean> {
    const port = await freePort()
    const folder = mkdtempSync(join(tmpdir(), 'bleepd-line-'))
    writeFileSync(join(folder, 'config'), configOf(settings, port), { mode: 0o600 })
    writeFileSync(join(folder, 'accounts'), accountOf(settings), { mode: 0o600 })
    const child = spawn(settings.program, ['-f', folder], { stdio: 'ignore' })
    const control = new Baresip(clock, port, event, end)
    client = { control, child, folder }
    child.once('error', end)
    child.once('exit', end)
    for (let look = 0; look < LOOKS && client !== undefined && !closed; look++) {
      if (await control.run([])) return true
      await new Promise<void>((done) => clock.after(LOOK, done))
    }
    end()
    return false
  }

  return {
    async call(uri, sound, hear) {
      heard = undefined
      if (client === undefined || starting !== undefined) {
        starting ??= start().finally(() => {
          starting = undefined
        })
        if (!(await starting)) return false
      }
      heard = hear
      const begun = await client?.control.run([
        ['ausrc', `aufile,${sound}`],
        ['dial', uri],
      ])
      // A client that cannot dial may hold somebody who rings us: begun anew, it is free.
      if (begun !== true) end()
      return begun === true
    },
    say: (sound) => void client?.control.run([['ausrc', `aufile,${sound}`]]),
    hangUp: () => void client?.control.run([['hangup']]),
    close() {
      closed = true
      heard = undefined
      end()
    },
  }
}

function configOf({ address, modules }: SipAccount, port: number): string {
  return [
    'poll_method epoll',
    ...(address === undefined ? [] : [`sip_listen ${address}:0`]),
    'call_max_calls 1',
    'audio_path /nowhere',
    'audio_player nothing',
    'audio_source aufile,/nowhere',
    'audio_alert nothing',
    `module_path ${modules}`,
    ...['g711.so', 'aufile.so'].map((name) => `module ${name}`),
    ...['account.so', 'menu.so'].map((name) => `module_app ${name}`),
    'module ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${port}`,
    '',
  ].join('\n')
}

function accountOf({ account, password, register, parameters }: SipAccount): string {
  const more = [
    ...(password === undefined ? [] : [`auth_pass=${password}`]),
    register ? 'regint=300' : 'regint=0',
    ...(parameters === undefined ? [] : [parameters]),
  ]
  return `<${account}>;${more.join(';')}\n`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const at = server.address()
  await new Promise((done) => server.close(done))
  return typeof at === 'object' && at !== null ? at.port : 0
}
