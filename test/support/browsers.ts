import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { z } from 'zod'

/** Where Debian puts the browsers; `.ci/run` installs them. */
const CHROMIUM = '/usr/bin/chromium'
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

/** Everything axe-core finds against WCAG 2.2 A and AA on a page, in dark and in light, as lines to read; none is the aim. */
export async function axeOn(page: Page): Promise<string[]> {
  // Through the debugger, because the page's own policy lets no other script in.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: readFileSync(axeFile, 'utf8') })
  const lines: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
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
