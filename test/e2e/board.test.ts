import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/io/clock.ts'
import { axeOn, hasChromium, openChromium } from '../support/browsers.ts'
import { type Bed, KEYS, openBed } from '../support/desk-bed.ts'

let bed: Bed
let browser: Browser
let page: Page
let base: string

beforeAll(async () => {
  if (!hasChromium()) return
  bed = await openBed({ clock: systemClock(() => {}), config: { heartbeat: 500 } })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  base = listening.value.url
  browser = await openChromium()
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
})

afterAll(async () => {
  await browser?.close()
  await bed?.close()
})

test('an operator signs in and sees every bleep appear, be answered and end, without touching the page', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  await page.goto(`${base}/`)
  await page.getByLabel('Operator').fill('switchboard-op')
  await page.getByLabel('Key').fill('not the key')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('no valid sign-in').waitFor()
  expect(await axeOn(page)).toEqual([])

  await page.getByLabel('Key').fill(KEYS.switchboard)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Nothing is open.').waitFor()
  const cookies = await page.context().cookies()
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }])

  await bed.enrol({ person: bed.holder('ccu-nurse') })
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call({
    text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
    kind: 'adult-arrest',
    class: 'emergency',
    place: 'Ward 7B, bed 3',
    roles: ['med-reg', 'ccu-nurse'],
  })
  const row = page.locator('.row.emergency')
  await row.getByText('Missing: Medical registrar').waitFor()
  await row.getByText('“ADULT CARDIAC ARREST WARD 7B BED 3”').waitFor()
  expect(await axeOn(page)).toEqual([])

  await bed.http.app.inject({
    method: 'POST',
    url: `/api/v1/alerts/${alert.id}/answers`,
    headers: { authorization: `Bearer ${phone.token}` },
    payload: { answer: 'accepted', version: alert.decided },
  })
  await row.getByText('– coming').waitFor()
  expect(await row.getByText('Missing: Medical registrar').count()).toBe(0)

  await row.getByRole('link').click()
  await page.getByRole('heading', { name: 'Where the time went' }).waitFor()
  await page.locator('svg.waterfall').waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.getByLabel('Who said it on the telephone').selectOption(bed.holder('ccu-nurse'))
  await page.getByRole('button', { name: 'Record their answer' }).click()
  await page.getByText('Covered', { exact: true }).waitFor()
  await page.getByLabel('Write to everybody on this alert').fill('Lift B is out')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('Lift B is out').waitFor()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await page.getByText('A person closed the call').first().waitFor()

  await page.getByRole('link', { name: 'Board', exact: true }).click()
  await page.getByText('Nothing is open.').waitFor()
})

test('rota, lines, devices and reports are clean, and a one-time code is shown with its QR', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  for (const [hash, heading] of [
    ['rota', 'Who is on now'],
    ['lines', 'Feeds'],
    ['devices', 'Enrolled'],
    ['reports', 'Latency and time saved'],
  ] as const) {
    await page.goto(`${base}/console/#/${hash}`)
    await page.getByRole('heading', { name: heading }).waitFor()
    expect(await axeOn(page)).toEqual([])
  }
  await page.goto(`${base}/console/#/devices`)
  await page.getByRole('button', { name: 'Make a one-time code' }).click()
  await page.getByAltText('QR code').waitFor()
  expect(await page.locator('.code').textContent()).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/)
  expect(await axeOn(page)).toEqual([])
})

test('the board says so when the line to the server is dead', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  await page.goto(`${base}/console/#/`)
  await page.getByText('Live', { exact: true }).waitFor()
  await page.clock.install()
  await bed.http.close()
  await page.clock.fastForward(60_000)
  await page.getByText('Not live: what you see may be old').waitFor()
})
