import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import type { Alert } from '../../src/core/alert/alert.ts'
import { isOnAir } from '../../src/core/deliver/channels.ts'
import type { AlertId } from '../../src/core/ids.ts'
import { HOUR } from '../../src/core/instant.ts'
import { ARREST } from '../support/console-bed.ts'
import { sha256 } from '../support/desk-bed.ts'
import { type Desk, inBothBrowsers } from '../support/desks.ts'

const SAM = 'key-of-sam-brown-for-tests'
const OPTIONS = {
  config: {
    heartbeat: 500,
    operators: [
      {
        operator: 'switchboard-op',
        role: 'switchboard',
        tokenDigest: sha256('switchboard-key-for-tests'),
      },
      { operator: 'sam.brown', role: 'switchboard', tokenDigest: sha256(SAM) },
    ],
  },
  policies: {
    calls: {
      mass: 'held-press',
      kinds: [
        { kind: 'adult-arrest', name: 'Adult arrest', number: '2201' },
        { kind: 'major-incident', name: 'Major incident', number: '2206', class: 'emergency', mass: true },
      ],
    },
  },
} as const

const open = ({ bed }: Desk): Promise<readonly Alert[]> =>
  bed.store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 10 }))
const stored = ({ bed }: Desk, id: AlertId) => bed.store.transact((tx) => tx.alerts.get(id))

