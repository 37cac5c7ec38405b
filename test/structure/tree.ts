import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const src = fileURLToPath(new URL('../../src', import.meta.url))

/** A file of `src` that is read as code or style, by its path below `src`. */
export interface SourceFile {
  readonly path: string
  readonly lines: readonly string[]
}

/** One import of one file. */
export interface Import {
  readonly from: string
  readonly line: number
  /** As it is written. */
  readonly to: string
  /** The file below `src` that it names; missing for a package or a page of a server. */
  readonly file?: string
}

export const FILES: readonly SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(ts|js|css)$/.test(path))
  .toSorted()
  .map((path) => ({ path, lines: readFileSync(join(src, path), 'utf8').replace(/\n$/, '').split('\n') }))

const NAMES = [
  /^(?:import|export|\}).*from '([^']+)'/,
  /^import '([^']+)'/,
  /(?:^|[^.\w])import\('([^']+)'\)/,
  /@import .*from '([^']+)'/,
  /@import url\('?([^')]+)/,
]

export const IMPORTS: readonly Import[] = FILES.flatMap(({ path, lines }) =>
  lines.flatMap((text, i) => {
    const to = NAMES.map((name) => name.exec(text)?.[1]).find((found) => found !== undefined)
    if (to === undefined) return []
    const file = to.startsWith('.') ? relative(src, resolve(dirname(join(src, path)), to)) : undefined
    return [{ from: path, line: i + 1, to, ...(file === undefined ? {} : { file }) }]
  }),
)

/** How a failing test names an import. */
export const at = ({ from, line, to }: Import): string => `src/${from}:${line} imports ${to}`

/** Every way round in a graph, each named by the nodes along it. */
export function circles(arrows: readonly (readonly [from: string, to: string])[]): string[] {
  const graph = Map.groupBy(arrows, ([from]) => from)
  const found: string[] = []
  const seen = new Map<string, 'open' | 'done'>()
  const visit = (node: string, path: readonly string[]): void => {
    if (seen.get(node) === 'done') return
    if (seen.get(node) === 'open') {
      found.push([...path.slice(path.indexOf(node)), node].join(' → '))
      return
    }
    seen.set(node, 'open')
    for (const [, to] of graph.get(node) ?? []) visit(to, [...path, node])
    seen.set(node, 'done')
  }
  for (const node of graph.keys()) visit(node, [])
  return found
}
