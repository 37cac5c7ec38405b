import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { goodFolder, layGood, loadToRun, takeGood } from '../../src/config/last-good.ts'
import { loadWhole } from '../../src/config/whole.ts'
import { type SiteFolder, siteFolder } from '../support/site-folder.ts'

const NOW = Date.UTC(2026, 10, 20, 9)
const BROKEN = 'role,person,shift\nreg,nobody-of-this-name,all\n'

let site: SiteFolder
beforeEach(() => {
  site = siteFolder()
})
afterEach(() => site.remove())

function keep(at = NOW) {
  const whole = loadWhole(site.config, at)
  if (!whole.ok) throw new Error(JSON.stringify(whole.fault))
  return layGood(site.config, whole.value, at) && takeGood(site.config)
}
const started = () => {
  const read = loadToRun(site.config, NOW + 1000)
  if (!read.ok) throw new Error(JSON.stringify(read.fault))
  return read.value
}

test('a start finds faults in the site: it runs on the last good copy, with the faults and since when', () => {
  expect(keep()).toBe(true)
  site.write('rota.csv', BROKEN)
  const { instead, site: read } = started()
  expect(instead?.since).toBe(NOW)
  expect(instead?.faults[0]?.path).toContain('rota.csv:2')
  expect(read.rota.map(({ person }) => person)).toContain('ann')
  // What is mended is taken again, and the copy is of no more use.
  site.write('rota.csv', 'role,person,shift\nreg,bob,all\nsho,bob,all\nnurse,cat,all\n')
  expect(started().instead).toBeUndefined()
})

test('a configuration that cannot be read gives way to the last good one, and the site is the one of now', () => {
  keep()
  writeFileSync(site.config, `${readFileSync(site.config, 'utf8')}\nlog: *x\n`)
  site.write('rota.csv', 'role,person,shift\nreg,bob,all\nsho,bob,all\nnurse,cat,all\n')
  const { instead, site: read, config } = started()
  expect(instead?.faults[0]).toMatchObject({ code: 'config-syntax' })
  expect(read.rota.map(({ person }) => person)).not.toContain('ann')
  expect(config.folder).toBe(dirname(site.config))
  site.write('rota.csv', BROKEN)
  expect(started().site.rota.map(({ person }) => person)).toContain('ann')
})

test('without a copy a start with faults is refused, as check refuses it', () => {
  site.write('rota.csv', BROKEN)
  expect(loadToRun(site.config, NOW).ok).toBe(false)
  expect(existsSync(goodFolder(site.config))).toBe(false)
})

test('a copy that is no copy of what was read is not kept; the one before stands, half-way too', () => {
  keep()
  const whole = loadWhole(site.config, NOW)
  if (!whole.ok) throw new Error('site')
  site.write('rota.csv', BROKEN)
  expect(layGood(site.config, whole.value, NOW)).toBe(false)
  expect(started().instead?.since).toBe(NOW)
  // Cut off between the two renames: what was there is still found.
  expect(takeGood(site.config)).toBe(true)
})

test('it is its owner’s alone', () => {
  keep()
  expect(statSync(join(goodFolder(site.config), 'site')).mode & 0o077).toBe(0)
})
