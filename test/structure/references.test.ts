import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PLACES = ['.', 'src', 'test', 'test/support', 'hardware', 'config']
const TEXTS = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('{src,test,config,hardware}/**/*.{md,ts,js,css,yaml,html}', { cwd: root }),
]

/** `core/reasons.ts`, `test/mutation/README.md`, `hardware/systemd/`: a path that a reader would open. */
const PATH =
  /(?<![\w/.:@-])((?:src|test|config|hardware|core|ports|run|io|cli|web|app|support)\/[\w./-]*(?:\/|\.(?:ts|js|md|yaml|json|css|html)))(?![\w-])/g

test('every path that a page or a comment names is there', () => {
  const lost = TEXTS.flatMap((file) => {
    const commentsOnly = /\.(ts|js)$/.test(file)
    return readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, i) => {
        const text = commentsOnly ? (/(?:^\s*(?:\/\*)?\*|\/\*|\/\/)(.*)$/.exec(line)?.[1] ?? '') : line
        return [...text.matchAll(PATH)]
          .map(([, path = '']) => path)
          .filter((path) => ![dirname(file), ...PLACES].some((place) => existsSync(join(root, place, path))))
          .map((path) => `${file}:${i + 1} ${path}`)
      })
  })
  expect(lost).toEqual([])
})

test('the page of the phone names every style that is written for it', () => {
  const page = readFileSync(join(root, 'src/web/app/index.html'), 'utf8')
  const linked = [...page.matchAll(/href="(\/[\w./-]+\.css)"/g)].map(([, path]) => path)
  const styles = globSync('src/web/app/*.css', { cwd: root }).map(
    (path) => `/${path.slice('src/web/'.length)}`,
  )
  expect(styles.filter((path) => !linked.includes(path))).toEqual([])
})

test('no page has a program fetched from a registry by a slip: whatever npx runs is here, or it says so', () => {
  const fetched = TEXTS.filter((file) => file !== 'test/structure/references.test.ts').flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, i) => (/\bnpx (?!--no )/.test(line) ? [`${file}:${i + 1} ${line.trim()}`] : [])),
  )
  expect(fetched).toEqual([])
})
