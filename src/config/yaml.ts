import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, stringify } from 'yaml'
import type * as z from 'zod'
import { say } from '../core/catalogue/say.ts'
import type { FaultCode } from '../core/faults.ts'
import type { ConfigFault } from './fault.ts'

/** A YAML file that could be read, and where in it things stand. */
export interface YamlFile {
  readonly value: unknown
  /** `file:line:place` of a path of keys, or of the nearest thing above it that is there. */
  at(keys: readonly PropertyKey[]): string
  /** What stands at a path, where it is a single value. */
  shown(keys: readonly PropertyKey[]): string | undefined
}

/**
 * Parses a YAML text; an empty one is an empty object. Whatever the library says or throws, while it parses or while it
 * makes plain values of it (an alias of nothing, one that grows without end, a tag that nobody knows), is a fault.
 */
export function parseYaml(path: string, text: string, faults: ConfigFault[]): YamlFile | undefined {
  const lines = new LineCounter()
  const wrong = (line: number, detail: string): undefined => {
    faults.push({ path: `${path}:${line}`, code: 'config-syntax', detail })
  }
  try {
    const document = parseDocument(text, { lineCounter: lines })
    const said = [...document.errors, ...document.warnings]
    for (const { pos, message, code } of said)
      wrong(
        lines.linePos(pos[0]).line,
        message.split('\n')[0]?.replace(/ at line.*/, '') ?? code.toLowerCase(),
      )
    if (said.length > 0) return undefined
    const lineOf = (keys: readonly PropertyKey[]) => lines.linePos(offsetOf(document, keys)).line
    let value: unknown
    try {
      value = document.toJS({ maxAliasCount: 50 }) ?? {}
    } catch (error) {
      return wrong(
        aliasLine(text, error),
        say('settings.valueBeginsWantsQuotes', { error: messageOf(error) }),
      )
    }
    return {
      value,
      at: (keys) => [path, lineOf(keys), ...(keys.length === 0 ? [] : [printPath(keys)])].join(':'),
      shown(keys) {
        const node = document.getIn(keys, true)
        if (!isScalar(node)) return undefined
        return node.source ?? String(node.value)
      },
    }
  } catch (error) {
    return wrong(1, messageOf(error))
  }
}

/** Reads a YAML text through a schema. Every fault is added to `faults` with its line. */
export function readYaml<T extends z.ZodType>(
  path: string,
  text: string,
  schema: T,
  faults: ConfigFault[],
): z.output<T> | undefined {
  const file = parseYaml(path, text, faults)
  if (file === undefined) return undefined
  const result = schema.safeParse(file.value)
  if (result.success) return result.data
  faults.push(...issueFaults(file, result.error.issues, { wrong: 'value-wrong', missing: 'value-wrong' }))
  return undefined
}

/** What a schema found, with line and value. Values of what may be a secret are not shown. */
export function issueFaults(
  file: YamlFile,
  issues: readonly z.core.$ZodIssue[],
  codes: { readonly wrong: FaultCode; readonly missing: FaultCode },
): readonly ConfigFault[] {
  return issues.flatMap((issue): readonly ConfigFault[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: file.at([...issue.path, key]), code: 'config-unknown-key' }))
    if (issue.code === 'invalid_union') {
      const nearest = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a))[0]
      if (nearest !== undefined && depthOf(nearest) > 0) {
        const inner = nearest.map((i) => ({ ...i, path: [...issue.path, ...i.path] }))
        return issueFaults(file, inner, codes)
      }
    }
    const value = SECRET.test(printPath(issue.path)) ? undefined : file.shown(issue.path)
    const missing = issue.code === 'invalid_type' && /received undefined/.test(issue.message)
    return [
      {
        path: file.at(issue.path),
        code: missing ? codes.missing : codes.wrong,
        detail: issue.message,
        ...(value === undefined ? {} : { value }),
      },
    ]
  })
}

const SECRET = /token|key|password|secret|account|\burl\b/i

const depthOf = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map((i) => i.path.length))

/** A path of keys as people write it: `feeds[0].port.path`. */
export function printPath(path: readonly PropertyKey[]): string {
  return (
    path
      .map((k) => (typeof k === 'number' ? `[${k}]` : `.${String(k)}`))
      .join('')
      .replace(/^\./, '') || say('settings.wholeFile')
  )
}

/** {@link printPath} read back. */
export function readPath(place: string): readonly PropertyKey[] {
  return [...place.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, n, key = '']) =>
    n === undefined ? key : Number(n),
  )
}

/** Where the key of the last step stands; what is not there stands where the nearest thing above it does. */
function offsetOf(document: Document, keys: readonly PropertyKey[]): number {
  for (let n = keys.length; n > 0; n--) {
    const parent = n === 1 ? document.contents : document.getIn(keys.slice(0, n - 1), true)
    const key = keys[n - 1]
    if (isMap(parent)) {
      const pair = parent.items.find(
        (p) => isPair(p) && isScalar(p.key) && String(p.key.value) === String(key),
      )
      if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node = document.getIn(keys.slice(0, n), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

/** The library names the alias and not its line. */
function aliasLine(text: string, error: unknown): number {
  const name = /alias.*: (\S+)/i.exec(error instanceof Error ? error.message : '')?.[1]
  const at = text.indexOf(name === undefined ? '*' : `*${name}`)
  return at < 0 ? 1 : text.slice(0, at).split('\n').length
}

const messageOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 200) ?? ''

/** A feed as people write it in the configuration file: one line for each thing it has. */
export function printFeed(feed: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(stringify({ feeds: [feed] }))
  for (const key of Object.keys(feed)) {
    const node = document.getIn(['feeds', 0, key])
    if (isMap(node)) node.flow = true
  }
  return document.toString({ lineWidth: 0 }).trimEnd()
}
