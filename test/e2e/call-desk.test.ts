import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../src/core/alert/alert.ts'
import type { AlertId } from '../../src/core/ids.ts'
import { CHROMIUM, FIREFOX } from '../support/browsers.ts'
import { type Cable, startCable } from '../support/cable.ts'
import { ARREST, type ConsoleBed, openConsole } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'
import { installed } from '../support/installed.ts'

const BEAT = 500
const BROWSERS = [
  { name: 'Chromium', browser: 'chrome', executablePath: CHROMIUM, args: ['--no-sandbox'] },
  { name: 'Firefox', browser: 'firefox', executablePath: FIREFOX, args: [] },
] as const

describe.each(BROWSERS)('the call desk in $name', ({ name, browser: kind, executablePath, args }) => {
  let bed: ConsoleBed
  let cable: Cable
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    if (!existsSync(executablePath)) return
    browser = await puppeteer.launch({ browser: kind, executablePath, args: [...args], headless: true })
  })
  afterAll(async () => void (await browser?.close()))
  beforeEach(async (ctx) => {
    if (!existsSync(executablePath)) return ctx.skip(`needs ${name}`)
    bed = await openConsole({ config: { heartbeat: BEAT } })
    cable = await startCable(Number(new URL(bed.base).port))
    page = await browser.newPage()
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.setViewport({ width: 1366, height: 768 })
    await page.goto(`http://localhost:${cable.port}/console/#sign-in=switchboard-op&key=${KEYS.switchboard}`)
    await text('Nothing needs you now.')
  })
  afterEach(async () => {
    await page?.close()
    await bed?.close()
    await cable?.close()
    expect(faults.splice(0)).toEqual([])
  })

  const text = (words: string, within = '') => page.waitForSelector(`${within} ::-p-text(${words})`)
  const seen = async () => String(await page.evaluate('document.body.innerText'))
  const stored = (id: AlertId): Promise<Alert | undefined> => bed.store.transact((tx) => tx.alerts.get(id))

  /** Nothing on the screen may look settled, and it is told in words, in the title and across the page. */
  async function isStale(): Promise<void> {
    await text('Take calls by telephone and radio.', '.stale-banner')
    await page.waitForSelector('body.stale')
    expect(await seen()).toMatch(/Board not updated since \d\d:\d\d:\d\d\./)
    expect(await seen()).not.toMatch(/✓|Nothing needs you now|All lines OK/)
    expect(await page.title()).toMatch(/^✕ NOT LIVE/)
  }

  test('a connection that is lost greys the board at once, and its return makes it whole', async () => {
    const alert = await bed.call(ARREST)
    await bed.answer(alert, 'med-reg', 'accepted')
    await text('Anaesthetic registrar: nobody yet')
    cable.pull()
    await isStale()
    cable.plug()
    await page.waitForSelector('body:not(.stale)')
    expect(await page.title()).not.toContain('NOT LIVE')
  })

  test('a server that hangs, or a network that is cut without a word, is told after two beats', async () => {
    cable.freeze()
    await isStale()
  })

  test('a screen that draws no more says so by itself', async () => {
    await page.evaluate(`(() => {
      const last = Number(setTimeout(() => undefined, 0))
      for (let id = 1; id <= last; id++) clearInterval(id)
      window.setTimeout = () => 0
    })()`)
    await page.waitForFunction(
      `getComputedStyle(document.getElementById('stopped') ?? document.body).visibility === 'visible'`,
    )
    expect(await page.evaluate(`document.getElementById('stopped').textContent`)).toContain(
      'This screen has stopped',
    )
  })

  test('27 calls are open, then an arrest: it is on top at once, also on other pages, until it is touched', async () => {
    await page.evaluate(`(() => {
      const made = AudioContext.prototype.createOscillator
      AudioContext.prototype.createOscillator = function () {
        document.body.dataset.sounded = 'yes'
        return made.call(this)
      }
    })()`)
    await page.mouse.click(500, 300)
    for (let i = 0; i < 27; i++) {
      const open = await bed.call({ ...ARREST, place: `Ward ${i + 100}` })
      await bed.exhaust(open.id)
    }
    await page.waitForFunction(`document.querySelectorAll('.calls .call').length === 27`)
    // These have been seen.
    const isSeen = async () => {
      await page.evaluate(`document.querySelector('.new-call button')?.click()`)
      return (await page.$('.new-call button')) === null
    }
    await expect.poll(isSeen).toBe(true)
    await page.evaluate(`(() => {
      location.hash = '#/lines'
      document.body.dataset.sounded = ''
    })()`)
    await text('Lines and providers')
    await bed.call({ ...ARREST, place: 'Theatre 3' })
    const top = await page.waitForSelector('.new-call ::-p-text(Theatre 3)')
    expect((await top?.boundingBox())?.y).toBeLessThan(200)
    // Firefox without a sound card makes no sound at all.
    if (kind === 'chrome') await page.waitForFunction(`document.body.dataset.sounded === 'yes'`)
    await page.evaluate(`(() => {
      location.hash = '#/'
    })()`)
    await page.waitForFunction(
      `document.querySelector('.calls .call')?.textContent?.includes('Theatre 3') === true`,
    )
    await page.evaluate(`document.querySelector('.new-call button')?.click()`)
    await page.waitForFunction(`document.querySelector('.new-call') === null`)
  })

  test('acting keeps the numbers, the keyboard goes to the task, and Enter twice records one person, who can be undone', async () => {
    const alert = await bed.call(ARREST)
    await bed.exhaust(alert.id)
    await page.waitForSelector('.task [data-does="take-over"]')
    await page.focus('.task [data-does="take-over"]')
    await page.keyboard.press('Enter')
    await text('switchboard-op is acting on it since', '.task')
    await page.waitForFunction(`document.activeElement?.classList.contains('task') === true`)
    expect((await page.$$('.task a.tel')).length).toBe(2)
    await page.focus('.task .answers button')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await text('recorded as coming', '.result')
    const people = Object.values((await stored(alert.id))?.responders ?? {})
    expect(people.filter((r) => r.state === 'accepted')).toHaveLength(1)
    await page.locator('.result ::-p-text(Undo)').click()
    await expect
      .poll(async () =>
        Object.values((await stored(alert.id))?.responders ?? {}).filter((r) => r.state === 'accepted'),
      )
      .toEqual([])
  })

  test('stand down asks why and tells everybody; the name of whoever did it stands on the record', async () => {
    const alert = await bed.call(ARREST)
    await bed.answer(alert, 'med-reg', 'accepted')
    await page.waitForSelector('.calls .call .end-call')
    await page.locator('.calls .call .end-call > button:last-of-type').click()
    await text('Stand everybody down. Why?')
    await page.locator('.reasons ::-p-text(False alarm)').click()
    await text('Stood down: false alarm', '.result')
    expect((await stored(alert.id))?.closed).toMatchObject({
      reason: 'false-alarm',
      operator: 'switchboard-op',
    })
    await page.goto(`http://localhost:${cable.port}/console/#/find`)
    await page.type('input[name="q"]', '7b bed 3')
    await page.keyboard.press('Enter')
    await text('Stood down: false alarm', '.found-calls')
  })

  test('one call prints on one page, its whole record on as many as it takes', async (ctx) => {
    if (!installed('pdfinfo')) return ctx.skip('needs poppler-utils')
    const alert = await bed.call(ARREST)
    await bed.exhaust(alert.id)
    await page.goto(`http://localhost:${cable.port}/console/#/alert/${alert.id}`)
    await page.waitForSelector('.sheet')
    const pages = async () => {
      const { stdout } = spawnSync('pdfinfo', ['-'], { input: Buffer.from(await page.pdf({ format: 'A4' })) })
      return Number(/^Pages:\s+(\d+)/m.exec(String(stdout))?.[1])
    }
    expect(await pages()).toBe(1)
    await page.evaluate(`document.body.classList.add('with-annex')`)
    expect(await pages()).toBeGreaterThan(1)
  })

  test('text of double size and a narrow screen leave nothing beyond the edge', async () => {
    const alert = await bed.call(ARREST)
    await bed.exhaust(alert.id)
    await page.waitForSelector('.task')
    for (const [width, height] of [
      [683, 384],
      [390, 844],
    ] as const) {
      await page.setViewport({ width, height })
      const over = await page.evaluate(`document.documentElement.scrollWidth - window.innerWidth`)
      expect(over).toBeLessThanOrEqual(0)
    }
    // In a hand the heading leaves the screen to the calls: pages are one row, pushed sideways.
    const heading = Number(
      await page.evaluate(
        `[...document.querySelectorAll('header.top > div')].reduce((all, e) => all + e.getBoundingClientRect().height, 0)`,
      ),
    )
    expect(heading).toBeLessThan(844 * 0.2)
  })
})
