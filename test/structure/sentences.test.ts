import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { expect, test } from 'vitest'
import { CY } from '../../src/core/catalogue/cy.ts'
import { SCREENS } from '../../src/core/catalogue/en-GB.ts'
import { textOf } from '../../src/core/catalogue/say.ts'
import { FILES, src } from './tree.ts'

/**
 * Every sentence that a person reads stands in `core/catalogue`, by key. A sentence is a text of two words or more; what is
 * left out below is read by a program or by whoever works on this one.
 */

/** Whose arguments are no sentences for people: defects, the reference of a setting or a field, SQL, lines of the log. */
const SAYS_NOTHING =
  /^(Error|TypeError|StoreFault|describe|meta|debug|info|warn|error|querySelector|command|prepare|exec|sql|put|cutHeaders|set|header|raw|schema|Symbol)$/

/** Files and folders whose texts are not for the catalogue, each with the reason. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'bleepd.js': 'looks for a Node that can read the catalogue',
  'config/first/': 'files that a site edits, with their explanations in them',
  'config/hazards.ts': 'prints a page of the safety file',
  'core/faults-page.ts': 'prints a page of the manual',
  'core/govern/retain.ts': 'its table for a page of the manual; the sentences in it are in the catalogue',
  'core/desk/plain-page.ts': 'its style sheet',
  'core/desk/shift-log.ts': 'its style sheet',
  'core/desk/policy-page.ts': 'its style sheet',
  'core/govern/third-party.ts': 'patterns of words that name somebody',
  'core/line/snpp/': 'said to a program, in the words of the protocol',
  'core/line/tap/codes.ts': 'said to a program, in the words of the protocol',
  'core/line/text/neighbours.ts': 'what device servers say of themselves',
  'core/measure/fault-rules.ts': 'prints rules for Prometheus, whose templates are its own',
  'core/measure/metrics.ts': 'the help of each figure, for Prometheus: a table by itself',
  'core/measure/telemetry.ts': 'the reference of the MQTT topics: a table by itself',
  'core/measure/watch/discovery.ts': 'templates for Home Assistant; the names in it are in the catalogue',
  'core/pocsag/finish.ts': 'a value of the vocabulary',
  'core/vocabulary.ts': 'a value of the vocabulary',
  'io/channels/sip-line.ts': 'the settings of baresip',
  'io/channels/vapid.ts': 'a header',
  'io/http/headers.ts': 'headers',
  'io/http/pages.ts': 'code for the screens',
  'io/http/speech.ts': 'code for the screens',
  'io/line/driver-counts.ts': 'a signature of the C library',
  'io/kernel-clock.ts': 'a signature of the C library',
  'io/report/charts.ts': 'a list of fonts',
  'io/report/style.ts': 'a style sheet',
  'io/store/': 'SQL, and what a person reads of it is in the catalogue',
  'io/systemd.ts': 'a signature of the C library',
  'web/app/enrol.js': 'names of classes',
  'web/console/pause.js': 'a selector',
  'web/console/keys.js': 'selectors',
  'web/console/strip.js': 'names of classes',
}

interface Node {
  readonly type: string
  readonly start: number
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const nameOf = (node: unknown): string => {
  if (!isNode(node)) return ''
  if ('name' in node && typeof node.name === 'string') return node.name
  return 'property' in node ? nameOf(node.property) : ''
}

/** Two words or more; the name of a command is none. */
const SENTENCE = /^(?!bleepd \w+( --as \w+)?$|systemctl ).*[A-Za-z]{2,},? +[a-z]/s

/** The sentences below a node, each with where it begins. */
function* sentences(node: unknown): Generator<readonly [at: number, text: string]> {
  if (Array.isArray(node)) {
    for (const one of node) yield* sentences(one)
    return
  }
  if (!isNode(node)) return
  if (
    /^(ImportDeclaration|Export\w*Declaration|TSLiteralType)$/.test(node.type) &&
    'source' in node &&
    node.source
  )
    return
  if (/^TS/.test(node.type) && node.type !== 'TSAsExpression' && node.type !== 'TSSatisfiesExpression') return
  if ('callee' in node && SAYS_NOTHING.test(nameOf(node.callee))) return
  if ('tag' in node) {
    if ('quasi' in node && isNode(node.quasi) && 'expressions' in node.quasi)
      yield* sentences(node.quasi.expressions)
    return
  }
  if (
    node.type === 'Literal' &&
    'value' in node &&
    typeof node.value === 'string' &&
    SENTENCE.test(plain(node.value))
  )
    yield [node.start, node.value]
  if (node.type === 'TemplateLiteral' && 'quasis' in node && Array.isArray(node.quasis)) {
    const text = node.quasis.map((q: { value: { cooked: string } }) => q.value.cooked).join('…')
    if (SENTENCE.test(plain(text))) yield [node.start, text]
  }
  for (const [key, value] of Object.entries(node)) if (key !== 'parent') yield* sentences(value)
}

/** Without markup. */
const plain = (text: string): string => text.replace(/<[^>]*>/g, '')

