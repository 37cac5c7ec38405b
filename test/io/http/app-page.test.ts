import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { appPage } from '../../../src/io/http/app-page.ts'

// How the app becomes one page: from files that are not ours, so that each part of it can be told.

const INDEX = `<!doctype html>
<head>
    <link rel="stylesheet" href="/app/one.css" />
    <link rel="stylesheet" href="/app/two.css" />
</head>
<body>
    <script type="module" src="/app/begin.js"></script>
</body>
`
const FILES: Readonly<Record<string, string>> = {
  '/app/one.css': 'a { color: red }',
  '/app/two.css': 'b { color: blue }',
  '/app/begin.js': `import { CATALOGUE } from '../shared/catalogue.js'
import { other } from './other.js'
say('start.hello')
other('</script><!-- $& </SCRIPT', CATALOGUE)
`,
  '/app/other.js': `export function other(text) { put( 'ready.now' ); return text }
`,
  '/app/main.js': `export const none = 'by the usual name'
`,
  '/app/worker.js': `import { CATALOGUE } from '../shared/catalogue.js'
say('ward.asked')
export const worker = CATALOGUE
`,
}
const made = (index = INDEX) => {
  const asked: string[][] = []
  const page = appPage(
    index,
    (path) => {
      const file = FILES[path]
      if (file === undefined) throw new Error(`no file ${path}`)
      return file
    },
    (told) => {
      const subjects = ['start', 'ready', 'ward', 'hello'].filter(told)
      asked.push(subjects)
      return `export const CATALOGUE = '${subjects.join()}'\n`
    },
  )
  return { ...page, asked }
}
const digest = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`

test('all that the page needs is inside it, in the order in which it named it', () => {
  const { page } = made()
  expect(page).not.toMatch(/<link|src=/)
  const style = 'a { color: red }\nb { color: blue }'
  expect(page).toContain(`<head>\n</head>\n<body>\n    <style>${style}</style>\n    <script type="module">\n`)
  expect(page).toContain("say('start.hello')")
  expect(page).toContain('function other(text)')
  expect(page).toMatch(/\n<\/script>\n<\/body>\n$/)
})

test('no text of a script ends it, or is taken for a sign of ours', () => {
  const { page } = made()
  expect(page).toContain('\\x3c/script>\\x3c!-- $& \\x3c/SCRIPT')
  expect(page.match(/<\/script/gi)).toHaveLength(1)
})

test('what may run in it is what is in it', () => {
  const { page, policy } = made()
  const script = /<script type="module">([\s\S]*)<\/script>/.exec(page)?.[1] ?? ''
  expect(policy).toContain(`script-src 'self' '${digest(script)}'`)
  expect(policy).toContain(`style-src 'self' '${digest('a { color: red }\nb { color: blue }')}'`)
})

test('page and worker bring the sentences of which each speaks, and no others', () => {
  const { page, worker, asked } = made()
  expect(asked).toEqual([['start', 'ready'], ['ward']])
  expect(page).toContain("const CATALOGUE = 'start,ready'")
  expect(worker).toContain("const CATALOGUE = 'ward'")
})

test('a page that names no script and no style begins with the usual one', () => {
  const { page, asked, policy } = made('<p>bare</p>')
  expect([page, asked[0]]).toEqual(['<p>bare</p>', []])
  expect(policy).toContain(digest(''))
})
