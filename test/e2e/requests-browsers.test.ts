import { expect, test } from 'vitest'
import { KEYS } from '../support/desk-bed.ts'
import { inBothBrowsers } from '../support/desks.ts'

inBothBrowsers('Requests for governance', {}, (desk) => {
  test('a request is entered and found; an incident pack is read on the page and saved', async () => {
    const { bed, page: switchboard } = desk()
    const alert = await bed.call({
      ...{ text: 'MR JONES FELL', kind: 'met', class: 'urgent', place: 'WARD 7B', roles: ['med-reg'] },
    })
    await bed.alerts.apply(alert.id, {
      ...{ kind: 'closed', at: bed.clock.now(), version: alert.version },
      by: { kind: 'switchboard', operator: 'op' },
    })
    const context = await switchboard.browser().createBrowserContext()
    const page = await context.newPage()
    await page.setViewport({ width: 1366, height: 768 })
    await page.goto(`${bed.base}/console/#sign-in=governance-op&key=${KEYS.governance}`)
    await page.waitForSelector('nav ::-p-text(Requests)')
    await page.evaluate("location.hash = '#/requests'")
    const text = () => page.evaluate('document.body.innerText')
    await (await page.waitForSelector('#req-text'))?.type('jones')
    const reason = await page.waitForSelector('#req-reason')
    await reason?.type('SAR-7')
    await page.evaluate(
      "[...document.querySelectorAll('button')].find((b) => b.innerText === 'Enter it').click()",
    )
    await expect.poll(text).toContain('Copy: SAR-7')
    await page.evaluate(`{
      const pick = [...document.querySelectorAll('select')].find((one) => one.querySelector('[value=identity-document]'))
      pick.value = 'identity-document'
      pick.dispatchEvent(new Event('change', { bubbles: true }))
    }`)
    await page.waitForFunction("[...document.querySelectorAll('button')].some((b) => b.innerText === 'Find')")
    await page.evaluate(
      "[...document.querySelectorAll('button')].find((b) => b.innerText === 'Find').click()",
    )
    await expect.poll(text).toContain('1 call found')

    await page.evaluate("location.hash = '#/requests'")
    await (await page.waitForSelector('#inc-id'))?.type(alert.id)
    await page.evaluate(`{
      const form = document.querySelector('#inc-id').closest('form')
      form.querySelector('[name=reason]').value = 'SI-2026-11'
      // What is saved is handed to the browser as a blob.
      const own = URL.createObjectURL
      URL.createObjectURL = (blob) => {
        blob.text().then((pack) => { globalThis.saved = pack })
        return own.call(URL, blob)
      }
      form.querySelector('[value=jsonl]').click()
    }`)
    const saved = () => page.evaluate('globalThis.saved')
    await expect.poll(saved).toContain('signature')
    const pack = String(await saved())
    // Minute by minute, to its signed end.
    expect(pack).toContain('"sort":"minute"')
    await context.close()
  })
})
