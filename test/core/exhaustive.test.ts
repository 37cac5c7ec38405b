import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { removeFolder } from '../support/folders.ts'

/**
 * The promise of the machines: who adds an event, an effect, an input, a due name, a state or a class is led by the
 * compiler to every place that tells them apart. Here each gets one more, in a copy of the sources.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'bleepd-exhaustive-'))
afterAll(() => removeFolder(copy))

interface More {
  readonly word: string
  readonly file: string
  readonly was: string
  readonly is: string
  /** Files that must then not compile. */
  readonly places: readonly string[]
}

const MORE: readonly More[] = [
  {
    ...{ word: 'new-class', file: 'core/vocabulary.ts' },
    ...{ was: "CLASSES = ['emergency',", is: "CLASSES = ['new-class', 'emergency'," },
    places: ['core/deliver/urgency.ts'],
  },
  {
    ...{ word: 'new-state', file: 'core/vocabulary.ts' },
    ...{ was: "...ANSWERS, 'stood-down']", is: "...ANSWERS, 'stood-down', 'new-state']" },
    places: ['core/vocabulary.ts'],
  },
  {
    ...{ word: 'new-due', file: 'core/vocabulary.ts' },
    ...{ was: "'lapse', 'close'] as const", is: "'lapse', 'close', 'new-due'] as const" },
    places: ['core/alert/dues.ts', 'core/desk/card.ts'],
  },
  {
    ...{ word: 'new-event', file: 'core/alert/alert.ts' },
    ...{ was: 'export type AlertEvent =', is: "export type AlertEvent =\n  | Happened<'new-event'>" },
    places: ['core/alert/lifecycle.ts', 'core/desk/timeline.ts'],
  },
  {
    ...{ word: 'new-effect', file: 'core/alert/alert.ts' },
    ...{
      was: 'export type AlertEffect =',
      is: "export type AlertEffect =\n  | { readonly kind: 'new-effect' }",
    },
    places: ['run/alert/alerts.ts'],
  },
  {
    ...{ word: 'new-line-effect', file: 'core/line/kit/protocol.ts' },
    was: 'export type LineEffect =',
    is: "export type LineEffect =\n  | { readonly kind: 'new-line-effect' }",
    places: ['run/line/feed.ts'],
  },
  {
    ...{ word: 'new-line-input', file: 'core/line/kit/protocol.ts' },
    was: 'export type LineInput =',
    is: "export type LineInput =\n  | { readonly kind: 'new-line-input'; readonly at: Instant }",
    places: [
      ...['espa444/slave', 'espa444/control', 'tap/terminal', 'tap/client', 'snpp/snpp', 'text/text'],
      'pocsag/transmit',
    ].map((step) => `core/line/${step}.ts`),
  },
  {
    ...{ word: 'new-input', file: 'core/deliver/attempt.ts' },
    was: 'export type AttemptInput =',
    is: "export type AttemptInput =\n  | { readonly kind: 'new-input'; readonly at: Instant }",
    places: ['core/deliver/attempt.ts'],
  },
  {
    ...{ word: 'new-stage', file: 'core/deliver/attempt.ts' },
    ...{ was: 'export type AttemptState =', is: "export type AttemptState =\n  | 'new-stage'" },
    places: ['core/deliver/attempt.ts'],
  },
]

test('one more of anything does not compile until each place handles it', async () => {
  cpSync(join(ROOT, 'src'), join(copy, 'src'), { recursive: true })
  for (const file of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, file), join(copy, file))
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  for (const { file, was, is } of MORE) {
    const path = join(copy, 'src', file)
    const text = readFileSync(path, 'utf8')
    expect(text).toContain(was)
    writeFileSync(path, text.replace(was, is))
  }
  const faults = await compile()
  for (const { word, places } of MORE)
    for (const place of places)
      expect(
        faults.filter((fault) => fault.startsWith(`src/${place}`) && fault.includes(word)),
        `${word} in ${place}`,
      ).not.toEqual([])
})

/** What the compiler says, one text a fault. */
async function compile(): Promise<readonly string[]> {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const said = await new Promise<string>((done) => {
    execFile(process.execPath, [tsc, '-p', copy, '--pretty', 'false'], { cwd: copy }, (_, out) => done(out))
  })
  return said.split(/\n(?=src\/)/)
}
