import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROFILES, parseProfile, readProfile } from '../../src/config/profile.ts'
import { PROTOCOLS } from '../../src/core/line/registry.ts'

const names = readdirSync(PROFILES).map((file) => file.replace(/\.yaml$/, ''))

test.each(names)('%s fits the schemas of profile and protocol, and says what it rests on', (name) => {
  const profile = readProfile(name)
  expect(profile.ok ? '' : profile.fault.detail).toBe('')
  if (!profile.ok) return
  expect(profile.value.source.length).toBeGreaterThan(10)
  const opened = PROTOCOLS.get(profile.value.protocol)?.open(profile.value.options)
  expect(opened?.ok).toBe(true)
})

/** Names that the command line promises (`decode --profile`), and one for every other way into the house. */
test('every promised name is there', () => {
  expect(names).toEqual(
    expect.arrayContaining(
      `multimon-ng multimon-ng-json pdw portapack scope comp1 comp2 waveware ascom-line salcom jtech arm-nurse-call
       avaya-ip-office avaya-teleseer mitel-smdr meridian-cdr hipath-3000 panasonic-a
       espa444-slave espa444-tap espa444-control tap-terminal tap-client snpp pocsag-transmit pocsag-packed pocsag-oversampled pocsag-pcm`.split(
        /\s+/,
      ),
    ),
  )
})

test('a feed that only listens is one for every decoder, printer and exchange', () => {
  const listening = names.filter((name) => {
    const profile = readProfile(name)
    if (!profile.ok) return false
    const line = PROTOCOLS.get(profile.value.protocol)?.open(profile.value.options)
    return line?.ok && line.value.listensOnly
  })
  expect(listening).toEqual(
    expect.arrayContaining([
      'multimon-ng',
      'pdw',
      'portapack',
      'arm-nurse-call',
      'espa444-tap',
      'mitel-smdr',
    ]),
  )
  expect(listening).not.toContain('ascom-line')
})

test('a profile that is wrong names every place at once', () => {
  const read = parseProfile(`
title: X
protocol: text
options: { patterns: [{ match: '(?<=look)behind' }], framing: { maxLength: 0 }, nonsense: 1 }
evidence: rumour
source: none
`)
  expect(read.ok).toBe(false)
  const detail = read.ok ? '' : (read.fault.detail ?? '')
  for (const place of ['evidence', 'options.patterns.0.match', 'options.framing.maxLength', 'nonsense'])
    expect(detail).toContain(place)
})

test('a name that is none, and a file that is no YAML, are told apart', () => {
  expect(readProfile('no-such-thing')).toMatchObject({ fault: { code: 'profile-unknown' } })
  expect(parseProfile('title: [')).toMatchObject({ fault: { code: 'profile-invalid' } })
})

test('patterns run in linear time, so none may hold the daemon up', () => {
  const nested = parseProfile(
    readFileSync(`${PROFILES}/comp1.yaml`, 'utf8').replace(/match: '.*'/, "match: '(?P<text>(a+)+b)'"),
  )
  expect(nested.ok).toBe(true)
  const opened = nested.ok ? PROTOCOLS.get('text')?.open(nested.value.options) : undefined
  if (!opened?.ok) throw new Error('options')
  // Backtracking would take 2^200 steps here.
  const effects = opened.value.step({
    kind: 'bytes',
    bytes: new Uint8Array(201).fill(0x61, 0, 200).fill(0x0d, 200),
    at: 0,
  })
  expect(effects).toMatchObject([{ kind: 'discard', fault: 'record-unmatched' }])
})
