import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { axeSource, CHROMIUM, FIREFOX } from './browsers.ts'
import { type ConsoleBed, openConsole } from './console-bed.ts'
import { KEYS, type openBed } from './desk-bed.ts'

const BROWSERS = [
  { name: 'Chromium', browser: 'chrome', executablePath: CHROMIUM, args: ['--no-sandbox'] },
  { name: 'Firefox', browser: 'firefox', executablePath: FIREFOX, args: [] },
] as const

/** A desk in a browser that a test uses. */
export interface Desk {
  readonly bed: ConsoleBed
  readonly page: Page
  /** Waits for words, within what a selector names. */
  text(words: string, within?: string): Promise<unknown>
  go(hash: string): Promise<void>
  /** A browser of its own for another operator, signed in. */
  another(operator: string, key: string): Promise<Page>
  /** Presses Tab, or Tab with Shift, until what has the keyboard says these words; fails where it never does. */
  tabTo(words: string, back?: 'Shift'): Promise<void>
}

/**
 * The same tests in Chromium and in Firefox, each with a bed of its own and nobody signed in elsewhere. A script error on
 * the page fails the test.
 */
export function inBothBrowsers(
  what: string,
  options: NonNullable<Parameters<typeof openBed>[0]>,
  tests: (desk: () => Desk, browser: 'chrome' | 'firefox') => void,
): void {
  describe.each(BROWSERS)(`${what} in $name`, ({ name, browser: kind, executablePath, args }) => {
    let browser: Browser
    let desk: Desk
    const faults: string[] = []

    beforeAll(async () => {
      if (!existsSync(executablePath)) return
      browser = await puppeteer.launch({ browser: kind, executablePath, args: [...args], headless: true })
    })
    afterAll(async () => void (await browser?.close()))
    beforeEach(async (ctx) => {
      if (!existsSync(executablePath)) return ctx.skip(`needs ${name}`)
      const bed = await openConsole(options)
      const open = async (operator: string, key: string) => {
        const context = await browser.createBrowserContext()
        const page = await context.newPage()
        page.on('pageerror', (error) => faults.push(String(error)))
        await page.setViewport({ width: 1366, height: 768 })
        await page.goto(`${bed.base}/console/#sign-in=${operator}&key=${key}`)
        await page.waitForSelector('nav ::-p-text(Start a call)')
        return page
      }
      const page = await open('switchboard-op', KEYS.switchboard)
      desk = {
        ...{ bed, page, another: open },
        async tabTo(words, back) {
          if (back !== undefined) await page.keyboard.down(back)
          for (let i = 0; i < 120; i++) {
            await page.keyboard.press('Tab')
            const said = String(await page.evaluate(`document.activeElement?.innerText ?? ''`))
            if (!said.startsWith(words)) continue
            if (back !== undefined) await page.keyboard.up(back)
            return
          }
          throw new Error(`Tab does not lead to “${words}”`)
        },
        text: (words, within = '') =>
          page.waitForSelector(`${within} ::-p-text(${words})`).catch(async () => {
            throw new Error(`no “${words}” in: ${String(await page.evaluate('document.body.innerText'))}`)
          }),
        async go(hash) {
          await page.evaluate(`(() => { location.hash = '${hash}' })()`)
        },
      }
    })
    afterEach(async () => {
      await desk?.bed.close()
      expect(faults.splice(0)).toEqual([])
    })
    tests(() => desk, kind)
  })
}

/** More controls than this of one page are not walked: lists repeat theirs in every row. */
const WALKED = 60

/**
 * What keeps somebody from a page: axe against WCAG 2.2 A and AA, text of double size, and the Tab key alone. As lines to
 * read; none is the aim.
 */
export async function barriersOn(page: Page, name: string): Promise<readonly string[]> {
  await page.evaluate(axeSource())
  const axe = await page.evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }).then((r) => JSON.stringify(r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ')))))`)
  const found = JSON.parse(String(axe)) as string[]
  // Half the width stands for text of twice the size.
  await page.setViewport({ width: 683, height: 384 })
  const over = Number(
    await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
  )
  if (over > 0) found.push(`${over} px beyond the edge`)
  await page.setViewport({ width: 1366, height: 768 })
  return [...found, ...(await unreached(page))].map((line) => `${name} ${line}`)
}

/** Controls that Tab does not lead to, or that do not show that they have the keyboard. */
async function unreached(page: Page): Promise<readonly string[]> {
  const total = Number(
    await page.evaluate(`(() => {
      window.getSelection().removeAllRanges()
      // From the top: Firefox goes on from where the keyboard was.
      document.body.tabIndex = -1
      document.body.focus()
      document.body.removeAttribute('tabindex')
      const able = (e) => e.getClientRects().length > 0 && !e.disabled && e.tabIndex >= 0 && e.type !== 'radio' &&
        e.closest('details:not([open])')?.querySelector('summary')?.contains(e) !== false
      window.toReach = [...document.querySelectorAll('#content :is(a[href], button, input, select, textarea, summary)')]
        .filter(able).slice(0, ${WALKED})
      window.unshown = []
      return toReach.length
    })()`),
  )
  for (let i = 0; i < total + WALKED; i++) {
    await page.keyboard.press('Tab')
    const left = await page.evaluate(`(() => {
      const e = document.activeElement
      const { outlineStyle, outlineWidth } = getComputedStyle(e)
      const at = toReach.indexOf(e)
      if (at >= 0) toReach.splice(at, 1)
      if (at >= 0 && (outlineStyle === 'none' || parseFloat(outlineWidth) < 2)) unshown.push(e)
      return toReach.length
    })()`)
    if (left === 0) break
  }
  const lines = await page.evaluate(`JSON.stringify([
    ...toReach.map((e) => 'Tab does not lead to ' + e.outerHTML.slice(0, 90)),
    ...unshown.map((e) => 'no focus shown on ' + e.outerHTML.slice(0, 90)),
  ])`)
  return JSON.parse(String(lines)) as string[]
}
