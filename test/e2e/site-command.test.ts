import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeFolder } from '../support/folders.ts'

const bleepd = fileURLToPath(new URL('../../src/bleepd.js', import.meta.url))
const demo = fileURLToPath(new URL('../../config/sites/demo', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bleepd-site-'))
beforeAll(() => cpSync(demo, join(folder, 'site'), { recursive: true }))
afterAll(() => removeFolder(folder))

function site(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bleepd, 'site', ...args], {
    encoding: 'utf8',
  })
  return { status, lines: stdout.split('\n').filter(Boolean), stderr }
}

test('a good site has nothing on stdout, and its tables can be written out', () => {
  const out = join(folder, 'out')
  const { status, lines, stderr } = site(demo, '--days', '7', '--export', out)
  expect(lines).toEqual([])
  expect(stderr).toContain('no gap and no double cover in the next 7 days')
  expect(status).toBe(0)
  expect(readFileSync(join(out, 'people.csv'), 'utf8')).toMatch(
    /^id,name,staffGroup,active,phone,pagerOnly\np001,/,
  )
})

test('a rota with a hole is told role by role, as data', () => {
  const rota = join(folder, 'site', 'rota.csv')
  const kept = readFileSync(rota, 'utf8')
    .split('\n')
    .filter((line) => !/^med-reg,.*,night,/.test(line))
  writeFileSync(rota, kept.join('\n'))
  const { status, lines } = site(join(folder, 'site'), '--days', '2')
  expect(status).toBe(1)
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({ role: 'med-reg', reason: 'rota-gap', holders: 0, wanted: 1 })
  }
  expect([2, 3]).toContain(lines.length)
})

test('a faulty site is told fault by fault', () => {
  appendFileSync(join(folder, 'site', 'people.csv'), 'p001,Twice,doctor,\n')
  const { status, lines } = site(join(folder, 'site'))
  expect(status).toBe(78)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/people\.csv:127:id: config-doubled: .+ \(p001\) — .+/)
})

test('a span that is no number of days is a usage fault', () => {
  expect(site(demo, '--days', 'many')).toMatchObject({ status: 64, lines: [] })
})
