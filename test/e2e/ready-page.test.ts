import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSite } from '../../src/config/site.ts'
import { axeOn, hasChromium } from '../support/browsers.ts'
import { type ConsoleBed, openConsole } from '../support/console-bed.ts'

const DEMO = fileURLToPath(new URL('../../config/sites/demo/', import.meta.url))

describe.skipIf(!hasChromium())('the first steps, and what has to be shown before going live', () => {
  let bed: ConsoleBed
  beforeAll(async () => {
    bed = await openConsole({
      desk: {
        copies: true,
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

  test('what came of restoring the newest copy elsewhere stands there, good or bad', async () => {
    const drilled = { copy: 'x', seconds: 2, at: Date.UTC(2026, 10, 30, 3, 10) }
    const show = async (note: object) => {
      await bed.store.transact((tx) => tx.notes.set('drill/restore', { ...drilled, ...note }, drilled.at))
      const page = await bed.operator('admin')
      await page.goto(`${bed.base}/console/#/ready`)
      await page.getByRole('heading', { name: 'What paging depends on' }).waitFor()
      const row = page.getByRole('row', { name: 'Newest copy, restored elsewhere' })
      await row.waitFor()
      expect(await axeOn(page)).toEqual([])
      return row.innerText()
    }
    const counts = {
      bleeps: 12_340,
      newest: Date.UTC(2026, 10, 30, 3, 5),
      open: 1,
      devices: 2,
      erasedAgain: 0,
    }
    expect(await show({ troubles: [], counts })).toMatch(
      /OK on .*03:10.*12,?340 bleeps, the newest of .*03:05/,
    )
    expect(await show({ troubles: ['The audit chain is broken'] })).toMatch(
      /failed on .*03:10.* The audit chain/,
    )
  })

  test('a dry run shows whom a page would ring, second by second', async () => {
    const page = await bed.operator()
    await page.goto(`${bed.base}/console/#/who`)
    await page.getByLabel('Bleep number').fill('2201')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('The switchboard must act.').first().waitFor()
    await page.getByText('Adult arrest, emergency').waitFor()
    expect(await page.locator('.dry-run > li').first().innerText()).toContain('at once')
    // By the hospital's clocks, whatever zone the browser is in: the tests run in UTC.
    await page.getByLabel('When').fill('2026-07-01T12:00')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('Wed 1 Jul, 12:00').waitFor()
    expect(await axeOn(page)).toEqual([])
  })

  test('a number that two hospitals have is asked for with its hospital, and one without it says so', async () => {
    const loaded = loadSite(DEMO, Date.now())
    const row = loaded.ok ? loaded.site.numbers.find(({ number }) => number === '2201') : undefined
    if (!loaded.ok || row === undefined) throw new Error('the demonstration has no 2201')
    const both = ['brackenfell', 'st-osyn'].map((site) => ({ ...row, number: `2222@${site}`, site }))
    const two = await openConsole({ site: { ...loaded.site, numbers: [...loaded.site.numbers, ...both] } })
    const page = await two.operator()
    await page.goto(`${two.base}/console/#/who`)
    const ask = async (number: string, says: RegExp) => {
      await page.getByLabel('Bleep number').fill(number)
      await page.getByRole('button', { name: 'Show' }).click()
      await page.getByText(says).waitFor()
    }
    await ask('2222', /More than one hospital has this number: add which one, as in 2222@north/)
    await ask('2222@St-Osyn', /2222@st-osyn: goes to/i)
    expect(await axeOn(page)).toEqual([])
    await two.close()
  })
})
