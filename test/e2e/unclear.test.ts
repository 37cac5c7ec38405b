import { test } from 'vitest'
import type { AlertId } from '../../src/core/ids.ts'
import { ARREST } from '../support/console-bed.ts'
import type { Bed } from '../support/desk-bed.ts'
import { inBothBrowsers } from '../support/desks.ts'
import { SWITCHBOARD } from '../support/phone-bed.ts'

const UNSURE = { baud: 1200, addressBit: 0, endBit: 640, emittedBit: 672, words: [1] }

/** An arrest whose bed was put together from a damaged copy, in the words of a call just before. */
async function unclearArrest({ bed }: { readonly bed: Bed }): Promise<AlertId> {
  const first = await bed.call(ARREST)
  const radio = { ...UNSURE, doubt: 'words', doubted: [[29, 34]] } as const
  const { id } = await bed.call({
    ...ARREST,
    text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
    place: 'Ward 7B, bed 3',
    read: { quality: 'doubtful', radio },
    related: { bleep: first.bleep, reason: 'echo-bleep' },
  })
  return id
}

inBothBrowsers('a call of which not all is sure', { config: { heartbeat: 500 } } as never, (at, browser) => {
  test('says so on the board, in what to do now and on its own page, and that it is likely one call', async () => {
    const { page, text, go } = at()
    const id = await unclearArrest(at())
    await at().bed.exhaust(id)
    const likely = 'Same words as a call just before: likely one call, sent again'
    for (const where of ['.call.emergency', '.task']) {
      await text('Bed unclear: check', where)
      await text(likely, where)
    }
    const shot = process.env.SHOT
    if (shot !== undefined) await page.screenshot({ path: `${shot}-${browser}-board.png` })
    await go(`#/alert/${id}`)
    await text('Bed unclear: check')
    await text(likely)
  })

  test('says so on a phone, in its list and above the answers', async () => {
    const { bed, page: desk } = at()
    const code = await bed.desk.code(SWITCHBOARD, { kind: 'person', person: bed.holder('med-reg') })
    if (!code.ok) throw new Error(code.fault.code)
    const context = await desk.browser().createBrowserContext()
    const page = await context.newPage()
    await page.setViewport({ width: 390, height: 844 })
    await page.bringToFront()
    const text = (words: string, within: string) =>
      page.waitForSelector(`${within} ::-p-text(${words})`).catch(async () => {
        throw new Error(`no “${words}” in: ${String(await page.evaluate('document.body.innerText'))}`)
      })
    await page.goto(`${bed.base}/app/#enrol=${code.value.code}`)
    await (await text('Set up this phone', 'button'))?.click()
    await text('Does this phone ring?', '')
    await page.goto(`${bed.base}/app/#/`)
    const id = await unclearArrest(at())
    // It opens what rang first by itself.
    await page.waitForSelector('.said')
    await page.evaluate(`location.hash = '#/alert/${id}'`)
    await text('Bed unclear: check', '.notice')
    await text('likely one call, sent again', '.notice')
    const shot = process.env.SHOT
    if (shot !== undefined) await page.screenshot({ path: `${shot}-${browser}-phone.png` })
    await page.evaluate(`location.hash = '#/'`)
    await text('Bed unclear: check', '.card')
    if (shot !== undefined) await page.screenshot({ path: `${shot}-${browser}-list.png` })
    await context.close()
  })
})
