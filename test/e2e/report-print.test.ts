import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { reportHtml } from '../../src/io/report/html.ts'
import { hasChromium, openChromium } from '../support/browsers.ts'
import { hospital, hospitalReport } from '../support/hospital.ts'

/** A4 less the page's own margins of 14 mm, in pixels of 1/96 inch. */
const PAPER = { width: Math.floor((182 / 25.4) * 96), height: Math.floor((269 / 25.4) * 96) }

const FIGURES = z.array(z.object({ height: z.number(), kept: z.string() }))

test('the report prints on four sheets of A4 at most, nothing is wider than the paper and no picture is cut', async (ctx) => {
  if (!hasChromium()) ctx.skip('needs Chromium')
  const browser = await openChromium()
  try {
    const page = await browser.newPage({ viewport: PAPER })
    await page.setContent(reportHtml(hospitalReport(hospital({ seed: 1 }))))
    await page.emulateMedia({ media: 'print' })
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
    if (process.env.KEEP_PRINT) writeFileSync(join(tmpdir(), 'report.pdf'), pdf)
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(4)
  } finally {
    await browser.close()
  }
})
