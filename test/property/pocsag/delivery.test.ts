import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { cardOf } from '../../../src/core/desk/card.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { PROTOCOLS } from '../../../src/core/line/registry.ts'
import { toAudio } from '../../../src/core/pocsag/audio.ts'
import { encodeTransmission, type OutgoingPage } from '../../../src/core/pocsag/encode.ts'
import { seeded } from '../../../src/core/seeded.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { createFeed } from '../../../src/run/line/feed.ts'
import { onTheAir } from '../../support/pocsag-traffic.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, countingRandom, EVERYBODY, enrol, startWard, wardDirectory } from '../../support/ward.ts'

/** From the transmitter through feed, store and raise to the words on a phone, on a virtual clock. */

const RICS = [1234560, 1234568, 1234573, 1234578] as const
const TEXTS = [
  'CARDIAC ARREST WARD 7 BED 3 PLEASE ATTEND NOW',
  'PLEASE RING 4421 RE BED 3 BLOODS BACK AND URGENT',
  'MET CALL WARD 5A BED 12 PATIENT UNRESPONSIVE BRING O NEG BLOOD AND SUCTION',
  'FIRE ALARM ZONE 14B/PLANT',
] as const
const DIGITS = ['44213', '5551234', '2222', '07700 900123'] as const

interface Delivery {
  readonly pages: readonly OutgoingPage[]
  /** Pieces of the line, and when each is handed over. */
  readonly pieces: readonly { readonly bytes: Uint8Array; readonly at: number }[]
  readonly options: Record<string, unknown>
}

/** Every reading as it was stored, and what a phone shows in the end, by RIC. */
async function deliver({ pieces, options }: Delivery) {
  const clock = new VirtualClock()
  const start = clock.now()
  const store = await openSqlite(':memory:')
  await enrol(store, EVERYBODY)
  const ward = startWard({
    store,
    clock,
    random: countingRandom(),
    holding: aHolding(),
    onSent: () => undefined,
    tick: 60_000,
  })
  const opened = PROTOCOLS.get('pocsag')?.open(options)
  if (!opened?.ok) throw new Error('options do not fit')
  const readings: Page[] = []
  const ids = new Set<BleepId>()
  const ignore = () => undefined
  const feed = createFeed(
    opened.value,
    {
      takes: () => true,
      async store(page, improves, decoded) {
        readings.push(page)
        const done = await ward.ingest.store(
          { feed: asId('air'), tap: 'air', repeatMs: 0 },
          page,
          improves,
          decoded,
        )
        if (done.ok) ids.add(done.value)
        return done
      },
      ...{ call: ignore, hangUp: ignore, discarded: ignore, noted: ignore, checked: ignore, write: ignore },
      failed: (error) => {
        throw error
      },
    },
    clock,
  )
  feed.opened(clock.now())
  for (const { bytes, at } of pieces) {
    await clock.elapse(Math.max(0, start + at - clock.now()))
    feed.bytes(bytes, clock.now())
  }
  await clock.elapse(3000)
  await settle()
  const context = { directory: wardDirectory(aHolding()), title: (k: string) => k, now: clock.now() }
  const shown = await store.transact(async (tx) => {
    const out: string[] = []
    for (const id of ids) {
      const alert = await tx.alerts.byBleep(id)
      const bleep = await tx.bleeps.get(id)
      if (!alert || !bleep) throw new Error('a page without an alert')
      const card = cardOf(alert, bleep, { access: 'holder' }, context)
      const { to } = bleep.page
      out.push(
        `${to.scheme === 'ric' ? to.ric : ''} ${card.words} ${card.callBack ?? ''} ${bleep.page.quality}`,
      )
      // Whoever is on the call was told of the last change: the newest entry in the inbox is no older than it.
      const last = (await tx.bleeps.sightings(id)).at(-1)!
      for (const person of Object.keys(alert.responders)) {
        const rows = await tx.inbox.since(asId(`webpush-${person}`), 0, 1000)
        const told = rows.findLast((row) => row.alert === alert.id)
        expect(told?.at ?? 0, 'the phone was not told').toBeGreaterThanOrEqual(last.begun)
      }
    }
    return out.sort()
  })
  await feed.stop()
  await ward.stop()
  await store.close()
  return { readings, shown }
}

