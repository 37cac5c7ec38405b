import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ARREST } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'
import { barriersOn, inBothBrowsers } from '../support/desks.ts'
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
  'ready',
  'who',
]

inBothBrowsers('every page of the desk', OPTIONS as never, (at, browser) => {
  test('is clean for axe, leaves nothing beyond the edge with text of double size, and opens to the Tab key', async () => {
    const { bed, page, go } = at()
    const alert = await bed.call(ARREST)
    await bed.exhaust(alert.id)
    await page.waitForSelector('.todo .task')
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
      found.push(...(await barriersOn(page, `#/${name}`)))
    }
    expect(found).toEqual([])
  })

  test('so are the pages of requests, which governance alone has', async () => {
    const { bed, page } = at()
    await bed.call({ ...ARREST, text: 'MR JONES FELL, RING WIFE JANE ON 020 7946 0018' })
    const key = { authorization: `Bearer ${KEYS.governance}`, 'content-type': 'application/json' }
    const asked = await fetch(`${bed.base}/api/v1/subjects/requests`, {
      ...{ method: 'POST', headers: key },
      body: JSON.stringify({ kind: 'access', text: 'jones', reason: 'SAR-7' }),
    })
    const { id } = z.object({ id: z.string() }).parse(await asked.json())
    const governance = await (await page.browser().createBrowserContext()).newPage()
    await governance.setViewport({ width: 1366, height: 768 })
    await governance.goto(`${bed.base}/console/#sign-in=governance-op&key=${KEYS.governance}`)
    const found: string[] = []
    for (const hash of ['#/requests', `#/request/${id}`]) {
      await governance.waitForSelector('nav ::-p-text(Requests)')
      await governance.evaluate(`(() => { location.hash = '${hash}' })()`)
      await governance.waitForSelector('#content ::-p-text(SAR-7)')
      found.push(...(await barriersOn(governance, hash)))
    }
    expect(found).toEqual([])
  })

  test('with 100 calls open at 1366 by 768 the newest emergency is in view without scrolling', async () => {
    const { bed, page } = at()
    for (let i = 0; i < 99; i++) await bed.call({ ...ARREST, place: `Ward ${i + 100}` })
    await page.waitForFunction(`document.querySelectorAll('.calls .call').length === 99`)
    await bed.call({ ...ARREST, place: 'Theatre 3' })
    for (const selector of ['.new-call', '.calls .call']) {
      const row = await page.waitForSelector(`${selector} ::-p-text(Theatre 3)`)
      const box = await row?.boundingBox()
      expect(box?.y).toBeGreaterThanOrEqual(0)
      expect((box?.y ?? 999) + (box?.height ?? 0)).toBeLessThan(768)
    }
    expect(await page.evaluate('window.scrollY')).toBe(0)
  })

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
