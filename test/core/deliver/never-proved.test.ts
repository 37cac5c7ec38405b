import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { say } from '../../../src/core/catalogue/say.ts'
import { CHANNEL_IDS } from '../../../src/core/deliver/channels.ts'
import { neverProved } from '../../../src/core/deliver/never-proved.ts'

const NOTHING = { lines: [], heard: new Set<string>(), ways: [], devices: [], onAir: false } as const
const line = (evidence: 'capture' | 'manual' | 'assumed') => ({ id: 'l', name: 'Line', evidence })
const subjects = (more: Partial<Parameters<typeof neverProved>[0]>) =>
  neverProved({ ...NOTHING, ...more }).map(({ subject }) => subject)

test('a line is proved by recordings of the real thing, or by what this site has heard', () => {
  expect(subjects({ lines: [line('capture')] })).toEqual([])
  expect(subjects({ lines: [line('manual')] })).toEqual(['l'])
  expect(subjects({ lines: [line('assumed')] })).toEqual(['l'])
  expect(subjects({ lines: [line('assumed')], heard: new Set(['l']) })).toEqual([])
})

test('a way is proved by a device that said it rang, and by no other way of it', () => {
  const devices = [{ proved: { webpush: { at: 1, by: 'ring' } } }] as const
  expect(subjects({ ways: ['webpush', 'apn'], devices })).toEqual(['apn'])
  expect(subjects({ ways: ['radio'], devices })).toEqual(['radio'])
  expect(subjects({ ways: ['radio'], onAir: true })).toEqual([])
})

test('the page for the safety officer names every profile on paper and every way', () => {
  const page = readFileSync('config/safety/not-proved.md', 'utf8')
  const folder = 'hardware/profiles'
  const paper = readdirSync(folder).filter(
    (file) =>
      file.endsWith('.yaml') && parse(readFileSync(`${folder}/${file}`, 'utf8')).evidence !== 'capture',
  )
  for (const name of [...paper.map((file) => file.replace('.yaml', '')), ...CHANNEL_IDS])
    expect([name, page.includes(`\`${name}\``)]).toEqual([name, true])
})

test('each says on what it rests and how to show it', () => {
  const lines = [
    { id: 'a', name: 'From paper', evidence: 'manual' },
    { id: 'b', name: 'A guess', evidence: 'assumed' },
  ] as const
  expect(neverProved({ ...NOTHING, lines, ways: ['webpush', 'radio'] })).toEqual([
    {
      ...{ sort: 'line', subject: 'a', label: 'From paper' },
      ...{ sentence: say('ready.fromManual'), how: say('ready.proveLine') },
    },
    {
      ...{ sort: 'line', subject: 'b', label: 'A guess' },
      ...{ sentence: say('ready.assumed'), how: say('ready.proveLine') },
    },
    {
      ...{ sort: 'way', subject: 'webpush', label: 'webpush' },
      ...{ sentence: say('ready.neverRang'), how: say('ready.proveWay') },
    },
    {
      ...{ sort: 'way', subject: 'radio', label: 'radio' },
      ...{ sentence: say('ready.neverHeard'), how: say('ready.proveAir') },
    },
  ])
})

test('each way is proved as such a device can: an app, a number or topic that was entered, the broker, the air', () => {
  const how = neverProved({ ...NOTHING, ways: CHANNEL_IDS }).map((one) => [one.subject, one.how])
  const [app, entered] = [say('ready.proveWay'), say('ready.proveEntered')]
  expect(Object.fromEntries(how)).toEqual({
    ...{ webpush: app, apn: app, fcm: app, socket: app, mqtt: say('ready.proveBroker') },
    ...{ ntfy: entered, notify: entered, modem: entered, voice: entered, nudge: entered },
    radio: say('ready.proveAir'),
  })
})

test('one device that rang proves a way, whatever the others have not done', () => {
  const devices = [{}, { proved: { webpush: { at: 1, by: 'ring' } } }, { proved: {} }] as const
  expect(subjects({ ways: ['webpush'], devices })).toEqual([])
  expect(subjects({ ways: ['webpush'], devices: [{}] })).toEqual(['webpush'])
})
