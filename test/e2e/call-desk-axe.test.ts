import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeOn, hasChromium } from '../support/browsers.ts'
import { ARREST, type ConsoleBed, openConsole } from '../support/console-bed.ts'

let bed: ConsoleBed
beforeAll(async () => {
  if (hasChromium()) bed = await openConsole({ config: { heartbeat: 500 } })
})
afterAll(async () => void (await bed?.close()))

test('a new emergency, the reasons to stand down, what was found and a board that is lost are clean for axe', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const page = await bed.operator()
  await bed.call(ARREST)
  await page.locator('.new-call').waitFor()
  await page.getByRole('button', { name: /^Stand down/ }).click()
  await page.getByText('Stand everybody down. Why?').waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.goto(`${bed.base}/console/#/find`)
  await page.locator('.found-calls').waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.goto(`${bed.base}/console/#/`)
  await page.locator('.calls .call').waitFor()
  await bed.http.close()
  await page.locator('.stale-banner').waitFor()
  expect(await axeOn(page)).toEqual([])
})
