import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { printConfigFault } from '../../src/config/fault.ts'
import { loadSite } from '../../src/config/site.ts'
import { removeFolder } from '../support/folders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'))
  cpSync('config/sites/demo', folder, { recursive: true })
})
afterEach(() => removeFolder(folder))

const read = (text: string) => {
  writeFileSync(join(folder, 'trust.yaml'), text)
  return loadSite(folder, Date.UTC(2026, 10, 30))
}
const faults = (text: string) => {
  const said = read(text)
  return said.ok ? [] : said.faults.map(printConfigFault).map((line) => line.replace(`${folder}/`, ''))
}

test('the policy of a trust stands in a file of the site', () => {
  const said = read('title: Bleeps\nversion: 2026-1\nways: [{ classes: [routine], never: [voice] }]\n')
  expect(said.ok && said.site.trust).toMatchObject({
    version: '2026-1',
    ways: [{ classes: ['routine'], never: ['voice'] }],
  })
})

test('every name in it must be one of the site’s, and each fault says where', () => {
  const text = `title: Bleeps
version: '1'
ways:
  - { roles: [med-regg], only: [pigeon] }
content:
  - { staffGroups: [wizard], words: none }
asks: { staffGroups: { wizard: [routine] } }
organisations:
  - { id: out, name: Outside, roles: [nobody-here] }
  - { id: out, name: Outside again, roles: [porter] }
drill: { months: 12, waived: [{ person: p999, reason: back soon, by: lead, until: 2026-12-01 }] }
`
  const said = faults(text).join('\n')
  for (const wrong of ['med-regg', 'pigeon', 'wizard', 'nobody-here', 'p999', 'out'])
    expect(said).toContain(wrong)
  expect(said.match(/config-unresolved/g)).toHaveLength(6)
  expect(said).toMatch(/trust\.yaml:4/)
})

test('a rule says either only or never', () => {
  expect(faults('title: B\nversion: "1"\nways: [{ classes: [routine] }]\n').join()).toContain(
    'either only or never',
  )
  expect(faults('title: B\nversion: "1"\nways: [{ only: [voice], never: [voice] }]\n')).toHaveLength(1)
})
