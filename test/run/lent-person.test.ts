import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { settle, VirtualClock } from '../support/virtual-clock.ts'
import { aHolding, countingRandom, enrol, type Sent, startWard, type Ward } from '../support/ward.ts'

/*
 * Mutual aid between two trusts (config/scale.md): an installation each, and nothing crosses. Who is lent stands in both
 * directories with a phone enrolled at both; each trust lets them in, and takes that back, for itself.
 */
const LENT = 'reg'

interface Trust {
  readonly ward: Ward
  readonly store: Store
  readonly rung: string[]
}
let trusts: Trust[]
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 10, 30, 10))
  trusts = []
  for (const name of ['north', 'south']) {
    const store = await openSqlite(':memory:')
    const rung: string[] = []
    const onSent = ({ person }: Sent): void => void rung.push(`${name} rings ${person}`)
    await enrol(store, [LENT])
    const ward = startWard({ store, clock, random: countingRandom(), holding: aHolding(), onSent })
    trusts.push({ ward, store, rung })
  }
})
afterEach(async () => {
  for (const { ward, store } of trusts) {
    await ward.stop()
    await store.close()
  }
})

/** Both trusts are called; gives who rang. */
async function called(text: string): Promise<readonly string[]> {
  for (const { rung } of trusts) rung.length = 0
  for (const { ward } of trusts) await ward.page('1113', text)
  await settle()
  return trusts.flatMap(({ rung }) => [...new Set(rung)])
}

test('each trust rings whoever is lent to it, and what one takes back the other keeps', async () => {
  expect(await called('CALL EXT 4001')).toEqual(['north rings reg', 'south rings reg'])
  const [, south] = trusts
  await south?.store.transact(async (tx) => {
    const [phone] = await tx.devices.owned({ people: [asId(LENT)] })
    if (phone !== undefined) await tx.devices.save({ ...phone, state: 'signed-out' })
  })
  expect(await called('CALL EXT 4002')).toEqual(['north rings reg', 'south rings radio'])
})

test('nothing of one trust lies in the other', async () => {
  await trusts[0]?.ward.page('1113', 'CALL EXT 4003')
  await settle()
  const held = await Promise.all(
    trusts.map(({ store }) => store.transact((tx) => tx.bleeps.between(0, clock.now() + 1, 10))),
  )
  expect(held.map((bleeps) => bleeps.length)).toEqual([1, 0])
})
