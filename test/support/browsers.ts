import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { z } from 'zod'

/** Where Debian puts the browsers; `.ci/run` installs them. */
export const CHROMIUM = '/usr/bin/chromium'
export const FIREFOX = '/usr/bin/firefox-esr'

/** Quiet about networks this machine has not. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]

export const hasChromium = () => existsSync(CHROMIUM)

/** A phone held in one hand. */
const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
} as const

export async function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--headless=new', ...FLAGS] })
}

/** A profile of its own: service workers take pushes only in a persistent context. */
export async function openChromiumPhone(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM,
    args: ['--headless=new', ...FLAGS],
    ...PHONE,
  })
}

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** axe-core, to be run in a page through the debugger. */
export const axeSource = () => readFileSync(axeFile, 'utf8')

/** Everything axe-core finds against WCAG 2.2 A and AA on a page, in dark and in light, as lines to read; none is the aim. */
export async function axeOn(page: Page): Promise<string[]> {
  // Through the debugger, because the page's own policy lets no other script in.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axeSource() })
  const lines: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    // What lies half under a heading that stays is small for as long as nobody scrolls: no fault of the page.
    await page.evaluate('scrollTo(0, 0)')
    const found = await session.send('Runtime.evaluate', {
      expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
        .then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ' ' + (n.failureSummary ?? ''))))`,
      awaitPromise: true,
      returnByValue: true,
    })
    lines.push(
      ...z
        .array(z.string())
        .parse(found.result.value)
        .map((line) => `${colorScheme} ${line}`),
    )
  }
  await session.detach()
  return lines
}

/** What can be pressed and is smaller than a gloved thumb; links inside a sentence are exempt (WCAG 2.2, 2.5.8). */
export async function smallTargetsOn(page: Page, least = 48): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`[...document.querySelectorAll('a, button, input, summary')]
    .filter((e) => e.getClientRects().length > 0 && !(e.tagName === 'A' && e.closest('p') && !e.classList.contains('button')))
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, r]) => r.width < ${least} || r.height < ${least})
    .map(([e, r]) => e.outerHTML.slice(0, 80) + ' ' + Math.round(r.width) + '×' + Math.round(r.height))`)
}

/** A walk with the Tab key alone. */
export interface Walk {
  /** What was reached, in order. */
  readonly reached: readonly string[]
  /** What had the focus without showing it, or lay under something else. */
  readonly faults: readonly string[]
}

/** Goes through a page by Tab until it is where it began. */
export async function walkByKeyboard(page: Page): Promise<Walk> {
  await page.evaluate('document.activeElement?.blur(); window.getSelection()?.removeAllRanges()')
  const reached: string[] = []
  const faults: string[] = []
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate<{ name: string; shown: boolean; clear: boolean } | null>(`(() => {
      const e = document.activeElement
      if (e === null || e === document.body) return null
      const style = getComputedStyle(e)
      const r = e.getBoundingClientRect()
      const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)
      return {
        name: (e.getAttribute('aria-label') ?? e.innerText ?? e.name ?? '').trim() || e.id,
        shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        clear: top !== null && (e === top || e.contains(top) || top.contains(e)),
      }
    })()`)
    // It begins somewhere, leaves the page behind its last button, and comes in again at its beginning.
    if (at === null) continue
    if (reached.length > 1 && at.name === reached[0]) break
    reached.push(at.name)
    if (!at.shown) faults.push(`${at.name}: focus not visible`)
    if (!at.clear) faults.push(`${at.name}: focus obscured`)
  }
  return { reached, faults }
}
