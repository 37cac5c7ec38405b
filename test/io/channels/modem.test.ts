import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { asId } from '../../../src/core/ids.ts'
import { modem } from '../../../src/io/channels/modem.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { removeFolder } from '../../support/folders.ts'
import { installed } from '../../support/installed.ts'

const clock = systemClock(() => {})
const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
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
const OTHER = { ...NUMBER, address: '+447700900456' }
function send(
  { outbox, sent, error }: ReturnType<typeof spool>,
  within = 30_000,
  device = NUMBER,
  id = 'a-text',
) {
  const attempt = anEmergency(device, { id: asId(id) })
  const bell = doorbell(attempt, 'place', 'WARD 7B')
  return modem({ outbox, sent, error, penceEach: 0 }, clock).send(
    attempt,
    device,
    bell,
    AbortSignal.timeout(within),
  )
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

  test('three numbers in a row that nothing goes to are the card; one that is reached clears them', async () => {
    const folders = spool()
    let credit = 0
    const beat = setInterval(() => {
      for (const name of readdirSync(folders.outbox).filter((one) => one.startsWith('OUT')))
        renameSync(join(folders.outbox, name), join(credit-- > 0 ? folders.sent : folders.error, name))
    }, 5)
    cleanUp.push(() => clearInterval(beat))
    const spent: string[] = []
    const channel = modem({ ...folders, penceEach: 4 }, clock, undefined, () => spent.push('a text'))
    let sent = 0
    const to = async (last: number) => {
      const device = { ...NUMBER, address: `+44770090012${last}` }
      const attempt = anEmergency(device, { id: asId(`text-${sent++}`) })
      const said = await channel.send(
        attempt,
        device,
        doorbell(attempt, 'opaque', ''),
        AbortSignal.timeout(30_000),
      )
      return 'fault' in said ? said.fault : said.kind
    }
    expect([await to(1), await to(1), await to(2)]).toEqual(Array(3).fill('text-not-sent'))
    expect(await to(3)).toBe('modem-sends-nothing')
    credit = 1
    expect([await to(3), spent]).toEqual(['taken', ['a text']])
    expect([await to(4), spent]).toEqual(['text-not-sent', ['a text']])
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

  test('spools that go wrong: a file where a folder was, a folder nobody may write, one that goes while a text waits', async () => {
    const unwritable = { kind: 'later', fault: 'text-spool-unwritable' } as const
    const file = spool()
    removeFolder(file.outbox)
    writeFileSync(file.outbox, '')
    expect(await send(file)).toEqual(unwritable)
    const link = spool()
    removeFolder(link.outbox)
    symlinkSync(join(link.root, 'outbox'), link.outbox)
    expect(await send(link)).toEqual(unwritable)
    const going = spool()
    const waiting = send(going, 600)
    await expect.poll(() => readdirSync(going.outbox).join()).toContain('OUTA')
    removeFolder(going.outbox)
    expect(await waiting).toEqual(unwritable)
  })

  test('a reference of a gateway is no number for a modem', async () => {
    const device = { ...NUMBER, address: 'staff-4711' }
    expect(await send(spool(), 300, device)).toEqual({ kind: 'dead', fault: 'push-address-bad' })
  })

  const real = (folders: ReturnType<typeof spool>) => {
    const config = join(folders.root, 'smsdrc')
    const lines = [
      ...['[gammu]', 'model = dummy', 'connection = none', `device = ${join(folders.root, 'phone')}`],
      ...['[smsd]', 'service = files', 'CheckSecurity = 0', 'CommTimeout = 1', 'LoopSleep = 1'],
      ...[`inboxpath = ${folders.root}/inbox/`, `outboxpath = ${folders.outbox}/`],
      ...[`sentsmspath = ${folders.sent}/`, `errorsmspath = ${folders.error}/`],
      `logfile = ${folders.root}/log`,
    ]
    writeFileSync(config, `${lines.join('\n')}\n`)
    const child = spawn('gammu-smsd', ['-c', config], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    const end = async () => {
      child.kill('SIGKILL')
      await ended
    }
    cleanUp.push(end)
    return end
  }

  test.skipIf(!installed('gammu-smsd'))('the real gammu-smsd, with its own dummy telephone', async () => {
    const folders = spool()
    real(folders)
    expect(await send(folders, 20_000)).toEqual({ kind: 'taken' })
    expect(readdirSync(folders.sent).join()).toContain('447700900123')
  })

  test.skipIf(!installed('gammu-smsd'))(
    'the real gammu-smsd killed: the text is drawn back, and only the next one goes out when it runs again',
    async () => {
      const folders = spool()
      const kill = real(folders)
      expect(await send(folders, 20_000)).toEqual({ kind: 'taken' })
      await kill()
      expect(await send(folders, 300, OTHER, 'unsent')).toEqual({ kind: 'later', fault: 'modem-silent' })
      expect(readdirSync(folders.outbox)).toEqual([])
      real(folders)
      expect(await send(folders, 20_000, OTHER, 'again')).toEqual({ kind: 'taken' })
      expect(readdirSync(folders.sent).filter((name) => name.includes('900456'))).toHaveLength(1)
    },
  )

  test.skipIf(!installed('gammu-smsd'))(
    'what the real gammu-smsd takes from its telephone is heeded, and then gone',
    async () => {
      const folders = spool()
      const heard: string[] = []
      const inbox = join(folders.root, 'inbox')
      const channel = modem({ ...folders, inbox, penceEach: 0 }, clock, async (number, text) => {
        heard.push(`${number} ${text}`)
        return true
      })
      cleanUp.push(() => channel.close())
      // As its telephone keeps a text that came: "1", in UCS-2.
      mkdirSync(join(folders.root, 'phone', 'sms', '1'), { recursive: true })
      writeFileSync(
        join(folders.root, 'phone', 'sms', '1', '1'),
        '[SMSBackup000]\nSMSC = "+447785016005"\nClass = -1\nReceived = 20261130T073000\nNumber = "+447700900123"\n' +
          'Text00 = 0031\nCoding = Default_No_Compression\nFolder = 1\nLength = 1\nState = UnRead\n',
      )
      real(folders)
      await expect.poll(() => heard).toEqual(['+447700900123 1'])
      await expect.poll(() => readdirSync(inbox)).toEqual([])
    },
  )
})
