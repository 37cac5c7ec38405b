import { expect, test } from 'vitest'
import type { Alert } from '../../src/core/alert/alert.ts'
import { type Desk, inBothBrowsers } from '../support/desks.ts'

const OPTIONS = {
  config: {
    heartbeat: 500,
  },
  policies: {
    calls: {
      kinds: [
        {
          ...{ kind: 'adult-arrest', name: 'Adult arrest', number: '2201' },
          sheet: ['Ring 999', 'Open the doors'],
        },
        { kind: 'trauma', name: 'Adult trauma', number: '2207' },
        { kind: 'major-incident', name: 'Major incident', number: '2206', class: 'emergency', mass: true },
      ],
    },
  },
} as const satisfies Parameters<typeof inBothBrowsers>[1]

const open = ({ bed }: Desk): Promise<readonly Alert[]> =>
  bed.store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 10 }))

inBothBrowsers('starting a call', OPTIONS as never, (at) => {
  test('three keys and the place call everybody; who is rung is read back before, the steps are ticked after', async () => {
    const { bed, page, text } = at()
    await bed.enrol({ person: bed.holder('med-reg') })
    await text('Nothing needs you now.')
    await page.keyboard.press('n')
    await page.waitForSelector('[data-kind-key="1"]')
    await page.keyboard.press('1')
    await page.waitForFunction(`document.activeElement?.id === 'start-place'`)
    await page.keyboard.type('Ward 7B bed 3')
    await page.waitForFunction(
      `/^Adult arrest, Ward 7B bed 3: \\d+ people, \\d+ without a phone/.test(document.querySelector('.read-back strong')?.textContent ?? '')`,
    )
    await text('Pagers and phones, at once', '.read-back')
    expect(await open(at())).toEqual([])
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await text('calling', '.result')
    await page.waitForFunction(`location.hash.startsWith('#/alert/')`)
    // Enter twice is one call.
    const alerts = await open(at())
    expect(alerts).toHaveLength(1)
    const attempts = await bed.store.transact((tx) => tx.attempts.ofAlert(alerts[0]!.id))
    expect(attempts.map((a) => a.channel)).toContain('radio')
    await page.waitForSelector('.run-sheet input')
    await page.click('.run-sheet input')
    await text('done', '.run-sheet')
    expect((await bed.store.transact((tx) => tx.alerts.get(alerts[0]!.id)))?.ticks).toHaveProperty('Ring 999')
  })

  test('the line goes in the moment of the press: pressed again it is the same call', async () => {
    const { bed, page, text, go } = at()
    await page.evaluate(`(() => {
      const send = window.fetch
      let lost = false
      window.fetch = async (path, options) => {
        const answer = await send(path, options)
        if (lost || !String(path).endsWith('/calls') || options?.method !== 'POST') return answer
        lost = true
        throw new TypeError('the line is gone')
      }
    })()`)
    await go('#/call')
    await page.waitForSelector('[data-kind-key="1"]')
    await page.keyboard.press('1')
    await page.waitForSelector('#start-place')
    await page.keyboard.type('Ward 7B bed 3')
    await page.waitForSelector('.read-back strong')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.result.bad')
    expect(await open(at())).toHaveLength(1)
    // Whoever is not sure chooses the kind once more, and the place still stands.
    await page.click('[data-kind-key="1"]')
    await page.waitForSelector('.read-back strong')
    await page.focus('button.send')
    await page.keyboard.press('Enter')
    await text('calling', '.result')
    expect(await open(at())).toHaveLength(1)
    expect(bed.rung).toEqual([])
  })

  test('a place that was left standing is written over by the next call, not added to', async () => {
    const { page, text, go } = at()
    await go('#/call')
    await page.waitForSelector('[data-kind-key="1"]')
    await page.keyboard.press('1')
    await page.waitForSelector('#start-place')
    await page.keyboard.type('Ward 7B')
    await text('Ward 7B', '.read-back')
    await go('#/find')
    await page.waitForSelector('input[name="q"]')
    await go('#/call')
    await page.waitForSelector('[data-kind-key="2"]')
    await page.keyboard.press('2')
    await page.waitForFunction(`document.activeElement?.id === 'start-place'`)
    await page.keyboard.type('Theatre 3')
    await page.waitForFunction(
      `/^Adult trauma, Theatre 3:/.test(document.querySelector('.read-back strong')?.textContent ?? '')`,
    )
    await page.keyboard.press('Enter')
    await text('calling', '.result')
    const [alert] = await open(at())
    const bleep = await at().bed.store.transact((tx) => tx.bleeps.get(alert!.bleep))
    expect(bleep?.meaning?.place).toBe('Theatre 3')
  })

  test('a message goes to one bleep, and it works on a mobile when the switchboard is evacuated', async () => {
    const { bed, page, text, go } = at()
    await bed.enrol({ person: bed.holder('med-reg') })
    await page.setViewport({ width: 390, height: 844 })
    await go('#/call')
    await page.waitForSelector('[data-kind-key="0"]')
    await page.click('[data-kind-key="0"]')
    await page.waitForSelector('#start-to')
    await page.type('#start-to', '1113')
    await page.type('#start-text', 'Please ring 70223')
    await text('1 person', '.read-back')
    expect(
      await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
    ).toBeLessThanOrEqual(0)
    await page.click('button.send')
    await text('calling 1 person', '.result')
    expect(await open(at())).toHaveLength(1)
  })
})
