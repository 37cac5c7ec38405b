import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { faultsPage } from '../../src/core/faults-page.ts'

test('the page of fault codes is printed from the table as it is now (npx --no tsx hardware/print-faults.ts)', () => {
  const page = new URL('../../hardware/faults.md', import.meta.url)
  expect(readFileSync(page, 'utf8')).toBe(faultsPage())
})
