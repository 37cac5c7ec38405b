import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Packages that bring native modules or files of their own, or look for their parts while they run: they ship as they are. */
const WHOLE = [
  ...['koffi', 'serialport', 'lit-html', 'pino', '@fastify/swagger'],
  ...['firebase-admin', 'node-pushnotifications', 'notifications-node-client'],
]
/**
 * Parts of packages that nothing of ours asks for, and that would be read at every start all the same: words in fifty
 * languages, and makers of checks in whose place there are others (io/http/server.ts).
 */
const UNASKED: Readonly<Record<string, string>> = {
  'zod/v4/locales/index.js': "export{default as en}from'./en.js'",
  '@fastify/ajv-compiler/index.js': '',
  '@fastify/fast-json-stringify-compiler/index.js': '',
}
/** Where packages keep their licence. */
const TERMS = '{*,@*/*}/{LICEN[CS]E,licen[cs]e,Licen[cs]e,NOTICE,COPYING}*'

/**
 * Puts the program's two thousand files into some hundred and fifty, without types, comments and blanks: the runtime keeps
 * the text of every file and 10 kB beside it, which was a sixth of the daemon's memory. Names stay, so that the trace of a
 * defect can be read. Nothing else is changed, and the source tree itself runs as it stands (src/decisions/012).
 * @param library the tree as it ships, with `src` and `node_modules`, which lose what the bundle holds
 */
export async function bundle(library: string): Promise<void> {
  const src = join(library, 'src')
  const code = join(library, 'code')
  const threads = globSync('**/*-worker.ts', { cwd: src, exclude: (path) => path.startsWith('web') })
  const starts = ['bleepd.js', 'cli/run.ts', ...threads]
  await build({
    absWorkingDir: src,
    entryPoints: starts.map((path) => ({ in: path, out: basename(path).replace(/\.[jt]s$/, '') })),
    outdir: code,
    ...({ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node24' } as const),
    ...{ minifyWhitespace: true, minifySyntax: true, legalComments: 'none', logLevel: 'error' },
    external: WHOLE.flatMap((name) => [name, `${name}/*`]),
    // Packages of the older form ask for the runtime's own modules by this name.
    banner: {
      js: "import{createRequire as createRequireHere}from'node:module';const require=createRequireHere(import.meta.url);",
    },
    plugins: [placed(src), unasked],
  })
  for (const path of globSync('**/*.js', { cwd: code })) oneByte(join(code, path))
  for (const path of readdirSync(src)) if (path !== 'web') rmSync(join(src, path), { recursive: true })
  cpSync(code, src, { recursive: true })
  rmSync(code, { recursive: true })
}

/** All code lies in one folder, so what a file says of its own place is said from there. */
const placed = (src: string): Plugin => ({
  name: 'placed',
  setup(build) {
    build.onLoad({ filter: /\.[jt]s$/ }, ({ path }) => {
      if (path.includes('node_modules')) return undefined
      const own = relative(src, path)
      const contents = readFileSync(path, 'utf8')
        .replaceAll(
          /new URL\('\.\/([\w-]+-worker)\.ts', import\.meta\.url\)/g,
          "new URL('./$1.js', import.meta.__url)",
        )
        .replaceAll('import.meta.url', `new URL('./${own}', import.meta.url).href`)
        .replaceAll('import.meta.__url', 'import.meta.url')
      return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js', resolveDir: dirname(path) }
    })
  },
})

const unasked: Plugin = {
  name: 'unasked',
  setup(build) {
    const files = Object.keys(UNASKED).map((path) => path.replaceAll('.', '\\.'))
    build.onLoad({ filter: new RegExp(`/node_modules/(?:${files.join('|')})$`) }, ({ path }) => {
      const [, own] = path.split(/.*\/node_modules\//)
      return { contents: UNASKED[own ?? ''] ?? '', resolveDir: dirname(path) }
    })
  },
}

/** One letter beyond ASCII, which only patterns still hold, would double what the text of the whole file takes. */
function oneByte(path: string): void {
  const text = readFileSync(path, 'utf8')
  const plain = text.replaceAll(
    /[^\0-\x7f]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  if (plain !== text) writeFileSync(path, plain)
}

/**
 * Leaves of `node_modules` what the bundle asks for while it runs. The licence of each package that ships is kept in
 * `licences`, whether its code lies in the bundle or beside it.
 */
export function leaveWhole(library: string): void {
  const modules = join(library, 'node_modules')
  for (const path of globSync(TERMS, { cwd: modules })) {
    const to = join(library, 'licences', path)
    mkdirSync(dirname(to), { recursive: true })
    cpSync(join(modules, path), to, { recursive: true })
  }
  const file = join(library, 'package.json')
  const text = readFileSync(file, 'utf8')
  const { dependencies, ...rest } = JSON.parse(text)
  const kept = Object.fromEntries(Object.entries(dependencies).filter(([name]) => WHOLE.includes(name)))
  const { optionalDependencies: _, devDependencies: __, ...bare } = rest
  writeFileSync(file, JSON.stringify({ ...bare, dependencies: kept }, undefined, 2))
  execFileSync(
    'npm',
    ['prune', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--offline'],
    { cwd: library, stdio: 'inherit' },
  )
}
