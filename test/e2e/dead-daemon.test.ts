import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { CHROMIUM, FIREFOX } from '../support/browsers.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'

/* The real daemon as a process under a real board: killed, and stopped so that its connections stay open. */
const BROWSERS = [
  { name: 'Chromium', browser: 'chrome', executablePath: CHROMIUM, args: ['--no-sandbox'] },
  { name: 'Firefox', browser: 'firefox', executablePath: FIREFOX, args: [] },
] as const

const folder = mkdtempSync(join(tmpdir(), 'bleepd-dead-'))
afterAll(() => removeFolder(folder))

describe.each(BROWSERS)('a daemon that fails under a board in $name', (one) => {
  let browser: Browser
  let page: Page
  let daemon: ChildProcess
  let url: string
  let file: string

  const start = () => {
    daemon = spawn(process.execPath, ['src/bleepd.js', 'run', '--config', file], { stdio: 'ignore' })
  }
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      () => true,
      () => false,
    )

  beforeAll(async () => {
    if (!existsSync(one.executablePath)) return
    browser = await puppeteer.launch({
      ...{ browser: one.browser, executablePath: one.executablePath, args: [...one.args], headless: true },
    })
  })
  afterAll(async () => void (await browser?.close()))
  beforeEach(async (ctx) => {
    if (!existsSync(one.executablePath)) return ctx.skip(`needs ${one.name}`)
    const port = await ownPort()
    const own = mkdtempSync(join(folder, 'site-'))
    file = join(own, 'bridge.yaml')
    url = `http://localhost:${port}`
    writeFileSync(
      file,
      stringify({
        ...{ version: 1, site: { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') }, feeds: [] },
        store: { kind: 'sqlite', path: 'bleeps.sqlite' },
        http: { port, loopback: { operator: 'desk', role: 'switchboard' } },
      }),
    )
    start()
    await expect.poll(isReady).toBe(true)
    page = await browser.newPage()
    await page.setViewport({ width: 1366, height: 768 })
    await page.goto(`${url}/console/`)
    await page.waitForSelector('.live')
  })
  afterEach(async () => {
    await page?.close()
    daemon?.kill('SIGKILL')
  })

  /** Told in words, in the title and in grey, with nothing that looks settled. */
  async function isStale(): Promise<void> {
    await page.waitForSelector('body.stale .stale-banner ::-p-text(Take calls by telephone and radio.)')
    const seen = String(await page.evaluate('document.body.innerText'))
    expect(seen).toMatch(/Board not updated since \d\d:\d\d:\d\d\./)
    expect(seen).not.toMatch(/✓|Nothing needs you now|All lines OK/)
    expect(await page.title()).toMatch(/^✕ NOT LIVE/)
  }

  test('killed: the board says so, and is whole again when the daemon is back', async () => {
    daemon.kill('SIGKILL')
    await isStale()
    start()
    await page.waitForSelector('body:not(.stale) .live')
    expect(await page.title()).not.toContain('NOT LIVE')
  })

  test('stopped, with its connections open: the board says so after two beats, as long as it lasts', async () => {
    daemon.kill('SIGSTOP')
    await isStale()
    daemon.kill('SIGCONT')
    await page.waitForSelector('body:not(.stale) .live')
  })
})
