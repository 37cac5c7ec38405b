import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import puppeteer from 'puppeteer-core'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type Runner, runLine } from '../../hardware/simulators/line-runner.ts'
import { openPty, type Pty } from '../../hardware/simulators/pty.ts'
import { createTransmitter } from '../../hardware/simulators/transmitter.ts'
import { readProfile } from '../../src/config/profile.ts'
import type { Page } from '../../src/core/bleep/bleep.ts'
import { encodeTransmission, type OutgoingPage } from '../../src/core/pocsag/encode.ts'
import { CHROMIUM, FIREFOX } from '../support/browsers.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/*
 * Paging again by radio, through the daemon as a process: a call whose team has no phones goes out once more by the
 * paging system's own link, at once because there is nobody to wait for, and what a tap then hears of it on the air is
 * no new call. The site is the demonstration's, in whose fresh store no phone is enrolled.
 */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-radio-'))
const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  removeFolder(folder)
})

/** Adult arrest in the site's number plan: bleep 2201 is RIC 1310720, and a text goes to function 3. */
const NUMBER = '2201'
const RIC = 1310720
const TEXT = 'CARDIAC ARREST WARD 7B'
const onAir: OutgoingPage = { ric: RIC, function: 3, type: 'alpha', text: TEXT }

function line(): Pty {
  const pty = openPty()
  closers.push(pty.close)
  return pty
}

const KEY = 'switchboard-key-of-this-test'

interface Daemon {
  readonly url: string
  readonly air: Pty
  readonly switchboard: Runner
  readonly rows: (sql: string) => Record<string, unknown>[]
  readonly log: () => string
}

/** A daemon that hears the air and a switchboard, and pages again through `radio`. */
async function bridge(radio: object): Promise<Daemon> {
  const [air, desk] = [line(), line()]
  const port = await ownPort()
  const own = mkdtempSync(join(folder, 'bridge-'))
  const file = join(own, 'bridge.yaml')
  writeFileSync(
    file,
    stringify({
      version: 1,
      site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      feeds: [
        { id: 'air', profile: 'pocsag-packed', port: serial(air), options: { baud: 2400 } },
        { id: 'switchboard', profile: 'espa444-slave', port: serial(desk) },
        { id: 'encoder', ...radio },
      ],
      radio: { feed: 'encoder' },
      http: { port, operators: [{ name: 'op', role: 'switchboard', token: 'env:KEY' }] },
    }),
  )
  const child = spawn(process.execPath, ['src/bleepd.js', 'run', '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, KEY },
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString()
  })
  const exit = new Promise((done) => child.once('exit', done))
  closers.push(() => {
    child.kill('SIGKILL')
    return exit
  })
  await until(() =>
    fetch(`http://localhost:${port}/readyz`).then(
      (r) => r.status,
      () => 0,
    ),
  ).toBe(200)
  const switchboard = runLine('espa444', { role: 'control', poll: ['2'] }, desk)
  closers.push(switchboard.stop)
  return {
    url: `http://localhost:${port}`,
    air,
    switchboard,
    log: () => log,
    rows(sql) {
      const db = new DatabaseSync(join(own, 'bleeps.sqlite'), { readOnly: true })
      try {
        return db.prepare(sql).all()
      } finally {
        db.close()
      }
    },
  }
}

const serial = (pty: Pty): object => ({ kind: 'serial', path: pty.path })
const until = <T>(look: () => T | Promise<T>) => expect.poll(look)

function optionsOf(name: string): Record<string, unknown> {
  const profile = readProfile(name)
  if (!profile.ok) throw new Error(`no profile ${name}`)
  return profile.value.options
}

interface Case {
  readonly by: string
  readonly profile: string
  /** Overrides in the daemon's configuration. */
  readonly options?: object
  /** The paging system at the other end: which protocol it reads with. */
  readonly peer: readonly [protocol: string, options: Record<string, unknown>]
  readonly to: Page['to']
  /** How the call first comes: on the air, by RIC, or from the switchboard, by bleep number. */
  readonly first: 'air' | 'switchboard'
}

const byNumber = { scheme: 'number', number: NUMBER } as const
const byRic = { scheme: 'ric', ric: RIC, fn: 3 } as const

const CASES: readonly Case[] = [
  {
    by: 'ESPA 4.4.4 control',
    profile: 'espa444-control',
    peer: ['espa444', { role: 'slave' }],
    to: byNumber,
    first: 'air',
  },
  {
    by: 'a TAP client',
    profile: 'tap-client',
    peer: ['tap', { role: 'terminal' }],
    to: byNumber,
    first: 'air',
  },
  {
    by: 'a Scope encoder port',
    profile: 'scope',
    peer: ['text', optionsOf('scope')],
    to: byRic,
    first: 'switchboard',
  },
  {
    by: "POCSAG bits to a transmitter's input",
    profile: 'pocsag-transmit',
    options: { baud: 2400 },
    peer: ['pocsag', { baud: 2400 }],
    to: byRic,
    first: 'switchboard',
  },
]

