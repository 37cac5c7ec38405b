import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { FIREFOX } from '../support/browsers.ts'
import { ARREST, type ConsoleBed, openConsole } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'

/*
 * What comes out of Firefox's own printing, with its settings as they are delivered, on paper that a file stands for. What
 * its debugging protocol prints leaves out the margins, and the numbers of the pages stand there.
 */
const PRINTER = 'print.printer_Mozilla_Save_to_PDF'
const NEEDS = 'needs Firefox ESR and poppler-utils'
const here = existsSync(FIREFOX) && installed('pdftotext')
const folder = mkdtempSync(join(tmpdir(), 'bleep-print-'))
const paper = join(folder, 'paper.pdf')

let bed: ConsoleBed
let browser: Browser
let page: Page

beforeAll(async () => {
  if (!here) return
  bed = await openConsole()
  browser = await puppeteer.launch({
    ...{ browser: 'firefox', executablePath: FIREFOX, headless: true },
    extraPrefsFirefox: {
      ...{ 'print.always_print_silent': true, print_printer: 'Mozilla Save to PDF' },
      ...{ [`${PRINTER}.print_to_file`]: true, [`${PRINTER}.print_to_filename`]: paper },
    },
  })
  page = await browser.newPage()
  await page.goto(`${bed.base}/console/#sign-in=switchboard-op&key=${KEYS.switchboard}`)
  await page.waitForSelector('nav ::-p-text(Start a call)')
})
afterAll(async () => {
  await browser?.close()
  await bed?.close()
  removeFolder(folder)
})
beforeEach((ctx) => {
  if (!here) ctx.skip(NEEDS)
})

/** The words of each sheet that has just been printed. */
async function sheets(): Promise<readonly string[]> {
  // It is written in pieces, and whole once it ends as such a file does.
  const isWhole = () => existsSync(paper) && readFileSync(paper).subarray(-8).includes('%%EOF')
  await expect.poll(isWhole).toBe(true)
  const { stdout } = spawnSync('pdftotext', ['-layout', paper, '-'])
  removeFile()
  return String(stdout).split('\f').slice(0, -1)
}
const removeFile = () => rmSync(paper, { force: true })

/** Each sheet says which it is, and of how many. */
const numbered = (all: readonly string[]) =>
  all.map((_, i) => expect.stringContaining(`${i + 1} of ${all.length}`))

test('a call with its whole record has the number of each page, and how many there are', async () => {
  const alert = await bed.call(ARREST)
  await bed.exhaust(alert.id)
  await page.evaluate(`(() => { location.hash = '#/alert/${alert.id}' })()`)
  await (await page.waitForSelector('button ::-p-text(Print with full record)'))?.click()
  const all = await sheets()
  expect(all.length).toBeGreaterThan(1)
  expect(all).toEqual(numbered(all))
})

test('so has the sheet of the shift', async () => {
  for (let i = 0; i < 40; i++) await bed.call({ ...ARREST, place: `Ward ${i + 1}` })
  await page.goto(`${bed.base}/api/v1/shift-log`)
  await page.evaluate('print()')
  const all = await sheets()
  expect(all.length).toBeGreaterThan(1)
  expect(all).toEqual(numbered(all))
  // The head of the table stands on each, so that a sheet alone can be read.
  for (const sheet of all) expect(sheet).toMatch(/When\s+Call/)
})
