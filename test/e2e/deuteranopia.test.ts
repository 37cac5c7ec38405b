import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { contrastWithoutGreen, type Rgb } from '../support/colour-sight.ts'
import { ARREST } from '../support/console-bed.ts'
import { KEYS } from '../support/desk-bed.ts'
import { inBothBrowsers } from '../support/desks.ts'

/** Text on its ground, as it is painted. */
interface Painted {
  readonly text: string
  readonly ink: Rgb
  readonly ground: Rgb
  readonly large: boolean
}

/** What of a row is not colour: its frame's lines, and the shapes and words that say its state. */
interface Row {
  readonly state: string
  readonly look: string
}

/** Every text of the page with the colours it is painted in, washes over what lies behind them. */
const PAINTED = `(() => {
  const parts = (c) => (c.match(/[\\d.]+/g) ?? []).map(Number)
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((x, i) => Math.round(x * a + under[i] * (1 - a)))
  const groundOf = (e) => {
    const layers = []
    for (let at = e; at !== null; at = at.parentElement) layers.unshift(parts(getComputedStyle(at).backgroundColor))
    return layers.reduce((under, layer) => (layer[3] === 0 ? under : over(layer, under)), [255, 255, 255])
  }
  return JSON.stringify([...document.querySelectorAll('body *')].flatMap((e) => {
    const text = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join(' ').trim()
    if (text === '' || e.getClientRects().length === 0 || e.closest('.away, .skip, option, #stopped') !== null) return []
    const style = getComputedStyle(e)
    if (style.visibility !== 'visible' || parseFloat(style.fontSize) === 0) return []
    const size = parseFloat(style.fontSize)
    const ground = groundOf(e)
    return [{
      text: text.slice(0, 40),
      ink: over(parts(style.color), ground),
      ground,
      large: size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700),
    }]
  }))
})()`

/** Rows of one sort, by the state that their colour tells. */
const rowsOf = (
  rows: string,
  says: string,
) => `JSON.stringify([...document.querySelectorAll('${rows}')].map((e) => {
  const style = getComputedStyle(e)
  return {
    state: e.className.trim(),
    look: [style.borderTopStyle, style.borderTopWidth, style.borderLeftStyle, style.borderLeftWidth,
      ...[...e.querySelectorAll('${says}')].map((s) => s.textContent.trim() + s.innerHTML.replace(/<!--.*?-->/g, ''))].join(' '),
  }
}))`

async function read<T>(page: Page, script: string): Promise<readonly T[]> {
  return JSON.parse(String(await page.evaluate(script))) as T[]
}

/** Texts that such eyes cannot read well (WCAG 2.2, 1.4.3, after the transformation). */
async function pale(page: Page): Promise<readonly string[]> {
  const all = await read<Painted>(page, PAINTED)
  expect(all.length).toBeGreaterThan(5)
  return all.flatMap(({ text, ink, ground, large }) => {
    const ratio = contrastWithoutGreen(ink, ground)
    return ratio >= (large ? 3 : 4.5) ? [] : [`${text}: ${ratio.toFixed(2)} (${ink} on ${ground})`]
  })
}

/** Two states that nothing but a colour tells apart. */
async function alike(page: Page, rows: string, says: string): Promise<readonly string[]> {
  const all = await read<Row>(page, rowsOf(rows, says))
  const states = new Map(all.map(({ state, look }) => [state, look]))
  expect(states.size, rows).toBeGreaterThan(1)
  return [...states].flatMap(([state, look]) =>
    [...states]
      .filter(([other, same]) => other < state && same === look)
      .map(([other]) => `${other} = ${state}`),
  )
}

test('red and amber are one colour to such eyes', () => {
  expect(contrastWithoutGreen([0xb0, 0x00, 0x20], [0x8f, 0x47, 0x00])).toBeLessThan(1.5)
  expect(contrastWithoutGreen([0, 0, 0], [255, 255, 255])).toBeCloseTo(21)
})

inBothBrowsers('to eyes that see no green, the desk', { config: { heartbeat: 2000 } }, (at, browser) => {
  test('tells every state by a shape or a word, and stays readable, by day and by night', async () => {
    const { bed, page, text } = at()
    const arrest = await bed.call(ARREST)
    await bed.exhaust(arrest.id)
    const urgent = await bed.call({ ...ARREST, class: 'urgent', kind: 'fast-bleep', place: 'Ward 3' })
    await bed.exhaust(urgent.id)
    await bed.call({ ...ARREST, class: 'routine', kind: 'message', place: 'Ward 5', roles: ['med-reg'] })
    await bed.call({ ...ARREST, place: 'Ward 9' })
    const covered = await bed.call({ ...ARREST, place: 'Theatre 3' })
    for (const role of ARREST.roles) {
      const now = await bed.store.transact((tx) => tx.alerts.get(covered.id))
      await bed.answer(now ?? covered, role, 'accepted')
    }
    await page.waitForSelector('.call.covered')
    await text('Ward 3', '.task')
    const wall = await (await page.browser().createBrowserContext()).newPage()
    await wall.setViewport({ width: 1920, height: 1080 })
    await wall.goto(`${bed.base}/console/#sign-in=wall-op&key=${KEYS.wall}`)
    await wall.waitForSelector('.wall-call.covered')
    for (const scheme of browser === 'chrome' ? ['light', 'dark'] : ['as it is']) {
      if (browser === 'chrome')
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      expect(await pale(page), scheme).toEqual([])
      expect(await alike(page, '.task', '.level, .badge'), scheme).toEqual([])
      expect(await alike(page, '.call, .short', '.badge, .phase, .gap, .must'), scheme).toEqual([])
      expect(await alike(page, '.people li', '.mark, .doing'), scheme).toEqual([])
      expect(await alike(page, '.badge', '*'), scheme).toEqual([])
    }
    expect(await pale(wall)).toEqual([])
    expect(await alike(wall, '.wall-call', '.wall-stands strong')).toEqual([])
    // That it is an alarm is said in words as well as by the red.
    expect(String(await wall.evaluate(`document.querySelector('.wall h1').innerText`))).toMatch(/emergenc/i)
  })
})
