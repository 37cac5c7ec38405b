import { expect, test } from 'vitest'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { failed, ok } from '../../../src/core/faults.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import type { Ingest } from '../../../src/run/line/ingest.ts'
import type { EvidenceFeed } from '../../../src/run/watch/evidence.ts'
import { overhear } from '../../../src/run/watch/overhear.ts'
import { aBleep } from '../../contract/store.ts'
import { smallSite } from '../../support/small-site.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const directory = buildDirectory(smallSite())
const feeds: EvidenceFeed[] = [
  { id: 'link', label: 'Switchboard', bound: 0, side: 'link' },
  { id: 'roof', label: 'Roof receiver', bound: 0, side: 'air' },
  { id: 'pbx', label: 'Exchange', bound: 0, side: 'other' },
]

function bed() {
  const told: string[] = []
  let busy = 0
  const inner: Ingest = {
    store: async () => (busy-- > 0 ? failed('store-busy') : ok(asId<BleepId>('b1'))),
    call: async () => ok(undefined),
  }
  const ingest = overhear(inner, {
    clock: new VirtualClock(0),
    directory: () => directory,
    feeds,
    transmitters: ['roof'],
    supervision: {
      asked: ({ transmitter, number, text }) => void told.push(`asked ${transmitter} ${number} ${text}`),
      heard: ({ transmitter, number, quality, rest }) =>
        void told.push(`heard ${transmitter} ${number} ${quality}${rest ? ', more of it' : ''}`),
    },
  })
  const hears = (feed: string, text: string, improves?: string) => {
    const page = { ...aBleep('x').page, text, to: { scheme: 'number', number: '2222' } as const }
    return () =>
      ingest.store(
        { feed: asId(feed), tap: feed, repeatMs: 0 },
        page,
        improves === undefined ? undefined : asId<BleepId>(improves),
        0,
      )
  }
  return { told, hears, refuse: (times: number) => (busy = times) }
}

test('the switchboard’s side asks each transmitter, the air hears its own, other lines do neither', async () => {
  const { told, hears } = bed()
  await hears('link', 'ONE')()
  await hears('roof', 'ONE')()
  await hears('pbx', 'ONE')()
  expect(told).toEqual(['asked roof 2222 ONE', 'heard roof 2222 clean'])
})

test('a page that waits for the store is asked for and heard once, however often it is tried', async () => {
  const { told, hears, refuse } = bed()
  const asks = hears('link', 'ONE')
  const airs = hears('roof', 'ONE')
  refuse(6)
  for (let i = 0; i < 4; i++) for (const again of [asks, airs]) await again()
  expect(told).toEqual(['asked roof 2222 ONE', 'heard roof 2222 clean'])
})

test('a better reading of a page that was heard is told as more of it, never as a second page', async () => {
  const { told, hears } = bed()
  await hears('roof', 'O\uFFFDE')()
  await hears('roof', 'ONE', 'b1')()
  expect(told).toEqual(['heard roof 2222 clean', 'heard roof 2222 clean, more of it'])
})

test('two equal pages are two', async () => {
  const { told, hears } = bed()
  await hears('link', 'ONE')()
  await hears('link', 'ONE')()
  expect(told).toHaveLength(2)
})
