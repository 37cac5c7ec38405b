import { expect, test } from 'vitest'
import { sha256 } from '../support/desk-bed.ts'
import { inBothBrowsers } from '../support/desks.ts'

const SAM = 'key-of-sam-brown-for-tests'
const OPTIONS = {
  config: {
    heartbeat: 500,
    operators: [
      {
        ...{ operator: 'switchboard-op', role: 'switchboard' },
        tokenDigest: sha256('switchboard-key-for-tests'),
      },
      { operator: 'sam.brown', role: 'switchboard', tokenDigest: sha256(SAM) },
    ],
  },
  policies: {
    calls: {
      mass: 'two-people',
      kinds: [
        { kind: 'major-incident', name: 'Major incident', number: '2206', class: 'emergency', mass: true },
      ],
    },
  },
} as const

inBothBrowsers('a call for many', OPTIONS as never, (at) => {
  test('waits for a second operator, who reads on any page what was asked and sends it; whoever asked cannot', async () => {
    const { bed, page, text, go, another } = at()
    const open = () => bed.store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 10 }))
    const sam = await another('sam.brown', SAM)
    await sam.evaluate(`(() => { location.hash = '#/rota' })()`)
    await go('#/call')
    await page.waitForSelector('[data-kind-key="1"]')
    await page.keyboard.press('1')
    await page.waitForSelector('#start-place')
    await page.type('#start-place', 'Main entrance')
    await text('Ask a second operator to confirm', 'button')
    await (await page.waitForSelector('button ::-p-text(Ask a second operator to confirm)'))?.click()
    await text('Major incident, Main entrance', '.notice')
    expect(await page.$('.notice.second button')).toBeNull()
    expect(await open()).toEqual([])

    // Windows behind another draw nothing, so it is looked at by the clock.
    const waits = { polling: 200 } as const
    await sam.waitForFunction(
      `document.querySelector('.notice.second')?.textContent.includes('switchboard-op')`,
      waits,
    )
    await sam.bringToFront()
    await (await sam.waitForSelector('.notice.second button'))?.click()
    await sam.waitForFunction(`location.hash.startsWith('#/alert/')`, waits)
    const [alert, ...others] = await open()
    expect(others).toEqual([])
    expect(alert?.plan.class).toBe('emergency')
    // It waits no more on either board.
    await page.bringToFront()
    await page.waitForFunction(`document.querySelector('.notice[role=status]') === null`, waits)
  })
})
