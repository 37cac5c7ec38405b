import { writeFileSync } from 'node:fs'
import https from 'node:https'
import { dirname, join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { pageBySnpp } from '../../hardware/packaging/snpp-page.ts'
import { selfSigned } from '../../hardware/simulators/certificate.ts'
import { healthView } from '../../src/core/desk/views.ts'
import { ownPort } from '../support/ports.ts'
import { runDaemon } from '../support/real-daemon.ts'
import { type SiteFolder, siteFolder } from '../support/site-folder.ts'

/* The real daemon and the certificate of its door: bad at the start, mended, renewed and spoilt while it runs. */
let site: SiteFolder
const closers: (() => unknown)[] = []
beforeEach(() => {
  site = siteFolder()
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  site.remove()
})

const until = <T>(look: () => T | Promise<T>) => expect.poll(look)

/** What a client is shown, which is new with each connection, and what it is answered; nothing where nobody answers. */
function ask(port: number): Promise<{ serial: string; reasons: readonly string[] } | undefined> {
  return new Promise((done) => {
    const request = https.get(
      { port, path: '/readyz', rejectUnauthorized: false, agent: false },
      (answer) => {
        const serial = (answer.socket as TLSSocket).getPeerCertificate().serialNumber
        let text = ''
        answer.on('data', (data) => (text += data))
        answer.on('end', () =>
          done({ serial, reasons: healthView.parse(JSON.parse(text)).reasons.map(({ code }) => code) }),
        )
      },
    )
    request.on('error', () => done(undefined))
  })
}

const page = (port: number) => pageBySnpp(port, '1113', 'RING 4421')

test('with a bad pair the lines run and the door stays shut, told; a reload takes a good one, and a newer one', async () => {
  const [port, line] = [await ownPort(), await ownPort()]
  const at = (name: string) => join(dirname(site.config), name)
  const [first, second] = [selfSigned(['localhost']), selfSigned(['localhost'])]
  const lay = (cert: string, key: string) => {
    writeFileSync(at('door.pem'), cert)
    writeFileSync(at('door.key'), key, { mode: 0o600 })
  }
  lay(first.cert, second.key)
  writeFileSync(
    site.config,
    stringify({
      ...{ version: 1, site: { id: 'small', folder: 'site' } },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: line } }],
      http: { port, tls: { cert: 'door.pem', key: 'file:door.key' } },
    }),
  )
  const { child, log } = runDaemon(site.config, closers)

  await until(() => page(line)).toBe('250')
  await until(log).toContain('"event":"door-shut"')
  expect(await ask(port)).toBeUndefined()
  expect(log()).toContain('the key belongs to another certificate')

  lay(first.cert, first.key)
  child.kill('SIGHUP')
  await until(async () => (await ask(port))?.reasons.includes('certificate-bad')).toBe(false)
  const before = (await ask(port))?.serial

  lay(second.cert, second.key)
  child.kill('SIGHUP')
  await until(async () => (await ask(port))?.serial).not.toBe(before)
  const renewed = (await ask(port))?.serial

  // Spoilt again: what was shown is shown on, and the fault stands.
  lay(second.cert, first.key)
  child.kill('SIGHUP')
  await until(async () => (await ask(port))?.reasons).toContain('certificate-bad')
  expect((await ask(port))?.serial).toBe(renewed)
  expect(await page(line)).toBe('250')
})

test('a reload says which settings wait for a restart, the certificate not among them', async () => {
  const [port, line] = [await ownPort(), await ownPort()]
  const lay = (level: string, node: string, { cert, key } = selfSigned(['localhost'])) => {
    writeFileSync(join(dirname(site.config), 'door.pem'), cert)
    writeFileSync(join(dirname(site.config), 'door.key'), key, { mode: 0o600 })
    const configuration = {
      ...{ version: 1, site: { id: 'small', folder: 'site' }, log: { level }, node },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      feeds: [{ id: 'air', profile: 'snpp', port: { kind: 'tcp-listen', port: line } }],
      http: { port, tls: { cert: 'door.pem', key: 'file:door.key' } },
    }
    writeFileSync(site.config, stringify(configuration))
  }
  lay('info', 'north')
  const { child, log } = runDaemon(site.config, closers)
  const told = (event: string) =>
    log()
      .split('\n')
      .filter((each) => each.includes(`"event":"${event}"`))
  await until(() => told('started')).toHaveLength(1)
  lay('info', 'north')
  child.kill('SIGHUP')
  await until(() => told('reloaded')).toHaveLength(1)
  expect([told('certificate-taken').length, told('restart-needed').length]).toEqual([1, 0])
  lay('warn', 'south')
  child.kill('SIGHUP')
  await until(() => told('restart-needed')).toHaveLength(1)
  expect(JSON.parse(told('restart-needed')[0] ?? '{}')).toMatchObject({
    settings: ['log.level', 'node'],
  })
  // That stands until the settings are as they were at the start, or the daemon is started anew.
  expect((await ask(port))?.reasons).toContain('restart-needed')
  lay('info', 'north')
  child.kill('SIGHUP')
  await until(async () => (await ask(port))?.reasons.includes('restart-needed')).toBe(false)
})
