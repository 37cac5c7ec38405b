import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { selfSigned } from '../../hardware/simulators/certificate.ts'
import { openPty } from '../../hardware/simulators/pty.ts'
import { encodeTransmission } from '../../src/core/pocsag/encode.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/* The real daemon with a mail server that insists on TLS and a web hook of estates: a line that fails and comes back. */
const folder = mkdtempSync(join(tmpdir(), 'post-'))
const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends.reverse()) await end()
  removeFolder(folder)
})

const SECRET = 'a secret of the site, long enough'
const WORDS = 'SECURITY TO ED ROOM 5'
const RIC = 1310816
const until = (look: () => unknown) => expect.poll(look)

async function mailServer() {
  const { key, cert } = selfSigned()
  const got: { readonly to: string; readonly secure: boolean; readonly text: string }[] = []
  const smtp = new SMTPServer({
    ...{ key, cert, authOptional: true, logger: false },
    onData(stream, { secure, envelope }, done) {
      let text = ''
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      stream.on('end', () => {
        // Lines of a letter are broken where they grow too long.
        const whole = text.replace(/=\r\n/g, '')
        got.push({ to: envelope.rcptTo.map(({ address }) => address).join(), secure, text: whole })
        done()
      })
    },
  })
  smtp.on('error', () => {})
  await new Promise<void>((ready) => smtp.listen(0, '127.0.0.1', ready))
  ends.push(() => new Promise<void>((closed) => smtp.close(closed)))
  writeFileSync(join(folder, 'mail-ca.pem'), cert)
  return { got, port: (smtp.server.address() as AddressInfo).port }
}

async function hookServer() {
  const got: { readonly signature: string; readonly body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    got.push({ signature: String(request.headers['bleep-signature']), body })
    response.end()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  ends.push(() => server.close())
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/estates` }
}

test('estates are told by mail and by their hook that a line fails, and by the hook that it is back; no word of a page', async () => {
  const [mail, hook] = [await mailServer(), await hookServer()]
  const line = openPty()
  ends.push(line.close)
  const file = join(folder, 'bridge.yaml')
  const port = join(folder, 'port')
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      feeds: [
        {
          ...{ id: 'air', profile: 'pocsag-packed', port: { kind: 'serial', path: port } },
          options: { baud: 2400 },
        },
      ],
      http: { port: await ownPort() },
      mail: {
        ...{ host: 'localhost', port: mail.port, ca: 'mail-ca.pem', from: 'bleepd@example.nhs.uk' },
        ...{ faults: ['estates@example.nhs.uk'], least: 'alarm', digestMs: 1000, afterMs: 0 },
      },
      hooks: [
        {
          name: 'estates',
          url: hook.url,
          secret: 'env:HOOK_KEY',
          shape: 'slack',
          least: 'alarm',
          afterMs: 0,
        },
      ],
    }),
  )
  const daemon = spawn(process.execPath, ['src/bleepd.js', 'run', '--config', file], {
    stdio: 'ignore',
    env: { ...process.env, HOOK_KEY: SECRET },
  })
  const ended = once(daemon, 'exit')
  ends.push(async () => {
    daemon.kill('SIGTERM')
    await ended
  })

  const said = () => hook.got.map(({ body }) => String(JSON.parse(body).text))
  await until(() => said().some((text) => text.includes('(air)'))).toBe(true)
  await until(() => mail.got.some(({ text }) => text.includes('(air, '))).toBe(true)

  symlinkSync(line.path, port)
  await until(() => said().some((text) => text.includes(': over: ') && text.includes('(air)'))).toBe(true)
  line.write(encodeTransmission([{ ric: RIC, function: 3, type: 'alpha', text: WORDS }]).bits)
  await until(() => mail.got.some(({ text }) => /Mended:[\s\S]*\(air\)/.test(text))).toBe(true)

  for (const { signature, body } of hook.got) {
    const seconds = /^t=(\d+),/.exec(signature)?.[1]
    const mac = createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')
    expect(signature).toBe(`t=${seconds},v1=${mac}`)
  }
  expect(mail.got.every(({ to, secure }) => secure && to === 'estates@example.nhs.uk')).toBe(true)
  expect([...said(), ...mail.got.map(({ text }) => text)].join()).not.toMatch(/SECURITY TO|ROOM 5/)
})
