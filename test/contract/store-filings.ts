import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AlertId, asId, type BleepId } from '../../src/core/ids.ts'
import { newFiling } from '../../src/core/record/filing.ts'
import { sendOf } from '../../src/core/record/send.ts'
import type { Store, Tx } from '../../src/ports/store.ts'
import { aBleep, anAlert } from './store.ts'

const ALERT = asId<AlertId>('a1')
const BLEEP = asId<BleepId>('b1')
const patient = { scheme: 'nhs', value: '9990000018' } as const
const send = (seq: number) =>
  sendOf(ALERT, 'fhir', { act: 'file', seq, document: 1, version: seq, patient }, 5)

/** What filing in the patient's record asks of every store. */
export function filingContract(name: string, fresh: () => Promise<Store>, why?: string): void {
  describe(`${name} keeps filings and their outboxes`, () => {
    let store: Store
    const within = <T>(work: (tx: Tx) => Promise<T>) => store.transact(work)
    beforeEach(async (ctx) => {
      if (why) ctx.skip(why)
      store = await fresh()
      await within(async (tx) => {
        await tx.bleeps.add(aBleep('b1', { received: 1, stage: 'routed' }))
        await tx.alerts.add(anAlert('a1', 'b1', { phase: 'closed', raised: 1 }), [{ kind: 'raised', at: 1 }])
      })
    })
    afterEach(() => store?.close())

    const made = async () => {
      const filing = {
        ...newFiling(ALERT, BLEEP, 1),
        phase: 'made' as const,
        document: 1,
        version: 2,
        seq: 2,
      }
      await within((tx) => tx.filings.save({ filing, sends: [send(1), send(2)] }, 6))
    }
    const claim = async (owner: string, now = 10) =>
      (await within((tx) => tx.filings.claim('fhir', { owner, now, until: now + 90, limit: 4 }))).map(
        ({ seq, tries }) => [seq, tries],
      )

    test('an alert that has ended is unfiled until it has a filing, and an open one holds the mark', async () => {
      expect(await within((tx) => tx.filings.unfiled(0, 5))).toEqual(['a1'])
      expect(await within((tx) => tx.filings.unfiled(2, 5))).toEqual([])
      expect(await within((tx) => tx.filings.firstOpen(0))).toBeUndefined()
      await within(async (tx) => {
        await tx.bleeps.add(aBleep('b2', { received: 7, stage: 'routed' }))
        await tx.alerts.add(anAlert('a2', 'b2', { raised: 7 }), [{ kind: 'raised', at: 7 }])
      })
      expect(await within((tx) => tx.filings.firstOpen(0))).toBe(7)
      await made()
      expect(await within((tx) => tx.filings.unfiled(0, 5))).toEqual([])
    })

    test('two that claim at once never have the same send, nor one before an earlier one of its alert', async () => {
      await made()
      const both = await Promise.all([claim('n/a'), claim('n/b')])
      expect(both.flat()).toEqual([[1, 1]])
      await within((tx) => tx.filings.end({ ...send(1), tries: 1, state: 'taken' }))
      expect(await claim('n/a')).toEqual([[2, 1]])
      expect(await claim('n/b', 50)).toEqual([])
      // A lease that has lapsed, or whose holder is dead, is anybody's.
      await within((tx) => tx.filings.release('n/'))
      expect(await claim('n/b', 50)).toEqual([[2, 2]])
    })

    test('a send that was overtaken while it is out keeps the next one back, and its count', async () => {
      await made()
      expect(await claim('n/a')).toEqual([[1, 1]])
      await within((tx) => tx.filings.keep({ ...send(1), state: 'dropped' }))
      expect(await claim('n/b', 50)).toEqual([])
      expect((await within((tx) => tx.filings.get(ALERT)))?.sends[0]).toMatchObject({
        state: 'dropped',
        tries: 1,
      })
      expect(await claim('n/b', 200)).toEqual([[2, 1]])
    })

    test('figures, pages, what is owed, and what is due at once', async () => {
      await made()
      const figures = await within((tx) => tx.filings.figures(0))
      expect(figures.ways.fhir).toEqual({ waiting: 2, since: 5, refused: 0 })
      expect(figures.stands).toEqual({ filed: 0, 'not-filed': 1, refused: 0, 'no-patient': 0 })
      expect((await within((tx) => tx.filings.figures(2))).stands['not-filed']).toBe(0)
      const page = (before?: { at: number; id: string }) =>
        within((tx) => tx.filings.list({ limit: 5, ...(before ? { before } : {}) }))
      expect([(await page()).length, (await page({ at: 1, id: 'a1' })).length]).toEqual([1, 0])
      expect(await within((tx) => tx.filings.owes(BLEEP))).toBe(true)
      await within((tx) => tx.filings.end({ ...send(1), due: 500 }))
      expect(await claim('n/a')).toEqual([])
      await within((tx) => tx.filings.hasten('fhir', 10))
      expect(await claim('n/a')).toHaveLength(1)
    })

    test('an alert that was added to is told, and a filing goes with its bleep', async () => {
      await made()
      await within(async (tx) => {
        const alert = await tx.alerts.get(ALERT)
        if (alert) await tx.alerts.save({ ...alert, revision: alert.revision + 1 }, alert.revision, [])
      })
      expect(await within((tx) => tx.filings.changed(0, 5))).toEqual(['a1'])
      await within((tx) => tx.purge.bleeps([BLEEP]))
      expect(await within((tx) => tx.filings.get(ALERT))).toBeUndefined()
    })
  })
}
