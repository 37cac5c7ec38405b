import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { systemClock } from '../../src/io/clock.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { createRequests } from '../../src/run/keep/requests.ts'
import { aBleep, anAlert } from '../contract/store.ts'
import { barriersOn, inBothBrowsers } from '../support/desks.ts'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'
import { smallSite } from '../support/small-site.ts'

/* The pack for a person is a page that stands alone and prints: from a file, with nothing fetched from anywhere. */
const folder = mkdtempSync(join(tmpdir(), 'bleepd-pack-'))
afterAll(() => removeFolder(folder))
const AT = Date.UTC(2026, 10, 20, 3, 14)
const CALLS = 14
const LONG = Array.from({ length: 40 }, (_, i) => `PLEASE SEE AGAIN ${i}`).join(', ')

async function packed(): Promise<{ readonly html: string; readonly letter: string }> {
  const store = await openSqlite(':memory:')
  await store.transact(async (tx) => {
    for (let i = 0; i < CALLS; i++) {
      const text = i === 3 ? `MR JONES ${LONG}` : `MR JONES <b>${i}</b> & CO, RING WIFE JANE`
      const page = { ...aBleep('x').page, text, firstByte: AT, lastByte: AT }
      await tx.bleeps.add(aBleep(`b${i}`, { page, stage: 'routed', received: AT + i * 60_000 }))
      await tx.alerts.add(anAlert(`a${i}`, `b${i}`, { phase: 'closed', raised: AT + i * 60_000 }), [])
    }
  })
  const requests = createRequests({
    ...{ store, clock: systemClock(() => undefined), random: { bytes: (n) => new Uint8Array(n) } },
    ...{ directory: () => buildDirectory(smallSite()), rules: { twoPeople: false } },
    ...{ sealer: { seal: async (plain) => plain }, ledger: undefined, captures: undefined },
  })
  const view = <T>(said: { readonly ok: boolean; readonly value?: T }): T => {
    if (said.value === undefined) throw new Error(JSON.stringify(said))
    return said.value
  }
  const about = { text: 'jones' }
  const { id } = view(await requests.open('ig', { kind: 'access', about } as never, 'SAR-7'))
  await requests.step('ig', id, { kind: 'verified', how: 'identity-document' })
  const { items = [] } = view(await requests.find('ig', id))
  for (const { bleep } of items) {
    const { places } = view(await requests.review('ig', id, bleep as never))
    const decided = places.map(({ place }) => ({ place, hide: true, because: 'not theirs' }))
    await requests.step('ig', id, { kind: 'reviewed', bleep: bleep as never, places: decided })
  }
  const give = items.map(({ bleep }) => ({ bleep: bleep as never, what: 'give' as const }))
  await requests.step('ig', id, { kind: 'decided', items: give })
  const approved = view(await requests.step('ig', id, { kind: 'approved' }))
  const { page } = view(await requests.pack('ig', id, 'a passphrase'))
  await store.close()
  return { html: new TextDecoder().decode(page), letter: approved.letter ?? '' }
}

inBothBrowsers('The pack for a person', {}, (desk, browser) => {
  test('it reads from a file without barriers, and prints whole on numbered sheets of A4', async (ctx) => {
    const { html, letter } = await packed()
    expect(letter).toMatch(new RegExp(`\\b${CALLS}\\b`))
    expect(html).not.toMatch(/JANE|<script|https?:\/\//)
    const file = join(folder, `${browser}.html`)
    writeFileSync(file, html)
    const page = await (await desk().page.browser().createBrowserContext()).newPage()
    await page.setViewport({ width: 1366, height: 768 })
    await page.goto(pathToFileURL(file).href)
    expect(await page.evaluate('document.documentElement.lang')).toMatch(/^en/)
    expect(await barriersOn(page, 'pack')).toEqual([])
    if (!installed('pdftotext')) return ctx.skip('needs poppler-utils')
    const { stdout } = spawnSync('pdftotext', ['-layout', '-', '-'], {
      input: Buffer.from(await page.pdf({ format: 'A4' })),
    })
    const sheets = String(stdout).split('\f').slice(0, -1)
    expect(sheets.length).toBeGreaterThan(1)
    // What Firefox prints by its protocol leaves out the margins: see firefox-print.test.ts.
    if (browser === 'chrome') expect(sheets[0]).toMatch(new RegExp(`\\b1\\s?/\\s?${sheets.length}\\b`))
    const all = sheets.join(' ').replace(/\s+/g, ' ')
    for (let i = 0; i < CALLS; i++)
      expect(all).toContain(i === 3 ? 'MR JONES PLEASE SEE' : `MR JONES <b>${i}</b>`)
    expect(all).toContain('PLEASE SEE AGAIN 39')
    expect(all).toContain('[relative or friend]')
  }, 240_000)
})
