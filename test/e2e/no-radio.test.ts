import { expect, test } from 'vitest'
import { ARREST } from '../support/console-bed.ts'
import { type Desk, inBothBrowsers } from '../support/desks.ts'

/** Everything on board and page of an exhausted arrest that offers the radio. */
async function offered({ bed, page, go, text }: Desk): Promise<[board: boolean, alert: boolean]> {
  const alert = await bed.call(ARREST)
  await bed.exhaust(alert.id)
  const shows = async () => (await page.$('[data-does="radio"]')) !== null
  await page.waitForSelector('.todo .task')
  const board = await shows()
  await go(`#/alert/${alert.id}`)
  await text('Stand down')
  return [board, await shows()]
}

for (const radio of [false, true])
  inBothBrowsers(radio ? 'a site with a radio' : 'a site without a radio', { radio }, (at) => {
    test(radio ? 'offers to page by it again' : 'offers nothing that it cannot do', async () => {
      expect(await offered(at())).toEqual([radio, radio])
    })
  })
