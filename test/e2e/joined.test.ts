import { expect, test } from 'vitest'
import { asId, type BleepId, type NodeId } from '../../src/core/ids.ts'
import { ARREST } from '../support/console-bed.ts'
import { type Desk, inBothBrowsers } from '../support/desks.ts'

/** The air carried it again, cut short in the bed. */
async function arrestHeardTwice({ bed }: Desk): Promise<string> {
  const alert = await bed.call(ARREST)
  await bed.store.transact(async (tx) => {
    const bleep = (await tx.bleeps.get(alert.bleep))!
    const heard = { bleep: bleep.id, feed: asId<never>('air'), node: asId<NodeId>('node-1') }
    const first = { ...heard, id: asId<never>('s1'), tap: 'wire', page: bleep.page, begun: bleep.received }
    const page = {
      ...bleep.page,
      text: 'ADULT CARDIAC ARREST WARD 7B BED \uFFFD',
      quality: 'damaged',
    } as const
    await tx.bleeps.sight({ ...first, reason: 'first-sighting' })
    const later = { id: asId<never>('s2'), tap: 'air', begun: bleep.received + 900 }
    await tx.bleeps.sight({ ...first, ...later, page, reason: 'other-tap' })
    await tx.bleeps.save({ ...bleep, sightings: 2 })
  })
  bed.store.wake.ring('alerts')
  return alert.id
}

inBothBrowsers('what was joined to a call', { config: { heartbeat: 500 } } as never, (at) => {
  test('stands on the board at once, and one press there rings for it', async () => {
    const { bed, page, text } = at()
    await bed.enrol({ person: bed.holder('med-reg') })
    const first = await arrestHeardTwice(at())
    await text('WARD 7B BED \uFFFD', '.joined')
    await text('Another tap heard the same transmission', '.joined')
    await page.click('.joined button')
    await text('It rings as a call of its own now.')
    await page.waitForFunction(`document.querySelectorAll('.call.emergency').length === 2`)
    await page.waitForFunction(`document.querySelectorAll('.joined').length === 0`)
    const own = await bed.store.transact((tx) => tx.alerts.byBleep(asId<BleepId>('s2')))
    expect(own).toMatchObject({ phase: 'ringing', plan: { class: 'emergency' } })
    expect(own?.id).not.toBe(first)
  })

  test('the record of a call has the same press for each reading, and says what was done', async () => {
    const { bed, page, text, go } = at()
    const id = await arrestHeardTwice(at())
    await go(`#/alert/${id}`)
    await text('Heard by')
    await page.waitForSelector('section[aria-labelledby="heard-h"] button')
    expect(await page.$$('section[aria-labelledby="heard-h"] button')).toHaveLength(1)
    await page.click('section[aria-labelledby="heard-h"] button')
    await text('What was joined here is another call')
    const own = await bed.store.transact((tx) => tx.alerts.byBleep(asId<BleepId>('s2')))
    await go(`#/alert/${own?.id}`)
    await text('it had been joined to another call')
  })
})
