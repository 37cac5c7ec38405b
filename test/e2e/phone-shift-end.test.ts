import { afterEach, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { HOUR } from '../../src/core/instant.ts'
import { createRinger } from '../../src/run/deliver/self-test.ts'
import { startShiftEnd } from '../../src/run/keep/shift-end.ts'
import type { Loop } from '../../src/run/loop.ts'
import { axeOn, hasChromium } from '../support/browsers.ts'
import type { Call } from '../support/desk-bed.ts'
import { openPhone, type PhoneBed } from '../support/phone-bed.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'

const NEEDS = 'needs Chromium'
const WORDS = 'ADULT CARDIAC ARREST WARD 7B BED 3'
const ARREST: Call = {
  text: WORDS,
  kind: 'adult-arrest',
  class: 'emergency',
  place: 'Ward 7B, bed 3',
  roles: ['med-reg'],
}

let phone: PhoneBed
let loop: Loop | undefined

afterEach(async () => {
  await loop?.stop()
  loop = undefined
  if (hasChromium()) await phone.close()
})

/** Looks at every shift at once, and then each minute. */
function endShifts(grace: number): void {
  const { bed, socket } = phone
  const wake = createRinger(new Map([[socket.id, socket]]), bed.clock, 'shift-ended')
  loop = startShiftEnd({
    ...{ store: bed.store, clock: bed.clock, wake: bed.store.wake, log: quietLog, metrics: quietMetrics },
    directory: bed.roster.current,
    rules: { own: true, shared: true, grace },
    tell: (device) => wake(device, device.id),
  })
}

/** This person holds nothing from now on, as if the rota had ended their shift. */
async function off(person: string): Promise<void> {
  const now = Math.floor(phone.bed.clock.now())
  await phone.bed.roster.edit('test', {
    kind: 'leave',
    person: asId(person),
    from: now - 1,
    to: now + 12 * HOUR,
  })
}

test('when the shift is over the server says so, and the open app wipes what it was told; it stays enrolled', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const grace = 100
  phone = await openPhone({ shiftEnd: { own: true, shared: true, grace } })
  const { bed, page } = phone
  const me = bed.holder('med-reg')
  const device = await phone.enrol({ person: me })
  const alert = await bed.call(ARREST)
  await page.getByRole('heading', { name: 'Ward 7B, bed 3' }).waitFor()
  await phone.end(alert.id)
  await page.getByText('Closed.').waitFor()
  expect((await phone.stored()).join('\n')).toContain(WORDS)

  await off(me)
  endShifts(grace)
  // The first look sets the end, the next one finds that it has passed.
  await expect
    .poll(async () => (await bed.store.transact((tx) => tx.devices.get(device.id)))?.keepsUntil)
    .toSatisfy((until) => until !== undefined && until < bed.clock.now())
  await loop?.stop()
  endShifts(grace)
  await page.getByText('This bleep is not on this phone').waitFor()
  await page.getByRole('link', { name: 'All bleeps' }).tap()
  await page.getByText('Off duty: signed out, bleeps deleted').waitFor()
  expect(await axeOn(page)).toEqual([])
  const left = (await phone.stored()).join('\n')
  expect(left).not.toMatch(/ARREST|Ward 7B/)
  expect((await bed.store.transact((tx) => tx.devices.get(device.id)))?.state).toBe('active')
  expect(phone.complaints).toEqual([])
})

test('out of reach and with the app closed, the time that came with it wipes it: no later than the next look', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const grace = HOUR
  phone = await openPhone({ shiftEnd: { own: true, shared: true, grace } })
  const { bed, context, page } = phone
  const me = bed.holder('med-reg')
  await phone.enrol({ person: me })
  const alert = await bed.call(ARREST)
  await page.getByRole('heading', { name: 'Ward 7B, bed 3' }).waitFor()
  await phone.end(alert.id)
  await page.getByText('Closed.').waitFor()
  await off(me)
  endShifts(grace)
  const until = async () =>
    Date.parse(
      /"until":"([^"]+)"/.exec((await phone.stored()).find((r) => r.includes(WORDS)) ?? '')?.[1] ?? '',
    )
  await expect.poll(until).toBeLessThan(Date.now() + 2 * HOUR)
  await loop?.stop()
  const pusher = await phone.pusher()
  await page.goto('about:blank')
  await context.setOffline(true)

  // Nobody opens the app. Any push wakes the worker, which wipes before it shows anything.
  const [worker] = context.serviceWorkers()
  if (worker === undefined) throw new Error('no worker')
  await worker.evaluate(`((now) => { Date.now = () => now() + ${2 * HOUR} })(Date.now)`)
  await pusher.push({ id: 'late', class: 'routine', purpose: 'update' })
  // Still out of reach: what a server would say of the time comes too late.
  const titles = 'registration.getNotifications().then((all) => all.map(({ title }) => title))'
  await expect.poll(() => worker.evaluate(titles)).toEqual(['Off duty'])
  await context.setOffline(false)
  await page.goto(`${phone.base}/healthz`)
  await expect.poll(async () => (await phone.stored()).join('\n')).not.toMatch(/ARREST|Ward 7B/)
  await expect
    .poll(() => phone.notifications())
    .toEqual([
      expect.objectContaining({
        title: 'Off duty',
        body: 'Signed out, bleeps deleted. The phone stays enrolled.',
      }),
    ])

  await page.goto(`${phone.base}/app/`)
  await page.getByText('Off duty: signed out, bleeps deleted').waitFor()
  await pusher.close()
})

test('a ward handset forgets who had it: no name, no words, and the next holder’s own bleeps on it', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const grace = 100
  phone = await openPhone({ shiftEnd: { own: true, shared: true, grace } })
  const { bed, page } = phone
  const before = bed.holder('med-reg')
  const after = bed.holder('surg-f1')
  const name = bed.roster.current().people.get(before)?.name ?? '?'
  const next = bed.roster.current().people.get(after)?.name ?? '?'
  const handset = await phone.enrol({ role: asId('med-reg') })
  const alert = await bed.call(ARREST)
  await page.getByRole('heading', { name: 'Ward 7B, bed 3' }).waitFor()
  await phone.end(alert.id)
  await page.getByText('Closed.').waitFor()
  expect((await phone.stored()).join('\n')).toContain(name)

  await bed.desk.force(
    { kind: 'operator', access: 'switchboard', operator: 'switchboard-op' },
    asId('med-reg'),
    after,
  )
  const second = await bed.call({ ...ARREST, text: 'TRAUMA CALL ED RESUS', place: 'ED resus' })
  await page.getByRole('heading', { name: 'ED resus' }).waitFor()
  await page.getByRole('button', { name: 'I’m coming' }).tap()
  await expect.poll(() => phone.responder(second.id, after)).toBe('accepted')
  await expect.poll(async () => (await phone.stored()).join('\n')).not.toContain(WORDS)
  const left = (await phone.stored()).join('\n')
  expect(left).toContain('TRAUMA CALL')
  expect(left).not.toContain(name)
  await page.getByLabel('Back to all bleeps').tap()
  await page.getByText('Signed out, bleeps deleted').waitFor()
  await page.getByText(`It rings for ${next} now`).waitFor()
  expect(await axeOn(page)).toEqual([])
  expect((await bed.store.transact((tx) => tx.devices.get(handset.id)))?.state).toBe('active')
})
