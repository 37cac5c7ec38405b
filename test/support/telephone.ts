import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as real } from 'node:timers/promises'
import { Baresip } from '../../src/io/channels/baresip.ts'
import { systemClock } from '../../src/io/clock.ts'
import { removeFolder } from './folders.ts'
import { ownPort } from './ports.ts'

/** A telephone that is picked up by itself, and records what it hears; a real one, in software. */
export async function telephone(
  cleanUp: (() => unknown)[],
  more = ';answermode=auto',
  numbers: readonly string[] = ['4421'],
) {
  const folder = mkdtempSync(join(tmpdir(), 'voice-'))
  cleanUp.push(() => removeFolder(folder))
  const still = join(folder, 'still.wav')
  execFileSync('sox', ['-n', '-r', '8000', '-c', '1', '-b', '16', still, 'trim', '0', '60'])
  mkdirSync(join(folder, 'heard'))
  // SIP takes the next port as well, for TLS.
  let sip = await ownPort()
  for (let tls = await ownPort(); tls !== sip + 1; tls = await ownPort()) sip = tls
  writeFileSync(
    join(folder, 'config'),
    `poll_method epoll\nsip_listen 127.0.0.1:${sip}\ncall_max_calls 30\naudio_path /nowhere\naudio_player nothing\naudio_source aufile,${still}\naudio_alert nothing\nsnd_path ${folder}/heard\nmodule_path /usr/lib/baresip/modules\nmodule g711.so\nmodule aufile.so\nmodule sndfile.so\nmodule_app account.so\nmodule_app menu.so\nmodule stdio.so\n`,
  )
  const accounts = numbers.map((number) => `<sip:${number}@127.0.0.1:${sip}>;regint=0${more}\n`)
  writeFileSync(join(folder, 'accounts'), accounts.join(''))
  const heard: string[] = []
  const line = new Baresip(
    systemClock(() => {}),
    'baresip',
    folder,
    ({ kind }) => heard.push(kind),
    () => {},
  )
  cleanUp.push(async () => {
    const gone = once(line.child, 'exit')
    if (line.child.exitCode === null && line.child.signalCode === null) {
      line.close()
      await gone
    }
  })
  await line.says('ready')
  const until = async (kind: string) => {
    while (!heard.includes(kind)) await real(20)
  }
  return { sip, line, until, heard, folder }
}
