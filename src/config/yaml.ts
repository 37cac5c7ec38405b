import { isMap, parseDocument, stringify } from 'yaml'
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

/** A feed as people write it in the configuration file: one line for each thing it has. */
export function printFeed(feed: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(stringify({ feeds: [feed] }))
  for (const key of Object.keys(feed)) {
    const node = document.getIn(['feeds', 0, key])
    if (isMap(node)) node.flow = true
  }
  return document.toString({ lineWidth: 0 }).trimEnd()
}
