import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { schemaJson } from '../../src/config/print-schema.ts'
import { loadWhole } from '../../src/config/whole.ts'

const EXAMPLE = 'config/bridge.example.yaml'
const text = readFileSync(EXAMPLE, 'utf8')

/** Every setting's name, however deep, from the JSON Schema. */
function names(schema: unknown): string[] {
  if (schema === null || typeof schema !== 'object') return []
  const properties = 'properties' in schema && typeof schema.properties === 'object' ? schema.properties : {}
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(names)]
}

test('the example configuration is one that the daemon would start with', () => {
  const whole = loadWhole(EXAMPLE, Date.UTC(2026, 10, 21))
  expect(whole.ok ? [] : whole.fault).toEqual([])
})

test('the example shows every setting there is', () => {
  const missing = [...new Set(names(JSON.parse(schemaJson())))].filter(
    (name) => !new RegExp(`(^|[\\s#{,"])${name}:`, 'm').test(text),
  )
  expect(missing).toEqual([])
})

test('the schema for editors is fresh (node src/config/print-schema.ts writes it)', () => {
  expect(readFileSync('config/schema.json', 'utf8')).toBe(schemaJson())
})