inBothBrowsers('acts at the desk', OPTIONS as never, (at) => {
  const on = (page: Page, words: string, within = '') => page.waitForSelector(`${within} ::-p-text(${words})`)
  const says = (page: Page, selector: string, words: string) =>
    page.waitForFunction(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].some((e) => e.textContent.includes(${JSON.stringify(words)}))`,
      // A window behind another draws nothing, so it is looked at by the clock.
      { polling: 200 },
    )

  test('a call for many is made by a press that is held; Enter, or letting go early, does nothing', async () => {
    const { page, go } = at()
    await go('#/call')
    await page.waitForSelector('[data-kind-key="2"]')
    await page.keyboard.press('2')
    await page.waitForSelector('button.hold')
    await page.type('#start-place', 'Main entrance')
    await page.keyboard.press('Enter')
    const button = await page.$('button.hold')
    const box = await button?.boundingBox()
    if (box == null) throw new Error('no button')
    await page.mouse.move(box.x + 20, box.y + 10)
    await page.mouse.down()
    await page.waitForSelector('button.holding')
    await page.mouse.up()
    await page.waitForSelector('button.hold:not(.holding)')
    expect(await open(at())).toEqual([])
    // By the keyboard too: Space is held.
    await page.focus('button.hold')
    await page.keyboard.down(' ')
    await page.waitForFunction(`location.hash.startsWith('#/alert/')`)
    await page.keyboard.up(' ')
    expect(await open(at())).toHaveLength(1)
  })

  test('a page by radio alone: going out, then out, then failed, each said beside the press', async () => {
    const { bed, page, text } = at()
    const alert = await bed.call(ARREST)
    await bed.exhaust(alert.id)
    const onAir = async () => {
      const all = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
      return all.filter((a) => isOnAir(a.channel)).toSorted((a, b) => b.created - a.created)
    }
    await page.waitForSelector('.task [data-does="radio"]')
    const asked = (await stored(at(), alert.id))?.radioed
    await page.click('.task [data-does="radio"]')
    await expect.poll(async () => (await stored(at(), alert.id))?.radioed).not.toBe(asked)
    await text('Radio page going out', '.task .radio')
    for (const [state, words] of [
      ['taken', 'Paged by radio at'],
      ['dead', 'did not go out'],
    ] as const) {
      const [last] = await onAir()
      if (last === undefined) throw new Error('nothing for the air')
      await bed.store.transact((tx) => tx.attempts.save({ ...last, state }, last.state, bed.clock.now()))
      bed.store.wake.ring('alerts')
      await text(words, '.task .radio')
      if (state === 'taken') {
        await page.click('.task [data-does="radio"]')
        await text('Radio page going out', '.task .radio')
      }
    }
  })

  test('by keyboard alone: a call is started, an answer recorded and taken back, one call stood down, one finished', async () => {
    const { bed, page, text, tabTo } = at()
    await page.keyboard.press('n')
    await page.waitForSelector('[data-kind-key="1"]')
    await page.keyboard.press('1')
    await page.waitForFunction(`document.activeElement?.id === 'start-place'`)
    await page.keyboard.type('Ward 7B bed 3')
    await text('Adult arrest, Ward 7B bed 3', '.read-back')
    await page.keyboard.press('Enter')
    await page.waitForFunction(`location.hash.startsWith('#/alert/')`)
    const [started] = await open(at())
    if (started === undefined) throw new Error('nothing started')
    await bed.exhaust(started.id)
    await page.keyboard.press('b')
    await page.waitForSelector('.todo .task')
    await page.keyboard.press('1')
    await page.waitForSelector('.task:focus')
    await tabTo('Coming')
    await page.keyboard.press('Enter')
    await text('recorded as coming', '.result')
    const accepted = async () =>
      Object.values((await stored(at(), started.id))?.responders ?? {}).filter((r) => r.state === 'accepted')
    expect(await accepted()).toHaveLength(1)
    // The next press carries the version on the screen: somebody who looks waits for it.
    await page.waitForSelector('.calls .people .coming')
    await tabTo('Undo', 'Shift')
    await page.keyboard.press('Enter')
    await expect.poll(accepted).toEqual([])
    await page.waitForFunction(`document.querySelector('.calls .people .coming') === null`)
    await tabTo('Stand down')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.reasons')
    await tabTo('False alarm')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await stored(at(), started.id))?.closed?.reason).toBe('false-alarm')
    const other = await bed.call({ ...ARREST, place: 'Theatre 3' })
    await text('Theatre 3', '.calls')
    await tabTo('Finish')
    await page.keyboard.press('Enter')
    await text('Team incomplete. Sure?')
    expect((await stored(at(), other.id))?.phase).not.toBe('closed')
    // On a slow machine the question has gone again, and is asked once more.
    const finished = async () => {
      await page.keyboard.press('Enter')
      return (await stored(at(), other.id))?.phase
    }
    await expect.poll(finished, { interval: 1500 }).toBe('closed')
  })

  test('Enter that bounces, or is held down, finishes nothing: the question has to be read first', async () => {
    const { bed, page, text } = at()
    const alert = await bed.call(ARREST)
    await page.waitForSelector('.calls .sure')
    await page.evaluate(`(() => {
      for (let i = 0; i < 9; i++) document.querySelector('.calls .sure').click()
    })()`)
    await text('Team incomplete. Sure?')
    await page.waitForSelector('.sure.asking:not([aria-disabled])')
    expect((await stored(at(), alert.id))?.phase).not.toBe('closed')
  })

  test('two operators: each board names who acts, and the record names who did what', async () => {
    const { bed, page, another } = at()
    const sam = await another('sam.brown', SAM)
    const alert = await bed.call(ARREST)
    await bed.exhaust(alert.id)
    await sam.waitForSelector('.task [data-does="take-over"]')
    await sam.click('.task [data-does="take-over"]')
    for (const board of [page, sam]) {
      await says(board, '.task .acting', 'sam.brown is acting on it since')
      await says(board, '.call .foot', 'sam.brown is acting on it')
    }
    // Both press at the same version: one answer counts, and both see it.
    await page.waitForSelector('.task .answers button')
    const press = `document.querySelector('.task .answers button')?.click()`
    await Promise.all([page.evaluate(press), sam.evaluate(press)])
    await expect
      .poll(
        async () =>
          Object.values((await stored(at(), alert.id))?.responders ?? {}).filter(
            (r) => r.state === 'accepted',
          ).length,
      )
      .toBe(1)
    await sam.evaluate(`location.hash = '#/alert/${alert.id}'`)
    await page.waitForSelector('.calls .people .coming')
    await page.waitForSelector('.calls .call .end-call')
    await page.click('.calls .call .end-call > button:last-of-type')
    await on(page, 'Enough people', '.reasons').then((button) => button?.click())
    await says(sam, '.must', 'Stood down: enough people are there (switchboard-op')
    const line = String(await sam.evaluate('document.body.innerText'))
    expect(line).toContain('sam.brown')
    expect(line).toContain('switchboard-op')
    expect(line).not.toMatch(/a person closed|by switchboard(?! \()/i)
  })

  test('what speaks against a forced hand-over is read before it is made', async () => {
    const { bed, page, go } = at()
    const busy = bed.holder('anaes-reg')
    const name = bed.roster.current().people.get(busy)?.name ?? ''
    const now = bed.clock.now()
    await bed.roster.edit('test', {
      ...{ kind: 'leave', person: bed.holder('surg-f1'), from: now - 1, to: now + HOUR },
    })
    await go('#/rota')
    await page.waitForSelector('#force-role')
    await page.select('#force-role', 'med-reg')
    await page.type('#force-to', name)
    await page.click('button[value="now"]')
    await says(page, '.result', 'one person cannot go to two calls')
    expect(bed.holder('med-reg')).not.toBe(busy)
    await on(page, 'Put them on all the same', '.result').then((button) => button?.click())
    await says(page, '.result', `${name} has Medical registrar now`)
    expect(bed.holder('med-reg')).toBe(busy)
  })
})
