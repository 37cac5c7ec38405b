import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/core/instant.ts'
import { Month, type Truth } from '../support/month.ts'
import { aLine, aPerson, aRole, smallSite } from '../support/small-site.ts'

// A month in a hospital: at every step board, /readyz, metric and MQTT are held against what is so. No false green, no
// false red, nothing lost. Ada carries the arrest bleep by day, Ben by night; each step says what has changed.

const SITE = smallSite({
  numbers: smallSite().numbers.map((n) =>
    ['1113', '2201'].includes(n.number) ? { ...n, to: { kind: 'role' as const, role: aRole('reg').id } } : n,
  ),
})
const GREEN: Truth = { stands: [], fit: true }
const troubled = (...stands: string[]): Truth => ({ stands, fit: true })

let month: Month
beforeEach(async () => {
  month = await Month.begin(SITE)
})
afterEach(() => month.end())

test('a month in a hospital', async () => {
  // The first day: nobody has a phone yet, and Ada has had time to walk in.
  await month.at('2026-03-02T08:30:00Z')
  await month.pass(10 * MINUTE)
  await month.is(troubled('crash-role-unproved reg'))

  // A joiner: her phone is called at the next roll, and says that it was rung.
  await month.enrol('ada', 'ada-1')
  await month.pass(2 * MINUTE)
  await month.is(GREEN)
  expect(await month.page('ARREST WARD 7')).toBe(true)
  expect(month.rungFor('ARREST WARD 7')).toEqual(['ada-1'])

  // Two patients within a minute: each rings.
  await month.page('ARREST BED 9 SEIZURE')
  await month.page('ARREST BED 3 BLEEDING')
  expect(month.rungFor('ARREST BED 9 SEIZURE')).toEqual(['ada-1'])
  expect(month.rungFor('ARREST BED 3 BLEEDING')).toEqual(['ada-1'])
  await month.is(GREEN)

  // The night is Ben's, who has no phone; nobody is green on Ada's account.
  await month.at('2026-03-02T20:20:00Z')
  await month.pass(10 * MINUTE)
  await month.is(troubled('crash-role-unproved reg'))
  await month.enrol('ben', 'ben-1')
  await month.pass(2 * MINUTE)
  await month.is(GREEN)

  // A week later the push address is dead. It is told as soon as it is known, before anybody dies of it.
  month.world.deadPush.add('ada-1')
  await month.at('2026-03-09T08:05:00Z')
  await month.page('ARREST WARD 2')
  await month.pass(10 * MINUTE)
  await month.is(troubled('crash-role-unproved reg'))
  // The app renews: a new address has to be proved anew, and is, by itself.
  await month.renew('ada-1', 'push/ada-1/new')
  await month.pass(16 * MINUTE)
  await month.is(GREEN)

  // A dead spot: the phone answers no roll-call of its new shift; what was proved yesterday is not proved today.
  month.world.deadSpots.add('ada-1')
  await month.at('2026-03-10T08:05:00Z')
  await month.pass(10 * MINUTE)
  await month.is(troubled('crash-role-unproved reg'))
  month.world.deadSpots.clear()
  await month.pass(16 * MINUTE)
  await month.is(GREEN)

  // A bad reload stands until it is mended, and the rota of before pages on.
  await month.at('2026-03-12T10:00:00Z')
  await month.pass(MINUTE)
  await month.reload('broken')
  await month.pass(3 * SECOND)
  await month.is(troubled('reload-refused files'))
  await month.page('ARREST THEATRE 4')
  expect(month.rungFor('ARREST THEATRE 4')).toEqual(['ada-1'])
  await month.reload(SITE)
  await month.pass(3 * SECOND)
  await month.is(GREEN)

  // The disk is full: not fit, refused in the line's words, and well again by itself within seconds.
  month.world.disk = 'full'
  await month.pass(3 * SECOND)
  await month.is({ stands: ['store-full store'], fit: false })
  expect(await month.page('ARREST WHILE FULL')).toBe(false)
  month.world.disk = 'well'
  await month.pass(5 * SECOND)
  expect(await month.page('ARREST WHILE FULL')).toBe(true)
  expect(month.rungFor('ARREST WHILE FULL')).toEqual(['ada-1'])
  await month.is(GREEN)

  // The line's plug is pulled: nothing is heard, and that is no secret.
  month.world.line.add('port-unplugged')
  await month.pass(3 * SECOND)
  await month.is({ stands: ['port-unplugged link'], fit: false })
  month.world.line.clear()
  await month.pass(3 * SECOND)
  await month.is(GREEN)

  // What the daemon leans on ails, one thing after the other; each is told everywhere, and is over everywhere.
  month.world.free = 0.5
  await month.pass(MINUTE)
  await month.is(troubled('disk-low disk'))
  month.world.free = 9
  await month.pass(MINUTE)
  await month.is(GREEN)
  month.world.broker = false
  await month.pass(MINUTE)
  await month.is(troubled('broker-unreachable broker'))
  month.world.broker = true
  await month.pass(MINUTE)
  await month.is(GREEN)
  month.world.keys = false
  await month.page('ARREST WITHOUT KEYS')
  expect(month.rungFor('ARREST WITHOUT KEYS')).toEqual([])
  await month.pass(MINUTE)
  await month.is(troubled('provider-credentials webpush'))
  month.world.keys = true
  await month.page('ARREST WITH KEYS')
  await month.pass(MINUTE)
  expect(month.rungFor('ARREST WITH KEYS')).toEqual(['ada-1'])
  await month.is(GREEN)

  month.world.watched = false
  await month.pass(MINUTE)
  await month.is(troubled('heartbeat-unconfirmed heartbeat'))
  month.world.watched = true
  await month.pass(MINUTE)
  await month.is(GREEN)

  // The certificate of the door ends: a month, a week before, and then; renewed, nothing stands.
  month.world.certificate = Date.parse('2026-04-10T00:00:00Z')
  await month.pass(3 * SECOND)
  await month.is(troubled('certificate-ending http'))
  month.world.certificate = Date.parse('2026-03-18T00:00:00Z')
  await month.pass(3 * SECOND)
  await month.is(troubled('certificate-last-week http'))
  month.world.certificate = Date.parse('2026-03-12T00:00:00Z')
  await month.pass(3 * SECOND)
  await month.is(troubled('certificate-bad http'))
  month.world.certificate = Date.parse('2027-03-12T00:00:00Z')
  await month.pass(3 * SECOND)
  await month.is(GREEN)

  // The clock is set an hour forwards and back again: it is told for an hour, nothing else turns red, and calls ring.
  for (const by of [HOUR, -HOUR]) {
    await month.setClock(by)
    await month.is(troubled('clock-off clock'))
    await month.page(`ARREST AFTER ${by}`)
    expect(month.rungFor(`ARREST AFTER ${by}`)).toEqual(['ada-1'])
    await month.is(troubled('clock-off clock'))
  }
  await month.pass(HOUR + 2 * MINUTE)
  await month.is(GREEN)

  // The same request again, in other words, is joined to the first: the board says so, and one press rings for it.
  await month.onAir('1113', 'RING 4421')
  expect(month.rungFor('RING 4421')).toEqual(['ada-1'])
  await month.pass(15 * SECOND)
  await month.onAir('1113', 'PLEASE RING 4421')
  expect(month.rungFor('PLEASE RING 4421')).toEqual([])
  const { alert, lines } = await month.joined('RING 4421')
  expect(lines).toMatchObject([{ words: 'PLEASE RING 4421' }])
  await month.takeApart(alert, lines[0]?.id ?? '')
  expect(month.rungFor('PLEASE RING 4421')).toEqual(['ada-1'])
  await month.is(GREEN)
  // Another number to ring is another call, however soon it comes.
  await month.onAir('1113', 'PLEASE RING 4429')
  expect(month.rungFor('PLEASE RING 4429')).toEqual(['ada-1'])

  // A second node on the same database hears the same line: one ring a page, and both say the same.
  await month.page('ARREST HEARD ONCE')
  const once = month.ringsFor('ARREST HEARD ONCE')
  await month.joins()
  await month.is(GREEN)
  await month.page('ARREST HEARD TWICE')
  expect(month.ringsFor('ARREST HEARD TWICE')).toBe(once)
  await month.reload('broken')
  await month.pass(3 * SECOND)
  await month.is(troubled('reload-refused files'))
  await month.reload(SITE)
  await month.pass(3 * SECOND)
  await month.is(GREEN)
  // What one node alone knows of itself is told by that one, and by no other.
  await month.reload('broken', 'second')
  month.world.logGone = true
  await month.pass(3 * SECOND)
  await month.is(GREEN, troubled('reload-refused files', 'log-unwritten log'))
  await month.reload(SITE)
  month.world.logGone = false
  await month.pass(3 * SECOND)
  await month.is(GREEN)
  month.world.deadSpots.add('ada-1')
  await month.page('ARREST IN A DEAD SPOT')
  expect(month.rungFor('ARREST IN A DEAD SPOT')).toEqual([])
  month.world.deadSpots.clear()
  // The first one is gone: what it had begun goes on at the second, which says alone what is so.
  await month.dies()
  expect(month.rungFor('ARREST IN A DEAD SPOT')).toEqual(['ada-1'])
  await month.page('ARREST AT ONE NODE')
  expect(month.rungFor('ARREST AT ONE NODE')).toEqual(['ada-1'])
  await month.is(GREEN)

  // Ben leaves; nobody is put in his place. The gap is told ahead, and the night without him as what it is.
  const gone = { ...SITE, people: [aPerson('ada'), aPerson('cat')], rota: [aLine('reg', 'ada', 'day')] }
  await month.at('2026-03-16T12:00:00Z')
  await month.reload(gone)
  await month.pass(MINUTE)
  await month.is(troubled('rota-gap-ahead reg'))
  // His phone is nobody's from the reload on, and is told to wipe itself.
  expect([await month.isKnown('ben-1'), await month.isKnown('ada-1'), month.wiped]).toEqual([
    false,
    true,
    ['ben-1'],
  ])
  await month.at('2026-03-16T20:30:00Z')
  await month.pass(10 * MINUTE)
  await month.is(troubled('crash-role-unheld reg'))
  // Cat joins in his place, with a phone of her own.
  await month.reload({ ...gone, rota: [aLine('reg', 'ada', 'day'), aLine('reg', 'cat', 'night')] })
  await month.enrol('cat', 'cat-1')
  await month.pass(2 * MINUTE)
  await month.is(GREEN)

  // The clocks go forward in Cat's night: Ada comes on at eight by the wall, which is seven by the stars.
  await month.at('2026-03-29T01:00:30Z')
  await month.pass(MINUTE)
  await month.is(GREEN)
  await month.page('ARREST IN THE LOST HOUR')
  expect(month.rungFor('ARREST IN THE LOST HOUR')).toEqual(['cat-1'])
  await month.is(GREEN)
  await month.at('2026-03-29T07:05:00Z')
  await month.pass(10 * MINUTE)
  await month.is(GREEN)
  await month.page('ARREST AT BREAKFAST')
  expect(month.rungFor('ARREST AT BREAKFAST')).toEqual(['ada-1'])
  await month.is(GREEN)

  await month.nothingLost()
}, 240_000)