test.each(CASES)('an emergency nobody could be asked about goes out again by $by', async (c) => {
  const encoder = line()
  const received: Page[] = []
  const system = runLine(c.peer[0], c.peer[1], encoder, (page) => received.push(page))
  closers.push(system.stop)
  const radio = {
    profile: c.profile,
    port: serial(encoder),
    line: { flow: 'none' },
    ...(c.options ? { options: c.options } : {}),
  }
  const { air, switchboard, rows, log } = await bridge(radio)
  // A process held up in the middle of a page gives it out as it stands, and better a moment later.
  const reasons = () =>
    rows("select json_extract(doc, '$.reason') as reason from sightings order by stored")
      .map((r) => r.reason)
      .filter((reason) => reason !== 'better-reading')

  if (c.first === 'air') air.write(encodeTransmission([onAir]).bits)
  else expect(await switchboard.send(NUMBER, TEXT)).toBe('taken')
  await until(reasons).toEqual(['first-sighting'])

  await until(() => received.length).toBe(1)
  expect(received[0]).toMatchObject({ to: c.to, type: 'alpha', text: TEXT })
  await until(() => rows("select state from attempts where channel = 'radio'").map((r) => r.state)).toEqual([
    'taken',
  ])

  // The paging system puts it on the air, and its transmitter says everything twice.
  await createTransmitter(air.write, 2400).send([onAir], 2)
  await until(reasons).toEqual(['first-sighting', 'own-re-page', 'transmitter-repeat'])
  expect(rows('select id from bleeps')).toHaveLength(1)
  expect(rows('select id from alerts')).toHaveLength(1)
  expect(log()).not.toContain(TEXT)
})

const BROWSERS = [
  { browser: 'chrome', executablePath: CHROMIUM, args: ['--no-sandbox'] },
  { browser: 'firefox', executablePath: FIREFOX, args: [] },
] as const

describe.each(BROWSERS)('a call from the console in $browser', (launched) => {
  test('goes out by radio at once, and the tap that hears it knows it: one bleep', async (ctx) => {
    if (!existsSync(launched.executablePath)) return ctx.skip(`needs ${launched.browser}`)
    const encoder = line()
    const received: Page[] = []
    const system = runLine('tap', { role: 'terminal' }, encoder, (page) => received.push(page))
    closers.push(system.stop)
    const radio = { profile: 'tap-client', port: serial(encoder), line: { flow: 'none' } }
    const { url, air, rows, log } = await bridge(radio)
    const text = 'ADULT CARDIAC ARREST WARD 7B BED 3'
    const browser = await puppeteer.launch({ ...launched, args: [...launched.args], headless: true })
    closers.push(() => browser.close())
    const page = await browser.newPage()
    await page.goto(`${url}/console/#sign-in=op&key=${KEY}`)
    await page.waitForSelector('nav ::-p-text(Start a call)')
    await page.keyboard.press('n')
    await page.waitForSelector('[data-kind-key="1"] ::-p-text(arrest)')
    await page.keyboard.press('1')
    await page.waitForFunction(`document.activeElement?.id === 'start-place'`)
    await page.keyboard.type('Ward 7B bed 3')
    await page.waitForFunction(
      `document.querySelector('.read-back strong')?.textContent.includes('Ward 7B bed 3')`,
    )
    await page.keyboard.press('Enter')
    await until(() => received.length).toBe(1)
    expect(received[0]).toMatchObject({ to: byNumber, type: 'alpha', text })
    await createTransmitter(air.write, 2400).send([{ ...onAir, text }], 2)
    const heard = () =>
      rows("select json_extract(doc, '$.reason') as reason from sightings order by stored")
        .map((r) => r.reason)
        .filter((reason) => reason !== 'better-reading')
    await until(heard).toEqual(['own-re-page', 'transmitter-repeat'])
    expect(rows('select id from bleeps')).toHaveLength(1)
    expect(rows('select id from alerts')).toHaveLength(1)
    // Nor does the board show a second: one call, and its page says that the pagers have it.
    await page.waitForFunction(`location.hash.startsWith('#/alert/')`)
    await page.evaluate(`(() => { location.hash = '#/' })()`)
    await page.waitForSelector('.calls .call')
    expect(await page.evaluate(`document.querySelectorAll('.calls .call').length`)).toBe(1)
    expect(log()).not.toContain(text)
  })
})
