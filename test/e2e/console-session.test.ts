import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/core/instant.ts'
import { axeOn, hasChromium } from '../support/browsers.ts'
import { ARREST, type ConsoleBed, openConsole } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

let bed: ConsoleBed
const clock = new VirtualClock(Date.now())

beforeAll(async () => {
  if (hasChromium()) bed = await openConsole({ clock })
})
afterAll(() => bed?.close())

test('a sign-in that ends is announced, then ends loudly; whoever signs in again is where they were', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const page = await bed.operator()
  await page.goto(`${bed.base}/console/#/rota`)
  await page.getByRole('heading', { name: 'Who is on now' }).waitFor()
  clock.advance(12 * HOUR - 10 * MINUTE)
  await page.getByRole('link', { name: /signed in only until/ }).waitFor()
  await bed.call(ARREST)
  clock.advance(10 * MINUTE)
  await page.getByRole('alert').getByText('Your sign-in has ended.').waitFor()
  expect(await page.locator('body').textContent()).not.toContain('CARDIAC')
  expect(await axeOn(page)).toEqual([])
  await page.getByLabel('Key').fill(KEYS.switchboard)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Who is on now' }).waitFor()
  expect(page.url()).toContain('#/rota')
  await page.keyboard.press('b')
  await page.locator('.call', { hasText: 'Ward 7B, bed 3' }).waitFor()
})

test('a printed link that is opened in a tab which shows the form signs in, and a page waits for that', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const signedIn = await bed.operator()
  const page = await signedIn.context().browser()?.newPage()
  if (page === undefined) throw new Error('no browser')
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(`${bed.base}/console/`)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await page.goto(`${bed.base}/console/#/rota`)
  await page.goto(`${bed.base}/console/#sign-in=switchboard-op&key=${KEYS.switchboard}`)
  await page.getByRole('link', { name: 'switchboard-op' }).waitFor()
  expect(faults).toEqual([])
  await page.close()
})
