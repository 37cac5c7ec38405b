import { existsSync } from 'node:fs'
import puppeteer from 'puppeteer-core'
import { expect, test } from 'vitest'
import { FIREFOX, hasChromium } from '../support/browsers.ts'
import { ARREST, openConsole } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'
import { openPhone } from '../support/phone-bed.ts'

/** Where pictures of the screens are put, for somebody to look at; absent: none are taken. */
const PICTURES = process.env.WELSH_PICTURES

test('a phone speaks Welsh from the press on, also without a network, and English again', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const phone = await openPhone()
  try {
    const { bed, page } = phone
    await phone.enrol({ person: bed.holder('med-reg') })
    await page.getByRole('link', { name: 'Duty' }).tap()
    await page.getByRole('button', { name: 'Cymraeg' }).tap()
    await page.getByRole('heading', { name: 'Eich rolau' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('cy')
    const alert = await bed.call(ARREST)
    await page.goto(`${phone.base}/app/#/alert/${alert.id}`)
    await page.getByRole('button', { name: 'Rwy’n dod' }).waitFor()
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/phone.png` })
    await page.getByRole('button', { name: 'Rwy’n dod' }).tap()
    await page.getByText('Rydych yn dod').first().waitFor()
    await phone.context.setOffline(true)
    await page.reload()
    await page.getByText(/^Heb gysylltiad/).waitFor()
    await phone.context.setOffline(false)
    await page.goto(`${phone.base}/app/#/duty`)
    await page.getByRole('button', { name: 'English' }).tap()
    await page.getByRole('heading', { name: 'Roles you hold' }).waitFor()
    expect(phone.complaints).toEqual([])
  } finally {
    await phone.close()
  }
})

test('the board of a Welsh site is Welsh, the server’s own sentences with it', async (ctx) => {
  if (!existsSync(FIREFOX)) return ctx.skip('needs Firefox ESR')
  const bed = await openConsole({ config: { heartbeat: 500, language: 'cy' } })
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true })
  try {
    const page = await browser.newPage()
    await page.setViewport({ width: 1366, height: 768 })
    await page.goto(`${bed.base}/console/#sign-in=switchboard-op&key=${KEYS.switchboard}`)
    await page.waitForSelector('::-p-text(Nid oes dim angen eich sylw nawr.)')
    const alert = await bed.call(ARREST)
    await page.waitForSelector('::-p-text(NEWYDD)')
    await bed.exhaust(alert.id)
    await page.waitForSelector('.task ::-p-text(Nid oes neb wedi derbyn)')
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/board.png` })
    await page.keyboard.press('?')
    await page.locator('aside.help button[lang="en-GB"]').click()
    await page.waitForSelector('.task ::-p-text(No one has accepted)')
  } finally {
    await browser.close()
    await bed.close()
  }
})
