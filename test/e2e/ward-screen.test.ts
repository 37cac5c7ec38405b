import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { meaningOf } from '../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../src/core/bleep/rules.ts'
import { asId, type BleepId } from '../../src/core/ids.ts'
import { policiesSchema } from '../../src/core/route/policy.ts'
import { systemClock } from '../../src/io/clock.ts'
import { type Raise, startRaise } from '../../src/run/alert/raise.ts'
import { CHROMIUM, FIREFOX } from '../support/browsers.ts'
import { type Bed, openBed } from '../support/desk-bed.ts'
import { SWITCHBOARD } from '../support/phone-bed.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'

const WARD = 'Ward 1A'
const BROWSERS = [
  { name: 'Chromium', browser: 'chrome', executablePath: CHROMIUM, args: ['--no-sandbox'] },
  { name: 'Firefox', browser: 'firefox', executablePath: FIREFOX, args: [] },
] as const
/**
 * How long a practised person takes, seconds: the keystroke-level model of Card, Moran and Newell (1980). A tap is to think
 * of it, to point at it and to press; words are to think of them once and a key a letter, at the rate of an average typist.
 */
const TAP = 1.35 + 1.1 + 0.2
const wordsTake = (words: string) => (words === '' ? 0 : 1.35 + 0.28 * words.length)
const policies = policiesSchema.parse({
  asks: { templates: [{ name: 'Call back', what: 'please call back', want: 'call' }] },
})

/** Height of a capital as a share of its font's size, in the fonts that machines of a ward have; a pixel of 24 inches at 1920. */
const CAPITAL = 0.7
const PIXEL_MM = 0.277

/** Where pictures of the screen are put, for somebody to look at; absent: none are taken. */
const PICTURES = process.env.WARD_PICTURES

