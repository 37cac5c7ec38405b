import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { dailyTestSchema, windowAfter, windowAt } from '../../src/core/alert/daily-test.ts'
import { takeRoll } from '../../src/core/alert/roll-call.ts'
import { dayAt, printDay } from '../../src/core/directory/civil.ts'
import { asId, type BleepId, type TeamId } from '../../src/core/ids.ts'
import { DAY, HOUR } from '../../src/core/instant.ts'
import { NODE_PARTS, type NodePart, type Reading } from '../../src/core/measure/node-parts.ts'
import { observe, watched } from '../../src/core/measure/watch/availability.ts'
import { systemClock } from '../../src/io/clock.ts'
import { axeOn, hasChromium } from '../support/browsers.ts'
import { type Cable, startCable } from '../support/cable.ts'
import { ARREST, type ConsoleBed, openConsole } from '../support/console-bed.ts'
import { FEEDS } from '../support/desk-bed.ts'

/** A whole day's window, so that it has always opened whatever the hour. */
const DAILY = dailyTestSchema.parse({ id: 'crash', number: '2299', from: '00:00', to: '23:59' })
const clock = systemClock(() => {})
const asked: string[] = []

let bed: ConsoleBed
let page: Page
let cable: Cable

beforeAll(async () => {
  if (!hasChromium()) return
  bed = await openConsole({
    clock,
    config: { heartbeat: 500 },
    parts: { shifts: () => [{ name: 'night', from: clock.now() - 12 * HOUR, to: clock.now() }] },
    dailyTests: async () => {
      const directory = bed.roster.current()
      const window = windowAt(DAILY, clock.now() - DAY, directory.zone)!
      const to = { kind: 'team', team: asId<TeamId>('adult-crash') } as const
      const roll = takeRoll(DAILY, window, to, [], directory, clock.now())
      return [{ test: DAILY, next: windowAfter(DAILY, clock.now(), directory.zone)!, rolls: [roll] }]
    },
    desk: {
      entered: ['nudge'],
      ready: async () => ({ status: 'ready', reasons: [] }),
      found: () => {
        const at = clock.now()
        const month = printDay(dayAt(at, bed.roster.current().zone)).slice(0, 7)
        const line = (subject: string) =>
          watched('feed', subject, `Line ${subject}`, at - HOUR, month, 90_000)
        const fault = { kind: 'said', at, fault: 'port-absent' } as const
        const ours = (part: NodePart, reading: Reading) =>
          observe(watched('node', part, NODE_PARTS[part].label, at - HOUR, '2026-11'), {
            ...{ kind: 'said', at, reading },
          })
        return {
          feeds: FEEDS,
          things: [
            observe(line('switchboard'), { kind: 'said', at: at - HOUR }),
            observe(observe(line('roof'), { kind: 'said', at: at - HOUR }), fault),
            observe(watched('transmitter', 'roof', 'Roof receiver', at - HOUR, month), {
              kind: 'said',
              at,
            }),
            ours('memory', { value: 118_000_000, bound: 512 * 1_048_576, unit: 'bytes' }),
            ours('peers', { value: 4000, bound: 60_000, unit: 'ms' }),
            ours('disk', { value: 8e9, bound: 2 * 1_073_741_824, unit: 'bytes', least: true }),
          ].map((thing) => ({ ...thing, node: 'north' })),
          air: [
            {
              ...{ node: 'north', transmitter: 'roof', asked: 12, heard: 10, garbled: 1, silent: 1 },
              ...{ meanDelaySeconds: 2.5, longestDelaySeconds: 9 },
            },
          ],
        }
      },
      async callTest(id) {
        asked.push(`test ${id}`)
        return bed.call({
          text: 'TEST CALL',
          kind: 'test',
          class: 'test',
          number: '2299',
          roles: ['med-reg'],
        })
      },
      async askRole(bleep, role) {
        asked.push(`${bleep} ${role}`)
        return bed.call({ ...ARREST, roles: [role] })
      },
    },
  })
  cable = await startCable(Number(new URL(bed.base).port))
  page = await bed.operator()
})
afterAll(async () => {
  await bed?.close()
  await cable?.close()
})
beforeEach((ctx) => {
  if (!hasChromium()) ctx.skip('needs Chromium')
})

const go = (hash: string) => page.goto(`${bed.base}/console/#/${hash}`)

