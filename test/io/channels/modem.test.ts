import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { modem } from '../../../src/io/channels/modem.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { removeFolder } from '../../support/folders.ts'
import { installed } from '../../support/installed.ts'

const clock = systemClock(() => {})
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const one of cleanUp.splice(0)) one()
})

function spool() {
  const root = mkdtempSync(join(tmpdir(), 'spool-'))
  cleanUp.push(() => removeFolder(root))
  const folders = { outbox: join(root, 'outbox'), sent: join(root, 'sent'), error: join(root, 'error') }
  for (const folder of [...Object.values(folders), join(root, 'inbox'), join(root, 'phone')])
    mkdirSync(folder)
  return { root, ...folders }
}

const NUMBER = { ...aPhone('number', 'modem'), address: '+447700900123' }
function send({ outbox, sent, error }: ReturnType<typeof spool>, within = 4000, device = NUMBER) {
  const attempt = anEmergency(device)
  const bell = doorbell(attempt, 'place', 'WARD 7B')
  return modem({ outbox, sent, error }, clock).send(attempt, device, bell, AbortSignal.timeout(within))
}

/** Moves what comes into the outbox, as gammu-smsd does. */
function daemon(from: string, to: string): void {
  const beat = setInterval(() => {
    for (const name of readdirSync(from))
      if (name.startsWith('OUT')) renameSync(join(from, name), join(to, name))
  }, 5)
  cleanUp.push(() => clearInterval(beat))
}

describe('texts by the spool of gammu-smsd', () => {
  test('a text that was sent is taken, and holds the class, the place and where to look', async () => {
    const folders = spool()
    daemon(folders.outbox, folders.sent)
    expect(await send(folders)).toEqual({ kind: 'taken' })
    const [name = ''] = readdirSync(folders.sent)
    expect(name).toMatch(/^OUTA_00447700900123_[A-Za-z0-9-]+\.txtd$/)
    expect(readFileSync(join(folders.sent, name), 'utf8')).toBe('Emergency call, WARD 7B. Open Bleep Bridge.')
  })

  test('a SIM without credit, or a number that is none: the daemon’s error is ours, and nothing is sent again', async () => {
    const folders = spool()
    daemon(folders.outbox, folders.error)
    expect(await send(folders)).toEqual({ kind: 'refused', fault: 'text-not-sent' })
  })

  test('a modem that is unplugged: the text is drawn back, and none lies about to go out later', async () => {
    const folders = spool()
    expect(await send(folders, 300)).toEqual({ kind: 'later', fault: 'modem-silent' })
    expect(readdirSync(folders.outbox)).toEqual([])
  })

  test('a spool that is not there', async () => {
    const folders = spool()
    removeFolder(folders.outbox)
    expect(await send(folders)).toEqual({ kind: 'later', fault: 'text-spool-unwritable' })
  })

  test('a reference of a gateway is no number for a modem', async () => {
    const device = { ...NUMBER, address: 'staff-4711' }
    expect(await send(spool(), 300, device)).toEqual({ kind: 'dead', fault: 'push-address-bad' })
  })

  test.skipIf(!installed('gammu-smsd'))('the real gammu-smsd, with its own dummy telephone', async () => {
    const folders = spool()
    const config = join(folders.root, 'smsdrc')
    writeFileSync(
      config,
      `[gammu]\nmodel = dummy\nconnection = none\ndevice = ${join(folders.root, 'phone')}\n[smsd]\nservice = files\nCheckSecurity = 0\nCommTimeout = 1\nLoopSleep = 1\ninboxpath = ${folders.root}/inbox/\noutboxpath = ${folders.outbox}/\nsentsmspath = ${folders.sent}/\nerrorsmspath = ${folders.error}/\nlogfile = ${folders.root}/log\n`,
    )
    const child = spawn('gammu-smsd', ['-c', config], { stdio: 'ignore' })
    cleanUp.push(() => child.kill('SIGKILL'))
    expect(await send(folders, 20_000)).toEqual({ kind: 'taken' })
    expect(readdirSync(folders.sent).join()).toContain('447700900123')
  })
})
