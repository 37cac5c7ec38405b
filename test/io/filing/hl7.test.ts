import { expect, test } from 'vitest'
import type { FiledDocument } from '../../../src/core/record/document.ts'
import type { FilingAnswer } from '../../../src/core/record/send.ts'
import { inTurn } from '../../../src/io/filing/hl7.ts'
import { aDocument } from '../../support/documents.ts'

const TAKEN = { kind: 'taken', answer: 'AA' } as const
const NOT_THERE = { kind: 'refused', why: ['AE', 'TXA.1.12', '204'] } as const
const WRONG = { kind: 'refused', why: ['AE', '207'] } as const

/** What each message is about, and what came of it all. */
async function sent(document: Partial<FiledDocument>, ...answers: FilingAnswer[]) {
  const seen: string[] = []
  const controls = new Set<string>()
  const came = await inTurn(aDocument(document), async ({ before }, control) => {
    seen.push('version' in before ? `${before.kind} ${before.version}` : before.kind)
    controls.add(control)
    return answers.shift() ?? WRONG
  })
  // Two messages of one control id would be taken for one that came twice.
  expect(controls.size).toBe(seen.length)
  return { seen, came }
}
const withdraw = (before: FiledDocument['before']) => ({ act: 'withdraw' as const, version: 3, before })

test('a withdrawal where a later version may have arrived: that one first, and only where it is not there the one before', async () => {
  const before = { kind: 'there', version: 1, maybe: 2 } as const
  expect(await sent(withdraw(before), TAKEN)).toEqual({ seen: ['unknown 2'], came: TAKEN })
  expect(await sent(withdraw(before), NOT_THERE, TAKEN)).toEqual({
    ...{ seen: ['unknown 2', 'there 1'], came: TAKEN },
  })
  expect(await sent(withdraw(before), NOT_THERE, NOT_THERE)).toMatchObject({ came: NOT_THERE })
  // Another error says nothing of what is there: a person looks.
  expect(await sent(withdraw(before), WRONG)).toEqual({ seen: ['unknown 2'], came: WRONG })
})

test('what may never have arrived and is not there needs no withdrawal', async () => {
  const before = { kind: 'unknown', version: 1 } as const
  expect((await sent(withdraw(before), NOT_THERE)).came).toMatchObject({ kind: 'taken' })
  expect((await sent(withdraw(before), WRONG)).came).toEqual(WRONG)
})

test('anything else is one message, and what is answered is what it means', async () => {
  const there = { kind: 'there', version: 1 } as const
  expect(await sent(withdraw(there), NOT_THERE)).toEqual({ seen: ['there 1'], came: NOT_THERE })
  for (const before of [{ kind: 'new' }, there, { kind: 'unknown', version: 1 }] as const)
    expect((await sent({ before, version: 2 }, NOT_THERE)).came).toEqual(NOT_THERE)
})
