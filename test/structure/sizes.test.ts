import { expect, test } from 'vitest'
import { FILES, type SourceFile } from './tree.ts'

const sizeOf = ({ lines }: SourceFile): number => lines.length

test('most files are small: one idea each', () => {
  const sizes = FILES.map(sizeOf).toSorted((a, b) => a - b)
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(80)
  const large = FILES.filter((file) => sizeOf(file) > 200)
  const listed = large.map((file) => `src/${file.path} ${sizeOf(file)}`).join('\n')
  expect(1 - large.length / FILES.length, `longer than 200 lines:\n${listed}`).toBeGreaterThanOrEqual(0.9)
})

test('a file of more than 300 lines says why in its first lines', () => {
  const long = FILES.filter(
    (file) => sizeOf(file) > 300 && !/^(\/\/|\/\*\*?) Long because/m.test(file.lines.slice(0, 12).join('\n')),
  )
  expect(long.map(({ path }) => `src/${path}`)).toEqual([])
})
