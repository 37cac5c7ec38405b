import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { hearsRePages } from '../../src/config/feeds.ts'
import { loadWhole } from '../../src/config/whole.ts'
import { removeFolder } from '../support/folders.ts'

const folder = mkdtempSync(join(tmpdir(), 'bleepd-feeds-'))
afterAll(() => removeFolder(folder))

/** What the check says of this configuration, over the demonstration's site. */
function checked(feeds: readonly object[], more: object = {}) {
  const file = join(folder, 'bridge.yaml')
  const site = { id: 'demo', folder: join(process.cwd(), 'config/sites/demo') }
  const store = { kind: 'sqlite', path: 'bleeps.sqlite' }
  writeFileSync(file, stringify({ version: 1, site, store, feeds, ...more }))
  const whole = loadWhole(file, Date.UTC(2026, 10, 22))
  return whole.ok
    ? {
        faults: [],
        ports: whole.value.feeds.map((f) => f.port),
        echoes: ['link', 'roof'].map(hearsRePages(whole.value.config, whole.value.feeds)),
      }
    : { faults: whole.fault.map((f) => ({ ...f, path: f.path.replace(/^.*bridge\.yaml:\d+:/, '') })) }
}

const port = { kind: 'serial', path: '/dev/bleep-encoder' }
const radio = { radio: { feed: 'encoder' } }

test('the feed that pages again must be one that can send', () => {
  for (const profile of ['espa444-control', 'tap-client', 'scope', 'waveware', 'comp2', 'pocsag-transmit'])
    expect(checked([{ id: 'encoder', profile, port }], radio).faults).toEqual([])
  for (const profile of ['espa444-slave', 'tap-terminal', 'snpp', 'pocsag-packed', 'avaya-ip-office'])
    expect(checked([{ id: 'encoder', profile, port }], radio).faults).toMatchObject([
      { path: 'radio.feed', code: 'config-value' },
    ])
  const passive = { id: 'encoder', profile: 'scope', port, options: { passive: true } }
  expect(checked([passive], radio).faults).toMatchObject([{ path: 'radio.feed' }])
  expect(checked([{ id: 'other', profile: 'scope', port }], radio).faults).toMatchObject([
    { path: 'radio.feed', code: 'config-unresolved' },
  ])
})

test('what is paged again is heard on the air, never on a link, and by a profile that says where it listens', () => {
  const feeds = [
    { id: 'encoder', profile: 'pocsag-transmit', port },
    { id: 'link', profile: 'snpp', port: { kind: 'tcp-listen', port: 4011 } },
    { id: 'scanner', profile: 'multimon-ng', tap: 'roof', port: { ...port, path: '/dev/bleep-sdr' } },
  ]
  expect(checked(feeds, radio)).toMatchObject({ faults: [], echoes: [false, true] })
  expect(checked(feeds, {}).echoes).toEqual([false, false])
  const taps = (...names: string[]) => checked(feeds, { radio: { feed: 'encoder', taps: names } })
  expect(taps('roof').echoes).toEqual([false, true])
  expect(taps('link', 'cellar').faults).toMatchObject([
    { path: 'radio.taps[0]', code: 'config-value' },
    { path: 'radio.taps[1]', code: 'config-unresolved' },
  ])
})

test('a listening port may say who connects, by address', () => {
  const listen = { kind: 'tcp-listen', port: 4010 }
  const feed = (more: object) => [{ id: 'pbx', profile: 'avaya-ip-office', port: { ...listen, ...more } }]
  expect(checked(feed({})).ports).toMatchObject([{ allow: [] }])
  const allow = ['192.0.2.20', '2001:db8::20']
  expect(checked(feed({ allow })).ports).toMatchObject([{ allow }])
  expect(checked(feed({ allow: ['pbx.example'] })).faults).toMatchObject([{ path: 'feeds[0].port.allow[0]' }])
})

test('XON and XOFF are refused where a check byte or packed bits may look like them', () => {
  const feed = (profile: string) => [{ id: 'line', profile, port, line: { flow: 'xonxoff' } }]
  for (const profile of ['espa444-slave', 'espa444-tap', 'espa444-control', 'pocsag-packed'])
    expect(checked(feed(profile)).faults).toMatchObject([
      { path: 'feeds[0].line.flow', code: 'config-value' },
    ])
  expect(checked(feed('tap-terminal')).faults).toEqual([])
})

test('a pipe is only read: whoever must answer takes another port', () => {
  const pipe = { kind: 'pipe', path: '/run/bleepd/roof' }
  for (const profile of ['pocsag-pcm', 'multimon-ng', 'espa444-tap', 'avaya-ip-office'])
    expect(checked([{ id: 'line', profile, port: pipe }]).ports).toEqual([pipe])
  for (const profile of ['espa444-slave', 'tap-terminal', 'pocsag-transmit'])
    expect(checked([{ id: 'line', profile, port: pipe }]).faults).toMatchObject([
      { path: 'feeds[0].port', code: 'config-value' },
    ])
})