describe.each(BROWSERS)('the screen of a ward in $name', ({ name, browser: kind, executablePath, args }) => {
  let bed: Bed
  let raise: Raise
  let browser: Browser
  let page: Page
  let base: string
  let doctor: string
  let taps = 0
  const faults: string[] = []

  beforeAll(async () => {
    if (!existsSync(executablePath)) return
    browser = await puppeteer.launch({ browser: kind, executablePath, args: [...args], headless: true })
  })
  afterAll(async () => void (await browser?.close()))
  beforeEach(async (ctx) => {
    if (!existsSync(executablePath)) return ctx.skip(`needs ${name}`)
    const rules = compileRules(rulesSchema.parse({}))
    if (!rules.ok) throw new Error('the starter rules do not compile')
    bed = await openBed({
      ...{ clock: systemClock(() => {}), config: { heartbeat: 500 } },
      desk: { asks: () => policies.asks },
    })
    raise = startRaise({
      ...{ ...bed, log: quietLog, metrics: quietMetrics, directory: bed.roster.current },
      random: { bytes: (n: number) => crypto.getRandomValues(new Uint8Array(n)) },
      policies: () => policies,
      classify: (bleep, directory) => meaningOf(bleep, directory, rules.rules),
    })
    const listening = await bed.http.listen()
    if (!listening.ok) throw new Error(listening.fault.code)
    base = listening.value.url
    doctor = (await bed.enrol({ person: bed.holder('med-reg') })).token
    const code = await bed.desk.code(SWITCHBOARD, { kind: 'ward', ward: WARD })
    if (!code.ok) throw new Error(code.fault.code)
    page = await browser.newPage()
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.setViewport({ width: 1366, height: 768 })
    await page.goto(`${base}/ward/#enrol=${code.value.code}`)
    await press('Enrol')
    await text(`Calls of ${WARD}`)
  })
  afterEach(async () => {
    await page?.evaluate('localStorage.clear()')
    await page?.close()
    await raise?.stop()
    await bed?.close()
    expect(faults.splice(0)).toEqual([])
  })

  const text = (words: string) => page.waitForSelector(`::-p-text(${words})`)
  const press = async (label: string) => {
    const button = await page.waitForSelector(
      `::-p-xpath(//button[contains(normalize-space(.), '${label}')])`,
    )
    await button?.click()
    taps += 1
  }
  const picture = async (what: string) => {
    if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}-${what}.png` })
  }
  const asDoctor = async (path: string, body?: object) => {
    const headers = { authorization: `Bearer ${doctor}`, 'content-type': 'application/json' }
    const more = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const said = await fetch(`${base}/api/v1${path}`, { headers, ...more })
    expect(said.status).toBe(200)
    return z
      .looseObject({
        items: z
          .array(z.object({ alert: z.looseObject({ id: z.string(), version: z.number() }) }))
          .default([]),
      })
      .parse(await said.json())
  }
  const ownScreen = async () => {
    const devices = await bed.store.transact((tx) => tx.devices.list())
    return devices.find(({ owner }) => owner.kind === 'ward')!.id
  }

  test('a routine call-back costs three taps and its words; the answer comes back large, and its receipt goes out', async () => {
    taps = 0
    await press('Call somebody')
    await text('Whom do you need?')
    await picture('whom')
    await press('Medical registrar')
    await page.type('#what', 'cannula out, antibiotics due')
    await picture('ask')
    await press('Send')
    expect(taps).toBe(3)
    await text('cannula out, antibiotics due')
    const { alert } = (await asDoctor('/inbox?since=0')).items.at(-1)!
    await asDoctor(`/alerts/${alert.id}/answers`, { answer: 'call-back', version: alert.version })
    await text('will ring 70123.')
    await picture('will-ring')
    // Seen from the bed: on a screen of 24 inches its capitals stand 14 mm high, and the whole sentence is in view.
    await page.setViewport({ width: 1920, height: 1080 })
    const stands = `document.querySelector('.stands')`
    const size = Number(await page.evaluate(`parseFloat(getComputedStyle(${stands}).fontSize)`))
    expect(size * CAPITAL * PIXEL_MM).toBeGreaterThanOrEqual(14)
    expect(Number(await page.evaluate(`${stands}.getBoundingClientRect().bottom`))).toBeLessThan(1080)
    await picture('distance')
    await page.setViewport({ width: 1366, height: 768 })
    const told = async () => {
      const [row] = await bed.store.transact((tx) => tx.asks.of({ ward: WARD }, 0, 5))
      return row?.known !== undefined && row.told.at(-1)?.way === 'screen'
    }
    await expect.poll(told).toBe(true)
    await asDoctor(`/alerts/${alert.id}/thread`, { kind: 'note', text: 'how is the lactate?' })
    await text('how is the lactate?')
    await page.type('input[name=text]', '2.1, rising')
    await press('Reply')
    await text('You:')
    await picture('replies')
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  })

  test.each([
    { how: 'by a template of the site', template: 'Call back', words: '' },
    { how: 'in words of one’s own', template: undefined, words: 'potassium 6.1 bed 4' },
  ])('a routine call-back is asked within 15 s $how', async ({ template, words }) => {
    taps = 0
    await press('Call somebody')
    await press('Medical registrar')
    if (template !== undefined) await press(template)
    // The field has the keyboard by itself: no tap leads there.
    await page.waitForFunction(`document.activeElement?.id === 'what'`)
    await page.keyboard.type(words)
    await press('Send')
    await text(words === '' ? 'please call back' : words)
    expect(taps).toBeLessThanOrEqual(4)
    expect(taps * TAP + wordsTake(words)).toBeLessThanOrEqual(15)
  })

  test('what was typed stays when the server refuses, and an emergency says whom to dial', async () => {
    await press('Call somebody')
    await text('Emergency: dial 2222')
    await press('Medical registrar')
    await page.type('#what', 'please look at bed 4')
    const device = await ownScreen()
    await bed.store.transact(async (tx) => {
      for (let i = 0; i < 6; i++)
        await tx.asks.add({ bleep: asId<BleepId>(`x${i}`), at: bed.clock.now(), device, told: [] })
    })
    await press('Send')
    await text('Too many calls were made from this screen')
    expect(await page.$eval('#what', (input) => Reflect.get(input, 'value'))).toBe('please look at bed 4')
    await picture('refused')
  })

  test('what was being typed is there again after a reload, without a network, and when the screen was signed out', async () => {
    const typed = async () => {
      await page.waitForSelector('#what')
      return page.$eval('#what', (input) => Reflect.get(input, 'value'))
    }
    await press('Call somebody')
    await press('Medical registrar')
    await page.type('#what', 'please look at bed 4')
    await page.reload()
    expect(await typed()).toBe('please look at bed 4')
    await page.evaluate('window.fetch = () => Promise.reject(new TypeError())')
    await press('Send')
    await text('cannot be reached')
    expect(await typed()).toBe('please look at bed 4')
    await page.reload()
    await bed.desk.revoke(SWITCHBOARD, await ownScreen())
    await page.evaluate("window.dispatchEvent(new Event('offline'))")
    await text('This screen is signed out.')
    const code = await bed.desk.code(SWITCHBOARD, { kind: 'ward', ward: WARD })
    if (!code.ok) throw new Error(code.fault.code)
    await page.type('#code', code.value.code)
    await press('Enrol')
    expect(await typed()).toBe('please look at bed 4')
    await press('Send')
    await text('Sent. No phone has shown it yet.')
    // The screen may hear of its call before the answer to the form is here.
    await expect.poll(() => page.evaluate("sessionStorage.getItem('bleepd-draft')")).toBeNull()
    await page.reload()
    await text(`Calls of ${WARD}`)
    expect(await page.$('#what')).toBeNull()
  })

  test('a reply that was being typed is there after a reload, and after a send without a network', async () => {
    await press('Call somebody')
    await press('Medical registrar')
    await page.type('#what', 'please look at bed 4')
    await press('Send')
    await text('please look at bed 4')
    const { alert } = (await asDoctor('/inbox?since=0')).items.at(-1)!
    await asDoctor(`/alerts/${alert.id}/answers`, { answer: 'call-back', version: alert.version })
    const reply = 'input[name=text]'
    const typed = async () => {
      await page.waitForSelector(reply)
      return page.$eval(reply, (input) => Reflect.get(input, 'value'))
    }
    await page.waitForSelector(reply)
    await page.type(reply, '2.1, rising')
    await page.reload()
    expect(await typed()).toBe('2.1, rising')
    await page.evaluate('window.fetch = () => Promise.reject(new TypeError())')
    await press('Reply')
    await text('cannot be reached')
    expect(await typed()).toBe('2.1, rising')
    await page.reload()
    expect(await typed()).toBe('2.1, rising')
    await press('Reply')
    await text('You:')
    await expect.poll(typed).toBe('')
  })

  test('a screen that was revoked says that it is signed out, and shows no call any more', async () => {
    await bed.desk.revoke(SWITCHBOARD, await ownScreen())
    await page.evaluate("window.dispatchEvent(new Event('offline'))")
    await text('This screen is signed out.')
    await picture('signed-out')
  })
})
