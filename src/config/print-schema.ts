import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { configSchema } from './schema.ts'

/** The configuration as JSON Schema, for editors that complete and check YAML as it is typed. */
export function schemaJson(): string {
  return `${JSON.stringify(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`
}

if (import.meta.main) writeFileSync(new URL('../../config/schema.json', import.meta.url), schemaJson())