test('estates’ page: which line is ill, since when, why, what to do, and what the air was heard to carry', async () => {
  await go('lines')
  await page.getByRole('heading', { name: 'Needs fixing' }).waitFor()
  await page.locator('.mend', { hasText: 'Line roof' }).getByText('The port does not exist').waitFor()
  // What was measured, and what it is held to, in units that people use; no row says its name twice.
  const own = page.getByRole('region', { name: 'Ourselves' })
  await own.getByRole('columnheader', { name: 'Measured' }).waitFor()
  await own.getByRole('row', { name: /^Memory ✓ OK .* 113 MiB, at most 512 MiB/ }).waitFor()
  await own.getByRole('row', { name: /^Other nodes ✓ OK .* 4 s, at most 60 s/ }).waitFor()
  await own
    .getByRole('row', { name: /^Free disk at the database ✓ OK .* 7\.5 GiB, at least 2 GiB/ })
    .waitFor()
  await page.getByRole('row', { name: /Roof receiver.*12.*10.*1.*1.*2\.5 s, at most 9\.0 s/ }).waitFor()
  await page.getByRole('row', { name: /Line switchboard.*framing 7, break 2/ }).waitFor()
  await page.getByRole('row', { name: /Line roof.*not told by this port/ }).waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('link', { name: 'port-absent' }).first().click()
  await page.getByRole('heading', { name: 'What a fault code means' }).waitFor()
  await page.getByText('Plug the adapter in again').first().waitFor()
  await page.getByLabel('Search the codes').fill('parity')
  await page.getByRole('row', { name: /parity-bad/ }).waitFor()
  expect(await axeOn(page)).toEqual([])
})

test('an ill link is told on every page, quietly, and a line that is not heard stands on the board', async () => {
  await go('')
  await page.getByRole('link', { name: /Line roof down since/ }).waitFor()
  await page.locator('.soon .task', { hasText: 'A line is down' }).waitFor()
})

test('the daily test: who did not answer, and the call made again', async () => {
  await go('')
  await page.locator('.task', { hasText: 'Daily test was missed' }).waitFor()
  await go('tests')
  await page.getByText('No call heard').waitFor()
  await page.getByRole('row', { name: /Medical registrar bleep 1113 ! no/ }).waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the test call now' }).click()
  await page.locator('.result', { hasText: 'The test call to 2299 is out.' }).waitFor()
  expect(asked).toContain('test crash')
})

test('a bleep that rang nobody is read, put to a role, or done with; unknown addresses are listed', async () => {
  const alert = await bed.call({ ...ARREST, text: 'WHO IS THIS FOR', number: 'ric:1999992/3' })
  await bed.store.transact(async (tx) => {
    const bleep = (await tx.bleeps.get(alert.bleep))!
    const review = { reason: 'address-unknown', waits: true } as const
    for (const id of ['stuck-1', 'stuck-2'])
      await tx.bleeps.add({ ...bleep, id: asId<BleepId>(id), stage: 'stuck', review })
    const id = asId<BleepId>('odd')
    await tx.bleeps.add({ ...bleep, id, number: 'ric:77/0', review: { ...review, waits: false } })
  })
  bed.store.wake.ring('alerts')
  await go('')
  await page.locator('.task', { hasText: 'Radio address 1999992, function 3' }).first().waitFor()
  await go('review')
  const waiting = page.locator('.waiting li')
  await page.getByRole('row', { name: /Radio address 77/ }).waitFor()
  expect(await waiting.count()).toBe(2)
  expect(await axeOn(page)).toEqual([])
  await waiting.first().getByRole('button', { name: 'I have dealt with it' }).click()
  await expect.poll(() => waiting.count()).toBe(1)
  await waiting.getByLabel('Ask a role: which role').selectOption('icu-reg')
  await waiting.getByRole('button', { name: 'Ask a role' }).click()
  await page.getByRole('heading', { name: 'Time line' }).waitFor()
  expect(asked.some((a) => /^stuck-[12] icu-reg$/.test(a))).toBe(true)
})

test('the rota: found by name, gaps first, and a role that nobody carries is an alarm until somebody is put on', async () => {
  const person = bed.holder('neo-reg')
  await bed.roster.edit('test', { kind: 'leave', person, from: clock.now() - 1, to: clock.now() + HOUR })
  await go('rota')
  await page.getByText('No one holds Neonatal registrar').waitFor()
  await page.getByLabel('Role, bleep or name', { exact: true }).fill('neonatal reg')
  expect(await page.locator('.rota tbody tr').count()).toBe(2)
  expect(await axeOn(page)).toEqual([])
  const name = bed.roster.current().people.get(asId('p007'))!.name
  const field = page.getByLabel('Put on now: who')
  await field.fill('nobody at all')
  await page.getByRole('button', { name: 'Put on now' }).click()
  expect(await field.evaluate((input: { validationMessage: string }) => input.validationMessage)).toContain(
    'list',
  )
  await field.fill(name)
  await page.getByRole('button', { name: 'Put on now' }).click()
  await page.locator('.result', { hasText: `${name} has Neonatal registrar now` }).waitFor()
  await expect.poll(() => page.locator('#page').getByText('No one holds').allTextContents()).toEqual([])
  expect(bed.holder('neo-reg')).toBe('p007')
})

test('leave is entered from the screen: what speaks against it is read first, and it can be taken back', async () => {
  await go('rota')
  const person = bed.roster.current().people.get(bed.holder('icu-reg'))
  await page.locator('#change-kind').selectOption('leave')
  await page.locator('#change-person').fill(person?.name ?? '')
  const year = new Date(clock.now()).getUTCFullYear() + 1
  await page.locator('#change-from').fill(new Date(clock.now()).toISOString().slice(0, 16))
  await page.locator('#change-to').fill(`${year}-01-01T08:00`)
  await page.getByRole('button', { name: 'Enter', exact: true }).click()
  await page.getByRole('alert').getByText('Nobody else is down for Intensive care registrar').waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Enter it all the same' }).click()
  await page.locator('.result', { hasText: 'Entered on the rota.' }).waitFor()
  await page.getByText(`${person?.name} away`, { exact: true }).waitFor()
  await page.getByRole('button', { name: new RegExp(`Take back.*${person?.name} away`) }).click()
  await page.locator('.result', { hasText: 'Taken back.' }).waitFor()
  await page.getByText(`${person?.name} away`, { exact: true }).waitFor({ state: 'detached' })
})

