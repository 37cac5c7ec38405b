import { expect, test } from 'vitest'
import { type Form, readDoc, writeDoc } from '../../../src/core/stored/form.ts'
import { FORMS } from '../../../src/core/stored/forms.ts'

const LADDER: Form = {
  rungs: [(doc) => ({ size: 1, ...doc }), (doc) => ({ colour: 'red', ...doc })],
  names: { weight: 'size', size: 'length' },
}

test('a document climbs from whatever version wrote it, and says which it has now', () => {
  expect(JSON.parse(writeDoc(LADDER, { weight: 3, size: 9 }))).toEqual({ size: 3, length: 9, v: 2 })
  expect(readDoc(LADDER, '{"length":9}')).toEqual({ weight: 1, size: 9, colour: 'red' })
  expect(readDoc(LADDER, '{"length":9,"v":1}')).toEqual({ size: 9, colour: 'red' })
  expect(readDoc(LADDER, '{"length":9,"v":2}')).toEqual({ size: 9 })
  expect(readDoc(LADDER, '{"length":9,"v":7,"later":true}')).toEqual({ size: 9, later: true })
})

test('what is written reads back as it was, whatever was in it', () => {
  for (const form of Object.values(FORMS)) {
    const value = { id: 'x', revision: 4, version: 2, begun: 7, list: [{ version: 1 }], text: 'v' }
    expect(readDoc(form, writeDoc(form, value))).toEqual(value)
  }
})

test('a rung never changes what is there, so that a document the release before wrote back may climb again', () => {
  const doc = {
    phase: 'covered',
    covered: 5,
    kind: 'also-ask',
    seen: 3,
    responders: {},
    plan: { class: 'urgent' },
  }
  for (const { rungs } of Object.values(FORMS)) for (const rung of rungs) expect(rung(doc)).toEqual(doc)
})

const covered = (c: string, ...responders: readonly object[]) =>
  JSON.stringify({ phase: 'covered', plan: { class: c }, responders: { ...responders } })

test('an alert covered before that was noted is covered since the last who is coming said so', () => {
  const come = [
    { state: 'accepted', since: 5 },
    { state: 'call-back', since: 8 },
    { state: 'opened', since: 9 },
  ]
  expect(readDoc(FORMS.alert, covered('routine', ...come))).toMatchObject({ covered: 8 })
  expect(readDoc(FORMS.alert, covered('emergency', ...come))).toMatchObject({ covered: 5 })
  expect(readDoc(FORMS.alert, covered('routine'))).not.toHaveProperty('covered')
  expect(readDoc(FORMS.alert, '{"phase":"ringing"}')).not.toHaveProperty('covered')
})

test('names on disk stay: revision is stored as version, version as decided, and what an event saw as seen', () => {
  expect(JSON.parse(writeDoc(FORMS.alert, { revision: 7, version: 4 }))).toMatchObject({
    version: 7,
    decided: 4,
  })
  expect(JSON.parse(writeDoc(FORMS.event, { kind: 'closed', version: 4 }))).toMatchObject({ seen: 4 })
  expect(JSON.parse(writeDoc(FORMS.sighting, { begun: 4 }))).toMatchObject({ stored: 4 })
  expect(readDoc(FORMS.event, '{"kind":"also-ask"}')).toEqual({ kind: 'also-ask', version: 0 })
})
