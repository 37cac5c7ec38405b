import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { Report } from '../../src/core/measure/report/report.ts'
import { reportHtml } from '../../src/io/report/html.ts'
import { hasChromium, openChromium } from '../support/browsers.ts'
import { hospital, hospitalReport } from '../support/hospital.ts'
import { wholeReport } from '../support/whole-report.ts'

/** A4 less the page's own margins of 14 mm, in pixels of 1/96 inch. */
const PAPER = { width: Math.floor((182 / 25.4) * 96), height: Math.floor((269 / 25.4) * 96) }

const FIGURES = z.array(z.object({ height: z.number(), kept: z.string() }))
const ROWS = z.array(z.array(z.string()))
const HOSPITAL = hospital({ seed: 1 })

let browser: Browser
beforeAll(async () => {
  if (hasChromium()) browser = await openChromium()
})
afterAll(() => browser?.close())
beforeEach((ctx) => {
  if (!hasChromium()) ctx.skip('needs Chromium')
})

async function printed(report: Report): Promise<Page> {
  const page = await browser.newPage({ viewport: PAPER })
  await page.setContent(reportHtml(report))
  await page.emulateMedia({ media: 'print' })
  return page
}

const REPORTS: readonly [what: string, report: Report, sheets: number][] = [
  ['a month without emergencies', hospitalReport(HOSPITAL), 5],
  ['emergencies, two nodes and a transmitter that was not heard', wholeReport(HOSPITAL), 7],
]

test.each(REPORTS)(
  'on few sheets of A4, with nothing wider than the paper and no picture cut: %s',
  async (_, report, sheets) => {
    const page = await printed(report)
    // As text, because tests know no document.
    const wide = await page.evaluate(`[...document.querySelectorAll('body *')]
      .filter((e) => e.getBoundingClientRect().right > ${PAPER.width + 1} || e.scrollWidth > e.clientWidth + 1)
      .filter((e) => getComputedStyle(e).display !== 'inline' && !e.closest('svg'))
      .map((e) => e.outerHTML.slice(0, 80))`)
    expect(wide).toEqual([])
    const figures = FIGURES.parse(
      await page.evaluate(`[...document.querySelectorAll('figure')].map((e) => ({
        height: e.getBoundingClientRect().height,
        kept: getComputedStyle(e).breakInside,
      }))`),
    )
    expect(figures.length).toBeGreaterThan(2)
    for (const { height, kept } of figures) {
      expect(kept).toBe('avoid')
      // Two to a sheet: one that fits only on a sheet of its own leaves the sheet before it half empty.
      expect(height).toBeLessThan(PAPER.height / 2)
    }
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true })
    if (process.env.KEEP_PRINT) writeFileSync(join(tmpdir(), `report-${sheets}.pdf`), pdf)
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(sheets)
  },
)

test('on paper stand the emergencies by their own clock, and what worked of lines, transmitters and machines', async () => {
  const page = await printed(wholeReport(HOSPITAL))
  const rows = async (heading: string) => {
    const found = await page.evaluate(`[...document.querySelectorAll('section')]
      .find((s) => s.querySelector('h2').innerText === '${heading}')
      .innerText`)
    const cells = await page.evaluate(`[...document.querySelectorAll('section')]
      .filter((s) => s.querySelector('h2').innerText === '${heading}')
      .flatMap((s) => [...s.querySelectorAll('tbody tr')])
      .map((row) => [...row.cells].map((cell) => cell.innerText))`)
    return { text: z.string().parse(found), cells: ROWS.parse(cells) }
  }
  const emergencies = await rows('Emergencies')
  expect(emergencies.text).toContain(
    '40 emergency bleeps. 38 of them (95 %) were on a first team member’s phone within 5 s; 2 were not. Emergencies are not part of time saved.',
  )
  expect(emergencies.cells).toEqual([
    ['Friday 9 October 2026 10:52', 'Ward 7B', 'The first phone said so too late', '7.4 s'],
    ['Wednesday 14 October 2026 14:20', 'not stated', 'The first phone said so too late', '7.4 s'],
    ['a first phone', '40', '2.3 s', '3.2 s', '7.4 s'],
    ['a first acceptance', '40', '9.4 s', '10 s', '15 s'],
    ['every needed role coming', '40', '70 s', '87 s', '89 s'],
  ])
  expect(await page.locator('figure.hops svg').count()).toBe(3)
  const hardware = await rows('Lines, transmitters and machines')
  expect(hardware.cells).toEqual([
    ['Line in: Roof receiver, north', 'well', '99.8 %', '47', ''],
    ['Line in: Switchboard, north', 'well', '100 %', '0', ''],
    [
      ...['Line in: Cellar receiver, south', 'down', '99.99 %', '2'],
      'Nothing was heard on the line for longer than its profile allows',
    ],
    [
      ...['Transmitter: Roof receiver, north', 'works, look at it', '100 %', '0'],
      'A page that the switchboard asked for was not heard on the air, or only garbled',
    ],
    ['Push by webpush, north', 'well', '100 %', '0', ''],
    ['Phones: doctor', 'well', '100 %', '0', ''],
    ['Phones: nurse', 'not known', '–', '0', ''],
    ['Database, north', 'well', '100 %', '0', ''],
    ['Database, south', 'well', '100 %', '0', ''],
    ['MQTT broker, north', 'well', '100 %', '0', ''],
    ['The bridge’s own computer, north', 'well', '100 %', '0', ''],
    [
      ...['The bridge’s own computer, south', 'works, look at it', '100 %', '0'],
      'Little space is left where the database lies',
    ],
    ['roof, north', '1,204', '1,180', '18', '6', '2.4 s', '31 s'],
  ])
})