test('a phone is taken up with a one-time code and its QR, and out again in two presses', async () => {
  await bed.enrol({ person: 'p001' })
  await go('devices')
  await page.getByRole('row', { name: /Test phone.*in use.*never tried.*not measured/ }).waitFor()
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('combobox', { name: 'A person’s own phone' }).fill('Aisha Ashdown')
  await page.getByRole('button', { name: 'Make a one-time code' }).click()
  await page.getByAltText('QR code').waitFor()
  expect(await page.locator('.code').textContent()).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/)
  expect(await axeOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: /^Revoke/ }).click()
  await page.getByRole('button', { name: /^For good\?/ }).click()
  await page.locator('.result', { hasText: 'is switched off' }).waitFor()
})

test('a number is enrolled to be texted, and is not shown again', async () => {
  const was = bed.rung.length
  await go('devices')
  const form = page.locator('form', { hasText: 'Enter another way to ring somebody' })
  const whose = form.getByRole('combobox', { name: 'Whose' })
  const number = form.getByRole('textbox', { name: 'Telephone number, extension or gateway reference' })
  const enter = form.getByRole('button', { name: 'Enter it and try it' })
  await whose.fill('Aisha Ashdown')
  await form.getByRole('combobox', { name: 'Which way' }).selectOption('nudge')
  await number.fill('07700 9001')
  await enter.click()
  await page.locator('.result', { hasText: 'neither a telephone number nor a reference' }).waitFor()
  expect(await number.inputValue()).toBe('07700 9001')
  await number.fill('07700 900123')
  await enter.click()
  await page.locator('.result', { hasText: '…123 of Aisha Ashdown is entered' }).waitFor()
  await page.getByRole('row', { name: /Own number text …123.*in use.*only told to look/ }).waitFor()
  expect(await number.inputValue()).toBe('')
  expect(bed.rung).toHaveLength(was + 1)
  expect(await page.content()).not.toContain('7700900123')
  expect(await axeOn(page)).toEqual([])
})

test('reports are listed by shift and by any span', async () => {
  await go('reports')
  const shift = page.getByRole('listitem').filter({ hasText: 'Night' })
  expect(await shift.getByRole('link', { name: /^Read/ }).getAttribute('href')).toMatch(
    /shift=night&format=html$/,
  )
  const foi = page.getByRole('link', { name: 'Freedom of Information: the last 12 months' })
  expect(await foi.getAttribute('href')).toMatch(
    /^\/api\/v1\/reports\/foi\?from=[^&]+Z&to=[^&]+Z&format=html$/,
  )
  expect(await axeOn(page)).toEqual([])
})

test('estates see that a call is open and nothing that it says, and are offered nothing to press', async () => {
  const estates = await bed.operator('estates')
  await estates.locator('.calls .call').first().waitFor()
  expect(await estates.locator('main').textContent()).not.toContain('CARDIAC')
  expect(
    await estates
      .locator('main')
      .getByRole('button', { name: /acting|Finish|Stand down/ })
      .count(),
  ).toBe(0)
  expect(await estates.getByRole('link', { name: 'Rota' }).count()).toBe(0)
  expect(await axeOn(estates)).toEqual([])
  await estates.close()
})

test('a cut line says so within seconds, and nothing that happened meanwhile is lost when it is back', async () => {
  const far = await bed.operator()
  await far.goto(
    `http://localhost:${cable.port}/console/#sign-in=switchboard-op&key=switchboard-key-for-tests`,
  )
  await far.getByText('Live', { exact: true }).waitFor()
  const gone = await bed.call({ ...ARREST, place: 'Ward 1' })
  await far.locator('.call', { hasText: 'Ward 1' }).first().waitFor()
  await far.clock.install()
  cable.pull()
  const stands = (await bed.store.transact((tx) => tx.alerts.get(gone.id)))!
  await bed.alerts.apply(gone.id, {
    ...{ kind: 'closed', at: clock.now(), version: stands.version },
    by: { kind: 'switchboard', operator: 'other' },
  })
  await bed.call({ ...ARREST, place: 'Ward 22' })
  await far.clock.fastForward(14_000)
  await far.getByText(/Board not updated since .*Take calls by telephone and radio/).waitFor()
  cable.plug()
  await far.clock.fastForward(30_000)
  await far.clock.resume()
  await far.locator('.call', { hasText: 'Ward 22' }).waitFor()
  await far.getByText('Live', { exact: true }).waitFor()
  await expect.poll(() => far.locator('.calls .call', { hasText: /Ward 1\b/ }).count()).toBe(0)
  await far.close()
})
