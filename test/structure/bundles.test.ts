import { expect, test } from 'vitest'
import { FILES } from './tree.ts'

const BUNDLE = 'ports/tools.ts'
const BUNDLED = /\breadonly (clock|log|metrics): (Clock|Log|Metrics)\b/

test('who needs clock, log or metrics together takes a bundle of ports/tools.ts', () => {
  const lists = FILES.filter(({ path }) => path.endsWith('.ts') && path !== BUNDLE).flatMap(
    ({ path, lines }) =>
      lines.flatMap((line, i) =>
        BUNDLED.test(line) && BUNDLED.test(lines[i + 1] ?? '') ? [`src/${path}:${i + 1}`] : [],
      ),
  )
  expect(lists).toEqual([])
})
