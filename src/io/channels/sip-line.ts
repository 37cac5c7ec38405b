import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

/**
 * A baresip of its own for each line: it holds one call, so that to play a recording again, or to hang up, can only mean
 * that one, and a client that ends takes no other call with it.
 */
export function sipLine(settings: SipAccount, clock: Pick<Clock, 'after'>): Line {
  let heard: ((input: VoiceInput) => void) | undefined
  let client: { readonly control: Baresip; readonly folder: string } | undefined
  /** Whom the call of ours goes to. */
  let called = ''
  let starting: Promise<boolean> | undefined

  const tell = (input: VoiceInput) => heard?.(input)
  const closed = (said: string): void => {
    tell({ kind: 'closed', said })
    heard = undefined
  }

  function event(event: SipEvent): void {
    // Whoever rings this line back finds it engaged; nothing of their call is taken for ours.
    if (event.kind === 'rung' && heard === undefined) client?.control.tell('hangup')
    if ('peer' in event && event.peer !== called) return
    if (event.kind === 'rings' || event.kind === 'picked-up') tell({ kind: event.kind })
    if (event.kind === 'key') tell({ kind: 'key', key: event.key })
    if (event.kind === 'closed') closed(event.said)
    if (event.kind === 'hung-up') closed('')
  }

  function end(): void {
    if (client === undefined) return
    const { control, folder } = client
    client = undefined
    control.close()
    rmSync(folder, { recursive: true, force: true })
    tell({ kind: 'lost' })
  }

  async function start(): Promise<boolean> {
    const folder = mkdtempSync(join(tmpdir(), 'bleepd-line-'))
    writeFileSync(join(folder, 'config'), configOf(settings), { mode: 0o600 })
    writeFileSync(join(folder, 'accounts'), accountOf(settings), { mode: 0o600 })
    const control = new Baresip(clock, settings.program, folder, event, end)
    client = { control, folder }
    const ready = await control.says('ready')
    if (!ready) end()
    return ready
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
      called = uri
      client?.control.tell('ausrc', `aufile,${sound}`)
      const begun = client?.control.says('dialling')
      client?.control.tell('dial', uri)
      // A client that cannot dial may hold somebody who rings us: begun anew, it is free.
      const dialling = (await begun) === true
      if (!dialling) end()
      return dialling
    },
    say: (sound) => client?.control.tell('ausrc', `aufile,${sound}`),
    hangUp: () => client?.control.tell('hangup'),
    close() {
      heard = undefined
      end()
    },
  }
}

function configOf({ address, modules }: SipAccount): string {
  return [
    'poll_method epoll',
    ...(address === undefined ? [] : [`sip_listen ${address}:0`]),
    'call_max_calls 1',
    'audio_path /nowhere',
    'audio_player nothing',
    'audio_source aufile,/nowhere',
    'audio_alert nothing',
    `module_path ${modules}`,
    ...['stdio.so', 'g711.so', 'aufile.so'].map((name) => `module ${name}`),
    ...['account.so', 'menu.so'].map((name) => `module_app ${name}`),
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
