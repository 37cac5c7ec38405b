import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { FiledDocument } from '../../src/core/record/document.ts'
import { controlId, type Hl7Names, messageOf } from '../../src/core/record/hl7.ts'
import { readAck, readSegments } from '../../src/core/record/hl7-answer.ts'
import { linesOf } from '../../src/core/record/lines.ts'
import { aDocument, HL7_NAMES, inUtc } from '../support/documents.ts'

/** Debian's own Python: its packages are not in any other that may stand before it on the path. */
const PYTHON = '/usr/bin/python3'
const PEER = fileURLToPath(new URL('../support/hl7-peer.py', import.meta.url))
const there = spawnSync(PYTHON, ['-c', 'import hl7']).status === 0

const text = z.string().nullable()
const seen = z.array(
  z.object({
    ...{ type: z.array(text), control: text, version: text, patient: z.array(text) },
    ...{ segments: z.array(z.string()), lines: z.array(z.string()), states: z.array(z.string()) },
    ...{ document: text, parent: text, filler: text, result: text, ack: z.string() },
  }),
)

function peerReads(messages: readonly string[]) {
  const done = spawnSync(PYTHON, [PEER], { input: JSON.stringify(messages), encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
  return seen.parse(JSON.parse(done.stdout))
}

/** As the record shows it: what separates lines and what no screen shows become blanks or breaks. */
const shown = (line: string) => line.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]/gu, ' ')
const oru: Hl7Names = { ...HL7_NAMES, message: 'oru', version: '2.5.1' }

test('another reading of the standard finds in each message what was put there', (ctx) => {
  if (!there) ctx.skip('needs Debian’s python3-hl7')
  const there1 = { kind: 'there', version: 1 } as const
  const cases: [FiledDocument, Hl7Names][] = [
    [aDocument(), HL7_NAMES],
    [aDocument({ version: 2, before: there1 }), HL7_NAMES],
    [aDocument({ version: 2, before: there1, act: 'withdraw' }), HL7_NAMES],
    [aDocument(), oru],
    [aDocument({ version: 2, before: there1 }), oru],
    [aDocument({ version: 3, before: { kind: 'there', version: 2 }, act: 'withdraw' }), oru],
    [aDocument({ document: 2, patient: { scheme: 'local', value: 'A123456' } }), HL7_NAMES],
  ]
  const found = peerReads(cases.map(([document, names]) => messageOf(document, names, inUtc)))
  const own = found[0]?.document
  expect(
    found.map((f) => [f.type[1], f.patient.join(' '), f.document === own, f.parent || null, f.result]),
  ).toEqual([
    ['T02', '9990000018 NHS NH', true, null, null],
    ['T10', '9990000018 NHS NH', false, own, null],
    ['T11', '9990000018 NHS NH', true, null, null],
    ['R01', '9990000018 NHS NH', false, null, 'F'],
    ['R01', '9990000018 NHS NH', false, null, 'C'],
    ['R01', '9990000018 NHS NH', false, null, 'X'],
    ['T02', 'A123456 RXX MR', false, null, null],
  ])
  expect(found.map((f) => [...new Set(f.states)].join())).toEqual(['F', 'F', '', 'F', 'C', 'W', 'F'])
  // The result keeps its number, so that a correction finds it.
  expect(new Set(found.slice(3, 6).map((f) => f.filler)).size).toBe(1)
  // By document and version, whatever it is made into.
  expect(new Set(found.map((f) => f.control)).size).toBe(4)
  for (const [i, [document]] of cases.entries()) {
    expect(found[i]?.control).toBe(controlId(document))
    expect(String(found[i]?.control).length).toBeLessThanOrEqual(20)
    expect(String(found[i]?.document ?? '').length).toBeLessThanOrEqual(30)
    // And we read what it answers to it.
    const ack = readSegments(found[i]?.ack ?? '')
    expect(ack && readAck(ack, controlId(document))).toEqual({ kind: 'taken', answer: 'AA' })
    expect(ack && readAck(ack, 'another')).toBeUndefined()
  }
})

test('whatever people write arrives as they wrote it, line for line', (ctx) => {
  if (!there) ctx.skip('needs Debian’s python3-hl7')
  const words = fc.string({
    unit: fc.constantFrom(...'aZ9 |^~\\&#.\r\n\t\u0000\u000b\u001cäß£€😀\\E\\X0D\\H\\'.split('')),
    minLength: 1,
    maxLength: 60,
  })
  const documents = fc
    .sample(fc.tuple(words, words), { seed: 20_261_130, numRuns: 400 })
    .map(([asked, said]) => aDocument({ words: asked, thread: [{ at: 0, by: 'X', text: said }] }))
  const found = peerReads(documents.map((document) => messageOf(document, HL7_NAMES, inUtc)))
  for (const [i, document] of documents.entries()) {
    const sent = linesOf(document, inUtc).map(shown)
    expect(found[i]?.lines.map((line) => line.replaceAll('\r', '\n'))).toEqual(sent)
    expect(found[i]?.segments.slice(0, 5)).toEqual(['MSH', 'EVN', 'PID', 'PV1', 'TXA'])
    expect(found[i]?.segments.slice(5)).toEqual(sent.map(() => 'OBX'))
  }
})
