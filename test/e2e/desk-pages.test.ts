import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { axeSource } from '../support/browsers.ts'
import { ARREST } from '../support/console-bed.ts'
import { inBothBrowsers } from '../support/desks.ts'
import { installed } from '../support/installed.ts'

const OPTIONS = {
  config: { heartbeat: 2000 },
  policies: {
    calls: {
      mass: 'held-press',
      kinds: [
        { kind: 'adult-arrest', name: 'Adult arrest', number: '2201', sheet: ['Ring 999'] },
        { kind: 'major-incident', name: 'Major incident', number: '2206', class: 'emergency', mass: true },
      ],
    },
  },
} as const

const PAGES = [
  '',
  'call',
  'review',
  'tests',
  'rota',
  'find',
  'lines',
  'devices',
  'reports',
  'account',
  'fault',
]

inBothBrowsers('every page of the desk', OPTIONS as never, (at, browser) => {
  test('is clean for axe, and leaves nothing beyond the edge with text of double size', async () => {
    const { bed, page, go } = at()
    const alert = await bed.call(ARREST)
    await bed.exhaust(alert.id)
    await page.waitForSelector('.todo .task')
    await page.evaluate(axeSource())
    const found: string[] = []
    for (const name of [...PAGES, `alert/${alert.id}`]) {
      await go(`#/${name}`)
      await page.waitForSelector('#content')
      await page.waitForFunction(`document.querySelector('.wait') === null`)
      if (name === 'call') {
        await page.keyboard.press('1')
        await page.waitForSelector('#start-place')
        await page.type('#start-place', 'Ward 7B')
        await page.waitForSelector('.read-back strong')
      }
      const lines = await page.evaluate(`axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }).then((r) => JSON.stringify(r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ')))))`)
      for (const line of JSON.parse(String(lines)) as string[]) found.push(`#/${name} ${line}`)
      // Half the width stands for text of twice the size.
      await page.setViewport({ width: 683, height: 384 })
      const over = Number(
        await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      )
      if (over > 0) found.push(`#/${name}: ${over} px beyond the edge`)
      await page.setViewport({ width: 1366, height: 768 })
    }
    expect(found).toEqual([])
  }, 120_000)

  test('with 100 calls open at 1366 by 768 the newest emergency is in view without scrolling', async () => {
    const { bed, page } = at()
    for (let i = 0; i < 99; i++) await bed.call({ ...ARREST, place: `Ward ${i + 100}` })
    await page.waitForFunction(`document.querySelectorAll('.calls .call').length === 99`, { timeout: 30_000 })
    await bed.call({ ...ARREST, place: 'Theatre 3' })
    for (const selector of ['.new-call', '.calls .call']) {
      const row = await page.waitForSelector(`${selector} ::-p-text(Theatre 3)`, { timeout: 10_000 })
      const box = await row?.boundingBox()
      expect(box?.y).toBeGreaterThanOrEqual(0)
      expect((box?.y ?? 999) + (box?.height ?? 0)).toBeLessThan(768)
    }
    expect(await page.evaluate('window.scrollY')).toBe(0)
  }, 120_000)

  test('one call prints on one page that has its number, and the navigation is one row', async (ctx) => {
    const { bed, page, go } = at()
    const nav = await page.evaluate(
      `new Set([...document.querySelectorAll('nav.pages > *')].map((e) => Math.round(e.getBoundingClientRect().top))).size`,
    )
    expect(nav).toBe(1)
    if (!installed('pdftotext')) return ctx.skip('needs poppler-utils')
    const alert = await bed.call(ARREST)
    await go(`#/alert/${alert.id}`)
    await page.waitForSelector('.sheet')
    const { stdout } = spawnSync('pdftotext', ['-', '-'], {
      input: Buffer.from(await page.pdf({ format: 'A4' })),
    })
    expect(String(stdout)).toMatch(browser === 'chrome' ? /\b1\s?\/\s?1\b/ : /Page 1 of 1/)
  })
})