test('every sentence that a person reads stands in the catalogue', () => {
  const found = FILES.filter(
    ({ path }) => /\.(ts|js)$/.test(path) && !path.startsWith('core/catalogue/') && !elsewhere(path),
  ).flatMap(({ path, lines }) => {
    const code = lines.join('\n')
    return [...sentences(parseSync(path, code).program)].map(
      ([at, text]) =>
        `src/${path}:${code.slice(0, at).split('\n').length} ${text.replace(/\s+/g, ' ').slice(0, 100)}`,
    )
  })
  expect(found).toEqual([])
})

/** What a piece of a template comes to: each text that may stand there by itself. */
function* texts(node: unknown): Generator<readonly [at: number, text: string]> {
  if (!isNode(node)) return
  if (node.type === 'ConditionalExpression' && 'consequent' in node && 'alternate' in node) {
    yield* texts(node.consequent)
    yield* texts(node.alternate)
  }
  if (node.type === 'LogicalExpression' && 'right' in node) yield* texts(node.right)
  if (node.type === 'Literal' && 'value' in node && typeof node.value === 'string')
    yield [node.start, node.value]
}

/** The same of all that a screen shows: between two tags, and what is put into a gap of a sentence. */
function* shown(node: unknown): Generator<readonly [at: number, text: string]> {
  if (Array.isArray(node)) for (const one of node) yield* shown(one)
  if (!isNode(node)) return
  if (node.type === 'TaggedTemplateExpression' && 'quasi' in node && isNode(node.quasi)) {
    const { quasis = [], expressions = [] } = node.quasi as Template
    for (const [i, one] of expressions.entries()) {
      const before = quasis
        .slice(0, i + 1)
        .map((q) => q.value.cooked)
        .join('')
      if (before.lastIndexOf('<') <= before.lastIndexOf('>')) yield* texts(one)
    }
  }
  if ('callee' in node && /^(say|put)$/.test(nameOf(node.callee)) && 'arguments' in node) {
    const [key, values] = node.arguments as Argument[]
    if (/\./.test(String(key?.value))) for (const { value } of values?.properties ?? []) yield* texts(value)
  }
  for (const [key, value] of Object.entries(node)) if (key !== 'parent') yield* shown(value)
}
type Template = { quasis?: { value: { cooked: string } }[]; expressions?: unknown[] }
type Argument = { value?: unknown; properties?: { value: unknown }[] }

test('nor does a screen show a single word past it', () => {
  const found = FILES.filter(({ path }) => /^web\/.*\.js$/.test(path)).flatMap(({ path, lines }) => {
    const code = lines.join('\n')
    return [...shown(parseSync(path, code).program)]
      .filter(([, text]) => /[A-Za-z]{2}/.test(text))
      .map(([at, text]) => `src/${path}:${code.slice(0, at).split('\n').length} ${text}`)
  })
  expect(found).toEqual([])
})

test('nor does the frame of a screen, and each key in it is in both languages', () => {
  const found = globSync('web/**/*.html', { cwd: src }).flatMap((path) => {
    const said = readFileSync(join(src, path), 'utf8')
      .replace(/<!doctype html>/, '')
      .split(/<[^>]*>/)
      .map((one) => one.trim())
      .filter((one) => one !== '')
    const lost = said.filter((one) => {
      const key = /^\{(\w+\.\w+)\}$/.exec(one)?.[1]
      return key === undefined || [SCREENS, CY].some((all) => textOf(all, key) === undefined)
    })
    return lost.map((one) => `src/${path} ${one}`)
  })
  expect(found).toEqual([])
})

/** A name in a row of its own, or a word beside a gap. */
const LABEL = /^[A-Z][a-z]+$|^[A-Z]\w+: |… (?!ms|Hz|bps)[a-z]{3,}|\b(?!bleepd)[a-z]{3,}: …/

/** Literals and templates below a node, but for what is said to a program or a defect. */
function* labels(node: unknown): Generator<readonly [at: number, text: string]> {
  if (Array.isArray(node)) for (const one of node) yield* labels(one)
  if (!isNode(node) || /^(Import|TS(?!As|Sat))/.test(node.type)) return
  if ('callee' in node && SAYS_NOTHING.test(nameOf(node.callee))) return
  if ('callee' in node && /^(say|execve|option|addOption|Option)$/.test(nameOf(node.callee))) return
  if (node.type === 'Literal' && 'value' in node && typeof node.value === 'string')
    yield [node.start, node.value]
  if (node.type === 'TemplateLiteral' && 'quasis' in node)
    yield [node.start, (node as Template).quasis?.map((q) => q.value.cooked).join('…') ?? '']
  for (const [key, value] of Object.entries(node)) if (key !== 'parent') yield* labels(value)
}

test('nor does the command line print a label past it', () => {
  const found = FILES.filter(({ path }) => /^(cli\/|main\.ts)/.test(path)).flatMap(({ path, lines }) => {
    const code = lines.join('\n')
    return [...labels(parseSync(path, code).program)]
      .filter(([, text]) => LABEL.test(text))
      .map(([at, text]) => `src/${path}:${code.slice(0, at).split('\n').length} ${text}`)
  })
  expect(found).toEqual([])
})

test('each exception names something that is there', () => {
  const gone = Object.keys(ELSEWHERE).filter((at) => !FILES.some(({ path }) => path.startsWith(at)))
  expect(gone).toEqual([])
})

function elsewhere(path: string): boolean {
  return Object.keys(ELSEWHERE).some((at) => path === at || (at.endsWith('/') && path.startsWith(at)))
}
