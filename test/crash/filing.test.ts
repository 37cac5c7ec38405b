import { describe, expect, test } from 'vitest'
import { asId, type NodeId } from '../../src/core/ids.ts'
import { MINUTE } from '../../src/core/instant.ts'
import { standOf } from '../../src/core/record/filing.ts'
import { takeBackLeases } from '../../src/run/leases.ts'
import { Epr } from '../support/epr.ts'
import { filingBed } from '../support/filing-bed.ts'
import { Hl7Epr } from '../support/hl7-epr.ts'
import { type Death, mortal } from '../support/mortal-store.ts'

const NHS = '9990000018'
const OTHER = '9990000026'
const ANN = { nhs: OTHER, name: 'Ann Smith', born: '1970-02-01' }
const MARY = { nhs: NHS, name: 'Mary Jones', born: '1960-02-01' }
const caller = { kind: 'operator', access: 'governance', operator: 'ig' } as const

/**
 * A call that is filed, corrected, and then filed for another patient, by processes of which the first dies at one commit.
 * It goes by FHIR and by HL7 at once: each is an outbox of its own.
 */
async function lived(death: Death | undefined) {
  const epr = new Epr([MARY, ANN])
  const hl7 = new Hl7Epr()
  const bed = await filingBed([epr.way(), hl7.way()])
  const first = bed.start()
  await bed.elapse(10_000)
  await first()
  const store = mortal(bed.bed.store, death)
  const dying = bed.start(store)
  const id = await bed.ended(`FALL ${NHS}`)
  await bed.elapse(20_000)
  const by = { kind: 'switchboard', operator: 'op' } as const
  await bed.bed.alerts.apply(id, { kind: 'ticked', at: bed.clock.now(), by, step: 'Family told', done: true })
  await bed.elapse(20_000)
  const read = await bed.desk.readBack(caller, id, OTHER)
  if (!read.ok) throw new Error(read.fault.code)
  await bed.desk.setPatient(caller, id, OTHER, read.value.readBack)
  await bed.elapse(20_000)
  const commits = store.commits()
  await dying().catch(() => undefined)
  // The next run of the same node.
  await takeBackLeases(bed.bed.store, asId<NodeId>('n'))
  const next = bed.start()
  await bed.elapse(5 * MINUTE)
  await next()
  const { filing, sends } = await bed.filed(id)
  const audits = (await bed.audits()).filter((a) => /^filing.(file|withdraw)/.test(a))
  await bed.close()
  return {
    commits,
    epr,
    hl7,
    stand: standOf(filing, sends),
    waiting: sends.filter(({ state }) => state === 'waiting'),
    audits,
  }
}

describe('killed at any commit of filing', () => {
  test('each document is in the record once, in the right one, whatever was lost', async () => {
    const whole = await lived(undefined)
    expect(whole.stand).toBe('filed')
    expect(whole.commits).toBeGreaterThan(12)
    for (let commit = 1; commit <= whole.commits; commit++)
      for (const when of ['before', 'after'] as const) {
        const { epr, hl7, stand, waiting, audits } = await lived({ commit, when })
        const at = `${when} commit ${commit}`
        expect([at, stand, waiting]).toEqual([at, 'filed', []])
        const standing = epr.communications.filter((c) => c.status !== 'entered-in-error')
        expect([at, standing.map((c) => c.subject.identifier.value)]).toEqual([at, [OTHER]])
        const ids = epr.communications.map((c) => c.identifier[0].value)
        expect([at, ids]).toEqual([at, [...new Set(ids)]])
        expect([
          at,
          epr.communications.filter(
            (c) => c.subject.identifier.value === NHS && c.status !== 'entered-in-error',
          ),
        ]).toEqual([at, []])
        expect([at, hl7.standing]).toEqual([at, [OTHER]])
        // At most the first patient's document, its correction, and the other's: nothing was made twice.
        expect(hl7.documents.size, at).toBeLessThanOrEqual(3)
        expect(audits.length).toBeGreaterThanOrEqual(1)
      }
  }, 300_000)
})
