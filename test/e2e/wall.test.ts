import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { axeOn, CHROMIUM, FIREFOX, hasChromium } from '../support/browsers.ts'
import { type Cable, startCable } from '../support/cable.ts'
import { ARREST, type ConsoleBed, openConsole } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'

const BROWSERS = [
  { name: 'Chromium', browser: 'chrome', executablePath: CHROMIUM, args: ['--no-sandbox'] },
  { name: 'Firefox', browser: 'firefox', executablePath: FIREFOX, args: [] },
] as const

describe.each(BROWSERS)('the wall in $name', ({ name, browser: kind, executablePath, args }) => {
  let bed: ConsoleBed
  let cable: Cable
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    if (!existsSync(executablePath)) return
    browser = await puppeteer.launch({ browser: kind, executablePath, args: [...args], headless: true })
  })
  afterAll(async () => void (await browser?.close()))
  beforeEach(async (ctx) => {
    if (!existsSync(executablePath)) return ctx.skip(`needs ${name}`)
    bed = await openConsole({ config: { heartbeat: 500 } })
    cable = await startCable(Number(new URL(bed.base).port))
    page = await browser.newPage()
    await page.setViewport({ width: 1920, height: 1080 })
  })
  afterEach(async () => {
    // The next test signs in afresh: cookies do not know ports.
    await page?.deleteCookie(...(await page.cookies()))
    await page?.close()
    await bed?.close()
    await cable?.close()
  })

  const open = (role: 'wall' | 'wall-names') =>
    page.goto(`http://localhost:${cable.port}/console/#sign-in=${role}-op&key=${KEYS[role]}`)
  const seen = async () => String(await page.evaluate('document.body.innerText'))

  test('turns as a whole from calm to alarm and back, one emergency a column, its place in large letters', async () => {
    await open('wall')
    await page.waitForSelector('body[data-wall=calm] ::-p-text(No emergency open)')
    const calm = await page.evaluate('getComputedStyle(document.body).backgroundColor')
    const arrest = await bed.call(ARREST)
    await page.waitForSelector('body[data-wall=alarm] ::-p-text(Ward 7B, bed 3)')
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe(calm)
    await bed.call({ ...ARREST, place: 'Theatre 3' })
    await page.waitForSelector('.wall-call ::-p-text(Theatre 3)')
    const columns = JSON.parse(
      String(
        await page.evaluate(`JSON.stringify([...document.querySelectorAll('.wall-call')].map((e) => {
          const { left, top } = e.getBoundingClientRect()
          return { left, top, size: parseFloat(getComputedStyle(e.querySelector('.place')).fontSize) }
        }))`),
      ),
    ) as { left: number; top: number; size: number }[]
    expect(columns).toHaveLength(2)
    expect(new Set(columns.map((c) => c.top)).size).toBe(1)
    expect(new Set(columns.map((c) => c.left)).size).toBe(2)
    for (const { size } of columns) expect(size).toBeGreaterThanOrEqual(60)
    for (const { id, version } of await bed.store.transact((tx) =>
      tx.alerts.list({ phase: 'open', limit: 9 }),
    ))
      if (id !== arrest.id)
        await bed.alerts.apply(id, {
          ...{ kind: 'closed', at: bed.clock.now(), version, by: { kind: 'switchboard', operator: 'test' } },
        })
    for (const role of ARREST.roles) {
      const now = await bed.store.transact((tx) => tx.alerts.get(arrest.id))
      await bed.answer(now ?? arrest, role, 'accepted')
    }
    await page.waitForSelector('body[data-wall=calm] .wall-call.covered ::-p-text(Full team on the way)')
  })

  test('one to four fill the screen side by side, none leaves it, and what is more is named above', async () => {
    await open('wall')
    await page.waitForSelector('body[data-wall=calm]')
    const long = 'Intensive Care and High Dependency Unit North (Llanfairpwllgwyngyll Wing), bed space 14b'
    for (const [i, place] of ['Ward 7B', 'Resus 2', long, 'Theatre 3', 'Ward 9'].entries()) {
      await bed.call({ ...ARREST, place })
      const shown = Math.min(i + 1, 4)
      await page.waitForFunction(`document.querySelectorAll('.wall-call').length === ${shown}`)
      if (i === 4) await page.waitForSelector('.wall-more ::-p-text(1 more)')
      const { boxes, over } = JSON.parse(
        String(
          await page.evaluate(`JSON.stringify({
            over: document.documentElement.scrollHeight - innerHeight,
            boxes: [...document.querySelectorAll('.wall-call')].map((e) => {
              const { left, right, top, height } = e.getBoundingClientRect()
              return { left, right, top, height }
            }),
          })`),
        ),
      ) as { over: number; boxes: { left: number; right: number; top: number; height: number }[] }
      expect(over, `${shown} columns`).toBeLessThanOrEqual(0)
      expect(new Set(boxes.map(({ top }) => Math.round(top))).size).toBe(1)
      expect(Math.min(...boxes.map(({ left }) => left))).toBeLessThan(1920 * 0.03)
      expect(Math.max(...boxes.map(({ right }) => right))).toBeGreaterThan(1920 * 0.97)
      const widths = boxes.map(({ left, right }) => right - left)
      expect(Math.max(...widths) - Math.min(...widths)).toBeLessThan(2)
      for (const { height } of boxes) expect(height).toBeGreaterThan(1080 * 0.75)
    }
  })

  test('says roles where the site says roles, names where it says names, and offers nothing to press', async () => {
    const arrest = await bed.call(ARREST)
    await bed.answer(arrest, 'med-reg', 'accepted')
    const person = bed.roster.current().people.get(bed.holder('med-reg'))?.name ?? 'none'
    await open('wall')
    await page.waitForSelector('.wall-call .coming ::-p-text(Medical registrar)')
    expect(await seen()).not.toContain(person)
    expect(await page.evaluate(`document.querySelectorAll('a, button, input, select').length`)).toBe(0)
    // No other page opens for it.
    await page.evaluate(`location.hash = '#/rota'`)
    await page.waitForSelector('.wall-call')
    await page.deleteCookie(...(await page.cookies()))
    await page.goto('about:blank')
    await open('wall-names')
    await page.waitForSelector(`.wall-call .coming ::-p-text(${person})`)
  })

  test('an operator opens it too, by role, and comes back', async () => {
    const arrest = await bed.call(ARREST)
    await bed.answer(arrest, 'med-reg', 'accepted')
    const person = bed.roster.current().people.get(bed.holder('med-reg'))?.name ?? 'none'
    await page.goto(`${bed.base}/console/#sign-in=switchboard-op&key=${KEYS.switchboard}`)
    await page.waitForSelector('.call ::-p-text(Ward 7B, bed 3)')
    await page.evaluate(`location.hash = '#/wall'`)
    await page.waitForSelector('body[data-wall=alarm] .wall-call')
    expect(await seen()).not.toContain(person)
    await page.click('.wall a')
    await page.waitForSelector('body:not([data-wall]) .call')
  })

  test('a wall that may be old says so and looks settled nowhere', async () => {
    const arrest = await bed.call(ARREST)
    await bed.answer(arrest, 'med-reg', 'accepted')
    await open('wall')
    await page.waitForSelector('.wall-call .coming')
    cable.pull()
    await page.waitForSelector('.stale-banner ::-p-text(Take calls by telephone and radio.)')
    expect(await seen()).not.toMatch(/✓|No emergency open/)
    cable.plug()
    await page.waitForSelector('body:not(.stale)')
  })
})

test('the wall is clean for axe, calm and in alarm', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const bed = await openConsole()
  const page = await bed.stranger()
  await page.goto(`${bed.base}/console/#sign-in=wall-op&key=${KEYS.wall}`)
  await page.getByText('No emergency open').waitFor()
  expect(await axeOn(page)).toEqual([])
  await bed.call(ARREST)
  await page.getByText('Ward 7B, bed 3').waitFor()
  expect(await axeOn(page)).toEqual([])
  await bed.close()
})
