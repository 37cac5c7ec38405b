import { expect, test } from 'vitest'
import { hasChromium } from '../support/browsers.ts'
import { openConsole } from '../support/console-bed.ts'
import type { Call } from '../support/desk-bed.ts'

/* A request at the console, from entering it to the pack, as governance works on it. */
test('a request is entered, proved, found, decided, reviewed, approved and packed', async (ctx) => {
  if (!hasChromium()) ctx.skip('needs chromium')
  const bed = await openConsole()
  try {
    const call: Call = {
      ...{ text: 'MR JONES FELL, RING WIFE JANE ON 020 7946 0018', kind: 'met', class: 'urgent' },
      ...{ place: 'WARD 7B', roles: ['med-reg'] },
    }
    const alert = await bed.call(call)
    await bed.alerts.apply(alert.id, {
      ...{ kind: 'closed', at: bed.clock.now(), version: alert.version },
      by: { kind: 'switchboard', operator: 'op' },
    })
    const page = await bed.operator('governance')
    await page.getByRole('link', { name: 'Requests' }).click()
    await page.getByLabel('NHS number, name or words').fill('jones')
    const form = page.getByRole('region', { name: 'A new request' })
    await form.getByLabel('Case number, no name').fill('SAR-7')
    await page.getByRole('button', { name: 'Enter it' }).click()
    await page.getByRole('heading', { name: 'Copy: SAR-7' }).waitFor()
    await page.getByLabel('Who asks is proved by').selectOption('identity-document')
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    await page.getByRole('heading', { name: '1 call found' }).waitFor()
    await page.getByRole('button', { name: /^\d+ \/ \d+$/ }).click()
    const review = page.getByRole('region', { name: 'Words that may name others' })
    await review.getByText('WIFE JANE', { exact: true }).waitFor()
    await review.getByLabel('Why').fill('not theirs')
    await review.getByRole('button', { name: 'Decide' }).click()
    await page.getByRole('button', { name: /^0 \/ \d+$/ }).waitFor()
    await page.getByRole('table').getByRole('button', { name: 'Decide' }).click()
    await page.getByText('Give', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Approve' }).click()
    const waits = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Page to read' }).click()
    const pack = await waits
    expect(pack.suggestedFilename()).toBe('data.html.age')
    await page.getByRole('heading', { name: 'Letter' }).waitFor()
    await page.getByRole('button', { name: 'Carry out' }).click()
    await page.getByText('Done', { exact: false }).first().waitFor()
    await page.goto(`${bed.base}/console/#/requests`)
    await page.getByText('Answered').waitFor()
  } finally {
    await bed.close()
  }
})
