import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPty } from '../../hardware/simulators/pty.ts'
import { removeFolder } from '../support/folders.ts'
import { LiveLine } from '../support/live-line.ts'
import { findProgram, runProgram } from '../support/program.ts'

/** The program itself: Debian's /usr/sbin/pagesend is a wrapper that mounts over the system's own spool. */
const pagesend = findProgram('/usr/lib/hylafax/bin/pagesend')

/** pagesend's exit code when every page was taken. */
const SEND_DONE = 2

/** A spool with one job: these pagers, one message. Delays of real modems are taken out. */
function makeSpool(device: string, pagers: readonly string[], message: string): string {
  const spool = mkdtempSync(join(tmpdir(), 'bleep-spool-'))
  for (const folder of ['etc', 'sendq', 'docq', 'log', 'info', 'status', 'tmp'])
    mkdirSync(join(spool, folder))
  writeFileSync(
    join(spool, `etc/config.${device}`),
    [
      'ModemType: Class2.0',
      'ModemRate: 9600',
      'ModemFlowControl: none',
      'ModemDialCmd: ATDT%s',
      'ModemClassQueryCmd: "!(0,2.0)"',
      'ModemMfrQueryCmd: "!STUB"',
      'ModemModelQueryCmd: "!STUB"',
      'ModemRevQueryCmd: "!1"',
      'ModemDTRDropDelay: 0',
      'ModemResetDelay: 0',
      'ModemSoftResetCmdDelay: 0',
      'PagerTTYParity: none',
      '',
    ].join('\n'),
  )
  writeFileSync(join(spool, 'docq/doc1'), message)
  writeFileSync(
    join(spool, 'sendq/q1'),
    [
      'jobid:1',
      'groupid:1',
      'jobtype:pager',
      'state:6',
      'tts:0',
      `killtime:${Math.floor(Date.now() / 1000) + 3600}`,
      'maxdials:1',
      'maxtries:1',
      'number:5551212',
      'external:5551212',
      'sender:test',
      'mailaddr:root',
      'owner:root',
      'client:localhost',
      `modem:${device}`,
      ...pagers.map((pager) => `page:0::${pager}`),
      'data:0::docq/doc1',
      '',
    ].join('\n'),
  )
  return spool
}

test('HylaFAX pagesend logs on, sends its pages and calls them done', async (ctx) => {
  if (pagesend === undefined) return ctx.skip('needs hylafax-server')
  if (process.getuid?.() !== 0) return ctx.skip('pagesend runs as root only')
  const port = openPty()
  const device = port.path.replace('/dev/', '').replaceAll('/', '_')
  const spool = makeSpool(device, ['1234', '0028'], 'CARDIAC ARREST WARD 7B ext 5678')
  let command = ''
  let line: LiveLine | undefined
  port.onBytes((bytes) => {
    const text = Buffer.from(bytes).toString('latin1')
    if (line !== undefined && !text.startsWith('AT')) return line.hear(bytes)
    command += text
    if (!command.endsWith('\r')) return
    const dialled = command.startsWith('ATDT')
    command = ''
    port.write(Buffer.from(dialled ? '\r\nCONNECT 9600\r\n' : '\r\nOK\r\n'))
    if (dialled) line = new LiveLine('tap', (reply) => port.write(reply))
  })
  try {
    execFileSync('chown', ['-R', 'uucp:uucp', spool, port.path])
    const outcome = await runProgram(pagesend, ['-l', '-m', device, 'sendq/q1'], { cwd: spool })
    expect(
      line?.pages.map((p) => [p.to, p.text]),
      line?.transcript.join('\n'),
    ).toEqual([
      [{ scheme: 'number', number: '1234' }, 'CARDIAC ARREST WARD 7B ext 5678'],
      [{ scheme: 'number', number: '0028' }, 'CARDIAC ARREST WARD 7B ext 5678'],
    ])
    expect(outcome.code, line?.transcript.join('\n')).toBe(SEND_DONE)
  } finally {
    line?.close()
    port.close()
    removeFolder(spool)
  }
})
