import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FIREFOX } from '../support/browsers.ts'
import { ARREST, type ConsoleBed, openConsole } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'

let bed: ConsoleBed
let browser: Browser
let page: Page
const faults: string[] = []

beforeAll(async () => {
  if (!existsSync(FIREFOX)) return
  bed = await openConsole({ config: { heartbeat: 500 } })
  browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true })
  page = await browser.newPage()
  await page.setViewport({ width: 1366, height: 768 })
  page.on('pageerror', (error) => faults.push(String(error)))
})
afterAll(async () => {
  await browser?.close()
  await bed?.close()
})

test('Firefox ESR shows the board live, takes a press and a key, and draws every page', async (ctx) => {
  if (!existsSync(FIREFOX)) return ctx.skip('needs Firefox ESR')
  await page.goto(`${bed.base}/console/#sign-in=switchboard-op&key=${KEYS.switchboard}`)
  await page.waitForSelector('::-p-text(Nothing needs you now.)')
  const alert = await bed.call(ARREST)
  await bed.answer(alert, 'med-reg', 'accepted')
  await bed.exhaust(alert.id)
  await page.waitForSelector('.task ::-p-text(No one has accepted as Anaesthetic registrar)')
  await page.keyboard.press('1')
  await page.waitForSelector('.task:focus')
  await page.locator('.task .answers button').click()
  await page.waitForSelector('::-p-text(Nothing needs you now.)')
  const after = await bed.store.transact((tx) => tx.alerts.get(alert.id))
  expect(after?.phase).toBe('covered')
  for (const [key, heading] of [
    ['r', 'Who is on now'],
    ['l', 'Lines and providers'],
    ['d', 'Enrolled'],
    ['v', 'Bleeps that did not ring anyone'],
    ['p', 'Latency and time saved'],
  ] as const) {
    await page.keyboard.press(key)
    await page.waitForSelector(`::-p-text(${heading})`)
  }
  await page.goto(`${bed.base}/console/#/alert/${alert.id}`)
  await page.waitForSelector('svg.waterfall')
  expect(faults).toEqual([])
})