/** Portions of these bytes, each handed over once it is complete on the air and the one before was, and a stall. */
function inPortions(
  bytes: Uint8Array,
  perSecond: number,
  portions: readonly { readonly size: number; readonly stall: number }[],
) {
  const pieces: { bytes: Uint8Array; at: number }[] = []
  let free = 0
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const { size, stall } = portions[i % portions.length]!
    const end = Math.min(bytes.length, at + size)
    free = Math.max(free, (end * 1000) / perSecond) + stall
    pieces.push({ bytes: bytes.subarray(at, end), at: free })
    at = end
  }
  return pieces
}

const day = fc.record({
  seed: fc.nat(),
  pages: fc.array(fc.record({ text: fc.nat(3), digits: fc.boolean() }), { minLength: 4, maxLength: 4 }),
  alone: fc.boolean(),
})
const portions = fc.array(
  fc.record({
    size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 40, max: 300 })),
    stall: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 2000, max: 9000 }),
    ),
  }),
  { minLength: 1, maxLength: 12 },
)

function traffic({
  seed,
  pages,
  alone,
}: {
  seed: number
  pages: { text: number; digits: boolean }[]
  alone: boolean
}) {
  const random = seeded(seed)
  const sent = pages.map(({ text, digits }, i): OutgoingPage => {
    const ric = RICS[i]!
    return digits
      ? { ric, function: 0, type: 'numeric', text: DIGITS[text]! }
      : { ric, function: 3, type: 'alpha', text: TEXTS[text]! }
  })
  const groups = alone ? sent.map((page) => [page]) : [sent]
  return {
    sent,
    air: onTheAir(
      groups.map((group) => encodeTransmission(group)),
      random,
    ),
  }
}

async function check(delivery: Delivery): Promise<void> {
  const { readings, shown } = await deliver(delivery)
  const words = new Set(delivery.pages.map((p) => p.text))
  const surely = readings.filter((r) => r.quality === 'clean' && !words.has(r.text))
  expect(
    surely.map((r) => r.text),
    'told as clean',
  ).toEqual([])
  const { shown: whole } = await deliver({ ...delivery, pieces: [oneOf(delivery.pieces)] })
  expect(shown).toEqual(whole)
  expect(shown.map((line) => Number(line.split(' ')[0]))).toEqual(delivery.pages.map((p) => p.ric).sort())
  for (const page of delivery.pages) expect(shown.join('\n')).toContain(`${page.ric} ${page.text} `)
}

function oneOf(pieces: Delivery['pieces']): { bytes: Uint8Array; at: number } {
  return { bytes: new Uint8Array(pieces.flatMap(({ bytes }) => [...bytes])), at: pieces.at(-1)?.at ?? 0 }
}

test('bits in any portions at any times: the phone shows the same words, and nothing cut was called clean', async () => {
  await fc.assert(
    fc.asyncProperty(day, portions, async (it, split) => {
      const { sent, air } = traffic(it)
      await check({
        pages: sent,
        pieces: inPortions(air.bits, 1200 / 8, split),
        options: { input: 'packed', baud: 1200, repeatSeconds: 0 },
      })
    }),
    { seed: 20261130, numRuns: Number(process.env.RUNS ?? 25) },
  )
})

test('audio behind a pipe that hands over 8192 bytes at a time', async () => {
  await fc.assert(
    fc.asyncProperty(day, fc.integer({ min: 0, max: 8191 }), async (it, first) => {
      const { sent, air } = traffic({ ...it, alone: false })
      const samples = toAudio(air, 1200, 22_050)
      const bytes = new Uint8Array(first + samples.byteLength)
      bytes.set(new Uint8Array(samples.buffer), first & ~1)
      await check({
        pages: sent,
        pieces: inPortions(bytes.subarray(0, (first & ~1) + samples.byteLength), 44_100, [
          { size: 8192, stall: 0 },
        ]),
        options: { input: 'pcm16', sampleRate: 22_050, repeatSeconds: 0 },
      })
    }),
    { seed: 20261130, numRuns: 5 },
  )
})
