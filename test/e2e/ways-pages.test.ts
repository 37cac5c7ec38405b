import { existsSync } from 'node:fs'
import puppeteer from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHANNEL_IDS } from '../../src/core/deliver/channels.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { asId } from '../../src/core/ids.ts'
import { DAY, HOUR } from '../../src/core/instant.ts'
import { axeOn, FIREFOX, hasChromium } from '../support/browsers.ts'
import { type ConsoleBed, openConsole } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'

/** Where pictures of the pages are put, for somebody to look at; absent: none are taken. */
const PICTURES = process.env.WAYS_PICTURES

/** The pages that say by which ways people ring, with what each has to say here. */
const PAGES = [
  [
    'devices',
    [
      'telephone call …421',
      'text by the hospital’s modem …123',
      'only told to look',
      'Try it',
      'What each way does',
    ],
  ],
  ['rota', ['phone rang', 'Who would be rung?']],
  ['ready', ['shown to ring', 'telephone call', 'No device here has said that it rang by this way']],
  ['who', ['Where the coming week has gaps']],
] as const

let bed: ConsoleBed
beforeAll(async () => {
  bed = await openConsole({
    config: { heartbeat: 500 },
    desk: {
      ...{ entered: ['ntfy', 'voice', 'notify', 'modem', 'nudge'], ways: CHANNEL_IDS, lines: [] },
      ports: async () => [],
    },
  })
  const person = bed.holder('med-reg')
  await bed.enrol({ person })
  const now = bed.clock.now()
  const way = (id: string, channel: Device['channel'], more: Partial<Device>): Device => ({
    ...{ id: asId(id), owner: { kind: 'person', person }, label: id, channel, state: 'active' },
    ...{ address: '+447700900123', enrolled: now - 40 * DAY, ...more },
  })
  const rang = (channel: Device['channel'], ago: number): Partial<Device> => ({
    proved: { [channel]: { at: now - ago, by: 'self-test' } },
    tested: { at: now - ago, heard: now - ago },
  })
  await bed.store.transact(async (tx) => {
    await tx.devices.add(way('Desk', 'voice', { address: '4421', ...rang('voice', HOUR) }), 't1')
    await tx.devices.add(way('Mobile', 'modem', { tested: { at: now - 2 * DAY } }), 't2')
    await tx.devices.add(way('ntfy', 'ntfy', { address: 't'.repeat(43), ...rang('ntfy', 35 * DAY) }), 't3')
    await tx.devices.add(way('Gateway', 'nudge', { address: 'staff-4711' }), 't4')
  })
})
afterAll(() => bed.close())

describe.skipIf(!hasChromium())('how people ring, in Chromium', () => {
  test.each(PAGES)('#/%s says it in words, for everybody', async (page, wanted) => {
    const browser = await bed.operator()
    await browser.goto(`${bed.base}/console/#/${page}`)
    for (const text of wanted) await browser.getByText(text).first().waitFor()
    if (PICTURES) await browser.screenshot({ path: `${PICTURES}/chromium-${page}.png`, fullPage: true })
    expect(await axeOn(browser)).toEqual([])
    await browser.context().close()
  })

  test('the week is looked through and each gap says when, for which numbers and why', async () => {
    const browser = await bed.operator()
    await browser.goto(`${bed.base}/console/#/who`)
    await browser.getByRole('button', { name: 'Look through the week' }).click()
    await browser.getByText(/\d+ gaps in the week for \d+ numbers/).waitFor({ timeout: 60_000 })
    await browser.getByText('No phone would ring').first().waitFor()
    if (PICTURES) await browser.screenshot({ path: `${PICTURES}/chromium-week.png`, fullPage: true })
    expect(await axeOn(browser)).toEqual([])
    await browser.context().close()
  })
})

describe.skipIf(!existsSync(FIREFOX))('how people ring, in Firefox, in Welsh as well', () => {
  test('each page', async () => {
    const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true })
    try {
      const page = await browser.newPage()
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(String(error)))
      await page.setViewport({ width: 1366, height: 768 })
      await page.goto(`${bed.base}/console/#sign-in=switchboard-op&key=${KEYS.switchboard}`)
      await page.waitForSelector('nav')
      const look = async (name: string, wanted: readonly string[], language: string) => {
        await page.goto(`${bed.base}/console/#/${name}`)
        for (const text of wanted) await page.waitForSelector(`::-p-text(${text})`)
        if (PICTURES)
          await page.screenshot({ path: `${PICTURES}/firefox-${name}${language}.png`, fullPage: true })
      }
      for (const [name, wanted] of PAGES) await look(name, wanted, '')
      await page.keyboard.press('?')
      await page.locator('aside.help button[lang="cy"]').click()
      await page.waitForSelector('html[lang="cy"]')
      await look('ready', ['Barod i alw', 'wedi’i ddangos yn canu', 'Nid oes dyfais yma wedi dweud'], '-cy')
      await look('who', ['Pwy fyddai’n cael ei alw?', 'Ble mae bylchau'], '-cy')
      await look('devices', ['galwad ffôn'], '-cy')
      expect(faults).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
