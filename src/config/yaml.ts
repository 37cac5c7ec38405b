import { parseDocument } from 'yaml'
import type * as z from 'zod'
import type { ConfigFault } from './fault.ts'

/** Reads a YAML text through a schema; an empty file is an empty object. Every fault is added to `faults`. */
export function readYaml<T extends z.ZodType>(
  path: string,
  text: string,
  schema: T,
  faults: ConfigFault[],
): z.output<T> | undefined {
  const document = parseDocument(text)
  for (const error of document.errors) {
    faults.push({
      path: `${path}:${error.linePos?.[0].line ?? 1}`,
      code: 'config-syntax',
      detail: error.code.toLowerCase(),
    })
  }
  if (document.errors.length > 0) return undefined
  const value: unknown = document.toJS()
  const result = schema.safeParse(value ?? {})
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    faults.push({
      path: [path, ...issue.path.map(String)].join(':'),
      code: 'value-wrong',
      detail: issue.message,
    })
  }
  return undefined
}
