import { test } from 'vitest'
import type { AlertId } from '../../src/core/ids.ts'
import { hasChromium } from '../support/browsers.ts'
import { ARREST } from '../support/console-bed.ts'
import type { Bed } from '../support/desk-bed.ts'
import { inBothBrowsers } from '../support/desks.ts'
import { openPhone } from '../support/phone-bed.ts'

const UNSURE = { baud: 1200, addressBit: 0, endBit: 640, emittedBit: 672, words: [1] }

/** An arrest whose bed was put together from a damaged copy, in the words of a call just before. */
async function unclearArrest({ bed }: { readonly bed: Bed }): Promise<AlertId> {
  const first = await bed.call(ARREST)
  const alert = await bed.call({
    ...ARREST,
    text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
    place: 'Ward 7B, bed 3',
  })
  await bed.store.transact(async (tx) => {
    const bleep = (await tx.bleeps.get(alert.bleep))!
    const radio = { ...UNSURE, doubt: 'words', doubted: [[29, 34]] } as const
    await tx.bleeps.save({
      ...bleep,
      page: { ...bleep.page, quality: 'doubtful', radio },
      related: { bleep: first.bleep, reason: 'echo-bleep' },
    })
  })
  bed.store.wake.ring('alerts')
  return alert.id
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
})

test('a phone says so in its list and above the answers', async (ctx) => {
  if (!hasChromium()) return ctx.skip('needs Chromium')
  const { bed, page, base, context, close, enrol } = await openPhone()
  try {
    await enrol({ person: bed.holder('med-reg') })
    // The bed makes the reading unclear behind the call: the phone is to fetch both together.
    await context.setOffline(true)
    const id = await unclearArrest({ bed })
    await context.setOffline(false)
    // It opens what rang first by itself.
    await page.locator('.said').first().waitFor()
    const shot = process.env.SHOT
    await page.goto(`${base}/app/#/alert/${id}`)
    await page.locator('.notice', { hasText: 'Bed unclear: check' }).waitFor()
    await page.locator('.notice', { hasText: 'likely one call, sent again' }).waitFor()
    if (shot !== undefined) await page.screenshot({ path: `${shot}-phone.png` })
    await page.evaluate(`location.hash = '#/'`)
    await page.locator('.card', { hasText: 'Bed unclear: check' }).waitFor()
    if (shot !== undefined) await page.screenshot({ path: `${shot}-list.png` })
  } finally {
    await close()
  }
})
