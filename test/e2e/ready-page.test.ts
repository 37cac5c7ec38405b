import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeOn, hasChromium } from '../support/browsers.ts'
import { type ConsoleBed, openConsole } from '../support/console-bed.ts'

describe.skipIf(!hasChromium())('the first steps, and what has to be shown before going live', () => {
  let bed: ConsoleBed
  beforeAll(async () => {
    bed = await openConsole({
      desk: {
        lines: [],
        ways: ['webpush', 'radio'],
        ports: async () => [{ path: '/dev/serial/by-id/usb-bleep-tap-port0' }],
      },
    })
  })
  afterAll(() => bed.close())

  test('from an empty board to an account of one’s own, by links alone', async () => {
    const page = await bed.operator('admin')
    await page.getByRole('link', { name: 'First steps are not done yet' }).click()
    await page.getByRole('heading', { name: 'Ready to page' }).waitFor()
    const text = await page.locator('#content').innerText()
    expect(text).toContain('bleepd doctor /dev/serial/by-id/usb-bleep-tap-port0')
    expect(text).toContain('No device here has said that it rang by this way')
    expect(await axeOn(page)).toEqual([])
    await page.getByLabel('Your name for signing in').fill('anna')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByRole('heading', { name: /anna/ }).waitFor()
  })

  test('a dry run shows whom a page would ring, second by second', async () => {
    const page = await bed.operator()
    await page.goto(`${bed.base}/console/#/who`)
    await page.getByLabel('Bleep number').fill('2201')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('The switchboard must act.').first().waitFor()
    expect(await page.locator('.dry-run > li').first().innerText()).toContain('at once')
    expect(await axeOn(page)).toEqual([])
  })
})
